"""Booking runs over HTTP, and what they are made from: lodging and closed wards."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.accounts.states import AREA_OF, within
from app.answers import takes
from app.body import sent
from app.bookings import beside, loads, lodging, runs, schemas, store, wards
from app.bookings.asked import UnderWay, ask_for, under_way
from app.bookings.run_request import Wish
from app.bookings.showing import run_out
from app.deps import ActorDep, EngineNowDep, MostBookedDep, RunDep
from app.errors import NotFoundError
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep
from app.referrals.plans.maker import digits_of
from app.referrals.plans.planning import area_within
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["bookings"])

CREATED, UNDER_WAY = 201, 202
OfFacility = Annotated[str, Query(max_length=64)]


@router.post(
    "/bookings/runs",
    status_code=CREATED,
    response_model=schemas.BookingRunOut,
    responses={UNDER_WAY: {"model": schemas.BookingRunUnderWayOut}},
    openapi_extra=takes(schemas.BookingRunIn),
)
def make_booking_run(
    asked: Annotated[schemas.BookingRunIn, Depends(sent(schemas.BookingRunIn))],
    actor: ActorDep,
    make: RunDep,
    most: MostBookedDep,
    perform: PerformDep,
) -> Response:
    """Book every pregnancy of your area that has a case file; nobody is asked by it yet.

    Of more women than one request books the worker makes the run (202): look for it by its ``id``.
    """
    if (known := perform.known()) is not None:
        return known
    division = area_within(actor, asked.division)
    wish = Wish(
        province=actor.province,
        division=division,
        area=digits_of(division),
        weeks=asked.weeks,
        rethink=asked.rethink,
    )
    if make.is_large(wish, most):
        return perform(lambda work: _under_way(ask_for(work, wish)))
    made = make(wish)

    def act(work: Work) -> Done:
        run = runs.keep(work.session, made, at=work.now, by=work.actor.user_id)
        return Done(run_out(work, run, digits_of(division)), CREATED)

    return perform(act)


@router.get(
    "/bookings/runs/{run_id:uuid}",
    response_model=schemas.BookingRunOut,
    responses={UNDER_WAY: {"model": schemas.BookingRunUnderWayOut}},
)
def show_booking_run(run_id: uuid.UUID, see: LookDep) -> Response:
    """Show a run: who is proposed where, who is not and what would help; 202 while it is made."""

    def act(work: Work) -> Done:
        area = within(AREA_OF[work.actor.role], work.actor.division)
        run = store.run_within(work.session, run_id, work.actor.province, area)
        if run is not None:
            return Done(run_out(work, run, area))
        being_made = under_way(work.session, run_id, work.actor.province, area)
        if being_made is None:
            raise NotFoundError("booking run", str(run_id))
        return _under_way(being_made)

    return see(act)


@router.get("/bookings/runs/{run_id:uuid}/beside", response_model=schemas.BookingBesidesOut)
def list_beside_booking_run(
    run_id: uuid.UUID,
    see: LookDep,
    reason: beside.Why,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List who is pregnant by her file and in no row of a run, for one reason, as it is now."""

    def act(work: Work) -> Done:
        area = within(AREA_OF[work.actor.role], work.actor.division)
        run = store.run_within(work.session, run_id, work.actor.province, area)
        if run is None:
            raise NotFoundError("booking run", str(run_id))
        found = beside.page(
            work.session,
            run.province,
            max(area, digits_of(run.division), key=len),
            reason,
            now=work.now,
            after=None if cursor is None else decode(cursor, uuid.UUID),
            most=limit + 1,
        )
        shown, following = cut(found, lambda one: str(one.id), limit)
        items = [schemas.BookingBesideOneOut.model_validate(one) for one in shown]
        return Done(schemas.BookingBesidesOut(items=items, next=following))

    return see(act)


