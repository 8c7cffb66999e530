"""Clinical sign-off over HTTP: the whole wording, and one row signed or unsigned at a time.

Whoever signs does so under the name of her account and says what she is. Rows are never signed
together: each is to be read.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Query, Request, Response

from app.answers import answer, takes
from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.body import sent
from app.deps import EngineDep
from app.errors import NotFoundError, NotReadyError
from app.performing import Done, PerformDep
from app.signed_rules import SignedRules
from app.signing import schemas, service
from app.signing.errors import WordingMovedError
from app.work import Work
from routing.triage.rows import RowInfo, RuleSet

__all__ = ["router"]

router = APIRouter(tags=["reference"])

Act: TypeAlias = Callable[[Work, RuleSet, RowInfo], None]


def signed_of(request: Request) -> SignedRules:
    """Return the rules as they are signed now."""
    signed: SignedRules | None = request.app.state.signed
    if signed is None:
        raise NotReadyError
    return signed


SignedDep = Annotated[SignedRules, Depends(signed_of)]


@router.get("/rules/wording", response_model=schemas.RuleWordingsOut)
def show_rule_wording(
    engine: EngineDep, table: Annotated[str, Query(pattern=r"^[a-z_]{1,40}$")]
) -> Response:
    """Show every cell of the rows of one table: what whoever signs them vouches for."""
    return answer({"items": [_wording(row) for row in engine.rules.rows if row.table == table]})


@router.post(
    "/rules/{rule_id}/signature",
    response_model=schemas.RuleSignedOut,
    openapi_extra=takes(schemas.RuleSignIn),
)
def sign_rule(
    rule_id: str,
    said: Annotated[schemas.RuleSignIn, Depends(sent(schemas.RuleSignIn))],
    signed: SignedDep,
    perform: PerformDep,
) -> Response:
    """Sign one row in the wording that was read, under the name of the account."""

    def act(work: Work, rules: RuleSet, row: RowInfo) -> None:
        service.sign(
            work.session,
            rules,
            [row.id],
            signed_by=work.actor.name,
            role=said.title,
            province=work.actor.province,
            at=work.now,
            by_user=work.actor.user_id,
        )

    return _done(rule_id, said.content_hash, signed, perform, act, "rule_signed")


@router.post(
    "/rules/{rule_id}/withdrawal",
    response_model=schemas.RuleSignedOut,
    openapi_extra=takes(schemas.RuleUnsignIn),
)
def unsign_rule(
    rule_id: str,
    said: Annotated[schemas.RuleUnsignIn, Depends(sent(schemas.RuleUnsignIn))],
    signed: SignedDep,
    perform: PerformDep,
) -> Response:
    """Take back one's own signature; that it was given stays on record."""

    def act(work: Work, rules: RuleSet, row: RowInfo) -> None:
        service.withdraw(
            work.session,
            rules,
            [row.id],
            signed_by=work.actor.name,
            province=work.actor.province,
            at=work.now,
            by_user=work.actor.user_id,
        )

    return _done(rule_id, said.content_hash, signed, perform, act, "rule_unsigned")


def _done(
    rule_id: str,
    content_hash: str,
    signed: SignedRules,
    perform: PerformDep,
    act: Act,
    name: str,
) -> Response:
    def whole(work: Work) -> Done:
        rules = signed.rules(work.session)
        row = _row(rules, rule_id)
        if row.content_hash != content_hash:
            raise WordingMovedError(rule_id)
        act(work, rules, row)
        chain = chain_of(Chain.INSTALLATION)
        record(work, chain=chain, act=name, object_kind="rule", object_id=rule_id)
        after = signed.with_those_of(work.session)
        return Done(_signed(_row(after, rule_id), after.unsigned))

    done = perform(whole)
    signed.look_again()
    return done


def _row(rules: RuleSet, rule_id: str) -> RowInfo:
    for row in rules.rows:
        if row.id == rule_id:
            return row
    raise NotFoundError("rule", rule_id)


def _wording(row: RowInfo) -> Mapping[str, object]:
    return {
        "id": row.id,
        "content_hash": row.content_hash,
        "signed_role": row.signed_role,
        "cells": [{"column": column, "text": text} for column, text in row.cells.items()],
    }


def _signed(row: RowInfo, unsigned: int) -> schemas.RuleSignedOut:
    return schemas.RuleSignedOut(
        id=row.id,
        content_hash=row.content_hash,
        signed_by=row.signed_by,
        signed_role=row.signed_role,
        signed_at=row.signed_at,
        unsigned_rules=unsigned,
    )
