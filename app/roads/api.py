"""Closed and slowed roads over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import answer, takes
from app.body import sent
from app.deps import EngineDep
from app.keys.words import told
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep
from app.roads import schemas, service
from app.roads.states import RoadReason, RoadState
from app.roads.tables import RoadClosure
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["roads"])

CREATED = 201


@router.get("/roads", response_model=schemas.RoadsOut)
def list_roads(engine: EngineDep) -> Response:
    """List the roads between neighbours that can be closed or slowed."""
    pairs = sorted(tuple(sorted(pair)) for pair in engine.known_roads)
    return answer({"items": [{"one": one, "other": other} for one, other in pairs]})


@router.get("/road-closures", response_model=schemas.RoadClosuresOut)
def list_road_closures(
    see: LookDep,
    over: Annotated[bool, Query()] = False,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List the roads that are closed or slowed now or later, or, ``over``, those that were."""

    def act(work: Work) -> Done:
        before = None if cursor is None else decode(cursor, uuid.UUID)
        found = service.closures(work, over=over, before=before, most=limit + 1)
        shown, following = cut(found, lambda one: str(one.id), limit)
        items = [_out(work, one) for one in shown]
        return Done(schemas.RoadClosuresOut(items=items, next=following))

    return see(act)


@router.post(
    "/road-closures",
    status_code=CREATED,
    response_model=schemas.RoadClosureOut,
    openapi_extra=takes(schemas.RoadClosureIn),
)
def close_road(
    said: Annotated[schemas.RoadClosureIn, Depends(sent(schemas.RoadClosureIn))],
    engine: EngineDep,
    perform: PerformDep,
) -> Response:
    """Say that the road between two neighbours is closed or slowed; every ranking then says so."""

    def act(work: Work) -> Done:
        wish = service.Wish(
            one=said.one,
            other=said.other,
            state=RoadState(said.state),
            longer_min=said.longer_min,
            reason=RoadReason(said.reason),
            source=said.source.strip(),
            from_at=said.from_at or work.now,
            until_at=said.until_at,
        )
        return Done(_out(work, service.close(work, wish, engine.known_roads)), CREATED)

    return perform(act)


@router.post("/road-closures/{closure_id}/end", response_model=schemas.RoadClosureOut)
def end_road_closure(closure_id: uuid.UUID, perform: PerformDep) -> Response:
    """Say that a road is as usual again."""
    return perform(lambda work: Done(_out(work, service.end(work, closure_id))))


def _out(work: Work, row: RoadClosure) -> schemas.RoadClosureOut:
    return schemas.RoadClosureOut(
        id=row.id,
        one=row.one,
        other=row.other,
        state=RoadState(row.state),
        longer_min=row.longer_min,
        reason=RoadReason(row.reason),
        source=told(work.session, row, "source") or "",
        from_at=row.from_at,
        until_at=row.until_at,
        declared_at=row.declared_at,
        by_name=told(work.session, row, "by_name") or "",
        by_org=row.by_org,
        ended_at=row.ended_at,
    )
