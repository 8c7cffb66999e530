"""The record over HTTP, for auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.accounts.service import login_of, person_named
from app.audit import service
from app.audit.schemas import AuditEntryOut, AuditOut
from app.audit.states import Chain, chain_of
from app.audit.tables import AuditEntry
from app.errors import NotFoundError
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from app.performing import Done, LookDep
from app.referrals.store import by_number
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["audit"])

CHAIN = rf"^({'|'.join(Chain)})(:[\w-]{{1,64}})?$"


@router.get("/audit", response_model=AuditOut)
def list_audit(
    look: LookDep,
    referral: Annotated[UUID | None, Query()] = None,
    chain: Annotated[str | None, Query(pattern=CHAIN)] = None,
    number: Annotated[str | None, Query(max_length=40, description="Of a referral")] = None,
    newest: Annotated[bool, Query(description="The last one first")] = False,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,18}$")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List who did and saw what in the province, page by page; of one record if it is named.

    ``chain`` is what entries name so: ``patient:`` and a key, or ``installation``. That somebody
    looked is written down as well.
    """
    if referral is not None:
        chain = chain_of(Chain.REFERRAL, referral)

    def act(work: Work) -> Done:
        about = chain if number is None else _numbered(work, number)
        after = None if cursor is None else int(cursor)
        found = service.entries_after(
            work, chain=about, after=after, limit=limit + 1, newest=newest
        )
        items = [_shown(work, one) for one in found[:limit]]
        service.record(
            work,
            chain=chain_of(Chain.INSTALLATION),
            act="audit_shown",
            object_kind="audit",
            object_id=about or "all",
            scope="area",
            read=True,
        )
        return Done(AuditOut(items=items, next=str(items[-1].number) if found[limit:] else None))

    return look(act, noted=True)


def _shown(work: Work, entry: AuditEntry) -> AuditEntryOut:
    """Return an entry with login and name of who acted, which are no part of the record."""
    shown = AuditEntryOut.model_validate(entry)
    if entry.by_user is None:
        return shown
    login, name = login_of(work.session, entry.by_user), person_named(work.session, entry.by_user)
    return shown.model_copy(update={"by_login": login, "by_name": name})


def _numbered(work: Work, number: str) -> str:
    """Return the chain of a referral by what people call it."""
    found = by_number(work.session, number.strip().upper())
    if found is None or found.province != work.actor.province:
        raise NotFoundError("referral", number)
    return chain_of(Chain.REFERRAL, found.id)
