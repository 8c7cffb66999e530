"""The record over HTTP, for auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.accounts.service import login_of
from app.audit import service
from app.audit.schemas import AuditEntryOut, AuditOut
from app.audit.states import Chain, chain_of
from app.audit.tables import AuditEntry
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from app.performing import Done, LookDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["audit"])

CHAIN = rf"^({'|'.join(Chain)})(:[\w-]{{1,64}})?$"


@router.get("/audit", response_model=AuditOut)
def list_audit(
    look: LookDep,
    referral: Annotated[UUID | None, Query()] = None,
    chain: Annotated[str | None, Query(pattern=CHAIN)] = None,
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
        after = None if cursor is None else int(cursor)
        found = service.entries_after(
            work, chain=chain, after=after, limit=limit + 1, newest=newest
        )
        items = [_shown(work, one) for one in found[:limit]]
        service.record(
            work,
            chain=chain_of(Chain.INSTALLATION),
            act="audit_shown",
            object_kind="audit",
            object_id=chain or "all",
            scope="area",
            read=True,
        )
        return Done(AuditOut(items=items, next=str(items[-1].number) if found[limit:] else None))

    return look(act, noted=True)


def _shown(work: Work, entry: AuditEntry) -> AuditEntryOut:
    """Return an entry with the login name of who acted, which is no part of the record."""
    login = None if entry.by_user is None else login_of(work.session, entry.by_user)
    return AuditEntryOut.model_validate(entry).model_copy(update={"by_login": login})
