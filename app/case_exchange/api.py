"""What waits for a person after an import, over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import takes
from app.body import sent
from app.case_exchange import schemas, waiting
from app.case_exchange.states import Decision
from app.case_exchange.tables import ExchangeItem
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["case-files"])


@router.get("/worklists/exchange", response_model=schemas.ExchangeItemsOut)
def list_exchange_items(
    see: LookDep,
    decided: Annotated[bool, Query()] = False,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List what waits in the area after imports from the platform, or what was decided there."""

    def act(work: Work) -> Done:
        after = None if cursor is None else decode(cursor, uuid.UUID)
        found = waiting.items_waiting(work, after=after, most=limit + 1, decided=decided)
        shown, following = cut(found, lambda row: str(row.id), limit)
        items = [_out(row) for row in shown]
        return Done(schemas.ExchangeItemsOut(items=items, next=following))

    return see(act)


@router.post(
    "/worklists/exchange/{item_id}/decision",
    response_model=schemas.ExchangeItemOut,
    openapi_extra=takes(schemas.ExchangeDecisionIn),
)
def decide_exchange_item(
    item_id: uuid.UUID,
    said: Annotated[schemas.ExchangeDecisionIn, Depends(sent(schemas.ExchangeDecisionIn))],
    perform: PerformDep,
) -> Response:
    """Say what came of looking at it; a file is changed by its own acts and not by this."""

    def act(work: Work) -> Done:
        return Done(_out(waiting.decide(work, item_id, Decision(said.decision))))

    return perform(act)


def _out(row: ExchangeItem) -> schemas.ExchangeItemOut:
    return schemas.ExchangeItemOut(
        id=row.id,
        format=row.format,
        record_id=row.record_id,
        kind=row.kind,
        what=row.what.split(),
        county=row.county,
        case_file_id=row.file_id,
        opened_at=row.opened_at,
        decision=row.decision,
        decided_at=row.decided_at,
    )
