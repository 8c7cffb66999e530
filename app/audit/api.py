"""The record over HTTP, for auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.audit import service
from app.audit.schemas import AuditEntryOut, AuditOut
from app.audit.states import Chain, chain_of
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from app.performing import Done, LookDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["audit"])


@router.get("/audit", response_model=AuditOut)
def list_audit(
    look: LookDep,
    referral: Annotated[UUID | None, Query()] = None,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,18}$")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List who did and saw what in the province, page by page; of one referral if it is named.

    That somebody looked is written down as well.
    """
    chain = chain_of(Chain.REFERRAL, referral) if referral else None

    def act(work: Work) -> Done:
        found = service.entries_after(work, chain=chain, after=int(cursor or 0), limit=limit + 1)
        items = [AuditEntryOut.model_validate(one) for one in found[:limit]]
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