@router.get("/bookings/load", response_model=schemas.BookingLoadsOut)
def show_booking_load(
    see: LookDep,
    engine: EngineNowDep,
    facility_id: Annotated[str | None, Query(max_length=64)] = None,
    weeks: Annotated[int, Query(ge=1, le=schemas.WEEKS_MOST)] = schemas.WEEKS,
) -> Response:
    """Show which load is expected at each centre in each week, beside its limit."""
    now = engine()

    def act(work: Work) -> Done:
        found = loads.expected_loads(
            work.session,
            now,
            work.actor.province,
            facility_id=facility_id,
            weeks=weeks,
            at=work.now,
        )
        items = [schemas.BookingLoadOut.model_validate(one) for one in found]
        return Done(schemas.BookingLoadsOut(items=items))

    return see(act)


@router.post(
    "/case-files/{file_id}/lodging-answers",
    status_code=CREATED,
    response_model=schemas.LodgingAnswerOut,
    openapi_extra=takes(schemas.LodgingAnswerIn),
)
def answer_lodging(
    file_id: uuid.UUID,
    said: Annotated[schemas.LodgingAnswerIn, Depends(sent(schemas.LodgingAnswerIn))],
    perform: PerformDep,
) -> Response:
    """Record whether she will live near the hospital before labour; a refusal is respected."""

    def act(work: Work) -> Done:
        row = lodging.reply(work, file_id, said.answer, happened_at=said.happened_at)
        return Done(schemas.LodgingAnswerOut.model_validate(row), CREATED)

    return perform(act)


@router.get("/lodging-places", response_model=schemas.LodgingPlacesListOut)
def list_lodging_places(see: LookDep, facility_id: OfFacility) -> Response:
    """List all that was said of places to live near a centre."""

    def act(work: Work) -> Done:
        rows = lodging.places_of(work, facility_id)
        items = [schemas.LodgingPlacesOut.model_validate(one) for one in rows]
        return Done(schemas.LodgingPlacesListOut(items=items))

    return see(act)


@router.post(
    "/lodging-places",
    status_code=CREATED,
    response_model=schemas.LodgingPlacesOut,
    openapi_extra=takes(schemas.LodgingPlacesIn),
)
def add_lodging_places(
    said: Annotated[schemas.LodgingPlacesIn, Depends(sent(schemas.LodgingPlacesIn))],
    perform: PerformDep,
) -> Response:
    """Say how many places there are to live near a centre; the last word on a day counts."""
    places = lodging.Places(
        facility_id=said.facility_id,
        places=said.places,
        from_day=said.from_day,
        to_day=said.to_day,
        source=said.source,
        assumed=said.assumed,
    )

    def act(work: Work) -> Done:
        row = lodging.add_places(work, places)
        return Done(schemas.LodgingPlacesOut.model_validate(row), CREATED)

    return perform(act)


@router.get("/ward-closures", response_model=schemas.WardClosuresOut)
def list_ward_closures(see: LookDep, facility_id: OfFacility) -> Response:
    """List the closed wards of a centre that are not over."""

    def act(work: Work) -> Done:
        rows = wards.closures_of(work, facility_id)
        items = [schemas.WardClosureOut.model_validate(one) for one in rows]
        return Done(schemas.WardClosuresOut(items=items))

    return see(act)


@router.post(
    "/ward-closures",
    status_code=CREATED,
    response_model=schemas.WardClosureOut,
    openapi_extra=takes(schemas.WardClosureIn),
)
def close_ward(
    said: Annotated[schemas.WardClosureIn, Depends(sent(schemas.WardClosureIn))],
    perform: PerformDep,
) -> Response:
    """Close a ward to bookings for some days; whoever is booked into them is looked at again."""
    closure = wards.Closure(
        facility_id=said.facility_id,
        kind=said.kind,
        from_day=said.from_day,
        to_day=said.to_day,
        reason=said.reason,
    )

    def act(work: Work) -> Done:
        row = wards.close_ward(work, closure)
        return Done(schemas.WardClosureOut.model_validate(row), CREATED)

    return perform(act)


@router.post("/ward-closures/{closure_id}/lift", response_model=schemas.WardClosureOut)
def lift_ward_closure(closure_id: uuid.UUID, perform: PerformDep) -> Response:
    """Open a ward before its time."""

    def act(work: Work) -> Done:
        return Done(schemas.WardClosureOut.model_validate(wards.open_ward(work, closure_id)))

    return perform(act)


def _under_way(run: UnderWay) -> Done:
    return Done(schemas.BookingRunUnderWayOut.model_validate(run), UNDER_WAY)
