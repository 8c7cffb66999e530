"""The record over HTTP, for auditors."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.accounts.service import login_of, person_named
from app.audit import service
from app.audit.schemas import AuditEntryOut, AuditOut
from app.audit.states import Chain, chain_of
from app.audit.tables import AuditEntry
from app.case_files import store as files
from app.errors import NotFoundError
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from app.performing import Done, LookDep
from app.referrals import store as referrals
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["audit"])

NUMBER = "Of a referral, or of a case file where `chain` is `case_file`"
CHAIN = rf"^({'|'.join(Chain)})(:[\w-]{{1,64}})?$"
NUMBERED = {Chain.REFERRAL: referrals.numbers_of, Chain.CASE_FILE: files.numbers_of}


@router.get("/audit", response_model=AuditOut)
def list_audit(
    look: LookDep,
    referral: Annotated[UUID | None, Query()] = None,
    chain: Annotated[str | None, Query(pattern=CHAIN)] = None,
    number: Annotated[str | None, Query(max_length=40, description=NUMBER)] = None,
    newest: Annotated[bool, Query(description="The last one first")] = False,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,18}$")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List who did and saw what in the province, page by page; of one record if it is named.

    ``chain`` is what entries name so: ``patient:`` and a key, or ``installation``. Each entry names
    its referral or case file as people do. That somebody looked is written down as well.
    """
    if referral is not None:
        chain = chain_of(Chain.REFERRAL, referral)

    def act(work: Work) -> Done:
        about = chain if number is None else _numbered(work, chain or Chain.REFERRAL, number)
        after = None if cursor is None else int(cursor)
        found = service.entries_after(
            work, chain=about, after=after, limit=limit + 1, newest=newest
        )
        items = _shown(work, found[:limit])
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


def _shown(work: Work, entries: Sequence[AuditEntry]) -> list[AuditEntryOut]:
    """Return entries with what is no part of the record: who acted, and what the case is called."""
    numbers = _numbers(work, {one.chain for one in entries})
    return [
        AuditEntryOut.model_validate(one).model_copy(
            update={"case_number": numbers.get(one.chain), **_who(work, one.by_user)}
        )
        for one in entries
    ]


def _who(work: Work, user_id: UUID | None) -> Mapping[str, str | None]:
    """Return login and name of who acted, as of now."""
    if user_id is None:
        return {}
    login, name = login_of(work.session, user_id), person_named(work.session, user_id)
    return {"by_login": login, "by_name": name}


def _numbers(work: Work, chains: Collection[str]) -> Mapping[str, str]:
    """Return what people call the referrals and case files among some chains; of the own province.

    A number leads from an entry to its case and says nothing of whose it is.
    """
    found: dict[str, str] = {}
    for kind, numbers_of in NUMBERED.items():
        keys = [UUID(one.removeprefix(f"{kind}:")) for one in chains if one.startswith(f"{kind}:")]
        called = numbers_of(work.session, keys, work.actor.province) if keys else {}
        found |= {chain_of(kind, key): number for key, number in called.items()}
    return found


def _numbered(work: Work, chain: str, number: str) -> str:
    """Return the chain of a referral or of a case file by what people call it.

    A file may be called like a referral: which of the two is meant is said and not guessed.
    """
    wanted, province = number.strip().upper(), work.actor.province
    if chain.partition(":")[0] == Chain.CASE_FILE:
        file = files.by_number(work.session, province, wanted)
        if file is None:
            raise NotFoundError("case file", "")
        return chain_of(Chain.CASE_FILE, file.id)
    found = referrals.by_number(work.session, wanted)
    if found is None or found.province != province:
        raise NotFoundError("referral", number)
    return chain_of(Chain.REFERRAL, found.id)
