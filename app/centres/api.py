"""What centres say of themselves, over HTTP."""

import uuid
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import takes
from app.body import sent
from app.centres import schemas
from app.centres.diverting import declare_diversion, lift_diversion, list_diversions
from app.centres.duty import on_duty, withdraw_turn, write_turn
from app.centres.places import places_of, reports_of
from app.centres.reporting_all import Line, report_all
from app.centres.settling import settle_item
from app.centres.states import Settled
from app.centres.tables_said import CapabilityNote, Diversion, DutyTurn
from app.centres.tonight import note_capability, notes_now
from app.keys.words import opened
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["centres"])

CREATED = 201
Code = Annotated[str, Query(min_length=1, max_length=64)]


@router.post(
    "/capacity-reports",
    status_code=CREATED,
    response_model=schemas.CapacityReportOut,
    openapi_extra=takes(schemas.CapacityReportIn),
)
def report_places(
    said: Annotated[schemas.CapacityReportIn, Depends(sent(schemas.CapacityReportIn))],
    perform: PerformDep,
) -> Response:
    """Report the places of a hospital, all kinds at once, or that nothing has changed."""
    lines = [Line(one.kind, one.in_service, one.free, one.as_of) for one in said.lines]

    def act(work: Work) -> Done:
        counted = report_all(
            work, said.facility_id, lines, no_change=said.no_change, source=said.source
        )
        kinds = {kind: schemas.CountedOut.model_validate(one) for kind, one in counted.items()}
        return Done(schemas.CapacityReportOut(facility_id=said.facility_id, kinds=kinds), CREATED)

    return perform(act)


@router.get("/capacity-reports", response_model=schemas.CapacityReportsOut)
def list_reports(
    facility_id: Code,
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List what a hospital reported of its places in the last 30 days, page by page."""

    def act(work: Work) -> Done:
        before = None if cursor is None else decode(cursor, uuid.UUID)
        found = reports_of(work, facility_id, before=before, most=limit + 1)
        shown, following = cut(found, lambda one: str(one.id), limit)
        items = [schemas.ReportedOut.model_validate(one) for one in shown]
        return Done(
            schemas.CapacityReportsOut(facility_id=facility_id, items=items, next=following)
        )

    return see(act)


@router.get("/places", response_model=schemas.PlacesOut)
def list_places(facility_id: Code, see: LookDep) -> Response:
    """List the places of a hospital as they are now; its own staff sees each with its patient."""

    def act(work: Work) -> Done:
        kinds = places_of(work, facility_id)
        shown = [schemas.PlacesOfKindOut.model_validate(one) for one in kinds]
        return Done(schemas.PlacesOut(facility_id=facility_id, kinds=shown))

    return see(act)


@router.post(
    "/worklists/items/{item_id}/settle",
    response_model=schemas.WorkItemOut,
    openapi_extra=takes(schemas.SettleIn),
)
def settle_work_item(
    item_id: uuid.UUID,
    how: Annotated[schemas.SettleIn, Depends(sent(schemas.SettleIn))],
    perform: PerformDep,
) -> Response:
    """Settle what does not fit together, and say how; no held place is freed by it."""

    def act(work: Work) -> Done:
        item = settle_item(work, item_id, Settled(how.because))
        return Done(schemas.WorkItemOut.of(item, work.actor.org_id))

    return perform(act)


@router.get("/facilities/{facility_id}/diversions", response_model=schemas.DiversionsOut)
def list_facility_diversions(facility_id: str, see: LookDep) -> Response:
    """List when a centre asked to be passed over, of the last month and to come."""
    return see(lambda work: Done(_diversions(work, list_diversions(work, facility_id))))


@router.post(
    "/facilities/{facility_id}/diversions",
    status_code=CREATED,
    response_model=schemas.DiversionsOut,
    openapi_extra=takes(schemas.DiversionIn),
)
def divert_facility(
    facility_id: str,
    asked: Annotated[schemas.DiversionIn, Depends(sent(schemas.DiversionIn))],
    perform: PerformDep,
) -> Response:
    """Ask to be passed over for some hours; no emergency is refused by it."""

    def act(work: Work) -> Done:
        lines = declare_diversion(
            work,
            facility_id,
            reason=asked.reason,
            until=asked.until,
            kinds=asked.kinds,
            from_at=asked.from_at,
        )
        return Done(_diversions(work, lines), CREATED)

    return perform(act)


@router.post(
    "/facilities/{facility_id}/diversions/{diversion_id}/lift",
    response_model=schemas.DiversionsOut,
)
def lift_facility_diversion(
    facility_id: str, diversion_id: uuid.UUID, perform: PerformDep
) -> Response:
    """Take patients again before the time."""

    def act(work: Work) -> Done:
        lift_diversion(work, facility_id, diversion_id)
        return Done(_diversions(work, list_diversions(work, facility_id)))

    return perform(act)


@router.get("/facilities/{facility_id}/capabilities", response_model=schemas.NotesOut)
def list_capability_notes(facility_id: str, see: LookDep) -> Response:
    """List what a centre can or cannot do just now, beyond the registry."""

    def act(work: Work) -> Done:
        notes = [_note(work, one) for one in notes_now(work, facility_id)]
        return Done(schemas.NotesOut(items=notes))

    return see(act)


@router.post(
    "/facilities/{facility_id}/capabilities",
    status_code=CREATED,
    response_model=schemas.NoteOut,
    openapi_extra=takes(schemas.NoteIn),
)
def note_facility_capability(
    facility_id: str,
    said: Annotated[schemas.NoteIn, Depends(sent(schemas.NoteIn))],
    perform: PerformDep,
) -> Response:
    """Note that a capability is or is not there for some hours: no anaesthetist tonight."""

    def act(work: Work) -> Done:
        note = note_capability(
            work,
            facility_id,
            said.capability,
            available=said.available,
            until=said.until,
            said_by=said.said_by,
            from_at=said.from_at,
        )
        return Done(_note(work, note), CREATED)

    return perform(act)


@router.get("/duty", response_model=schemas.DutyTurnsOut)
def list_duty(of: Code, see: LookDep) -> Response:
    """List who is on duty now at a facility, or for a division by its code."""

    def act(work: Work) -> Done:
        turns = [_turn(work, one) for one in on_duty(work, of)]
        return Done(schemas.DutyTurnsOut(items=turns))

    return see(act)


@router.post(
    "/duty",
    status_code=CREATED,
    response_model=schemas.DutyOut,
    openapi_extra=takes(schemas.DutyIn),
)
def write_duty(
    said: Annotated[schemas.DutyIn, Depends(sent(schemas.DutyIn))], perform: PerformDep
) -> Response:
    """Write down who is on duty, and under which number."""

    def act(work: Work) -> Done:
        turn = write_turn(
            work,
            said.facility_id_or_adcode,
            role=said.role,
            person_name=said.person_name,
            phone=said.phone,
            from_at=said.from_at,
            until=said.until,
        )
        return Done(_turn(work, turn), CREATED)

    return perform(act)


@router.post("/duty/{turn_id}/withdraw", response_model=schemas.DutyTurnsOut)
def withdraw_duty(turn_id: uuid.UUID, perform: PerformDep) -> Response:
    """Take a turn off the roster: somebody else is on duty."""

    def act(work: Work) -> Done:
        whose = withdraw_turn(work, turn_id)
        turns = [_turn(work, one) for one in on_duty(work, whose)]
        return Done(schemas.DutyTurnsOut(items=turns))

    return perform(act)


def _diversions(work: Work, lines: Iterable[Diversion]) -> schemas.DiversionsOut:
    items = [opened(work.session, one, "by_name") for one in lines]
    return schemas.DiversionsOut.model_validate({"items": items})


def _note(work: Work, one: CapabilityNote) -> schemas.NoteOut:
    return schemas.NoteOut.model_validate(opened(work.session, one, "said_by", "by_name"))


def _turn(work: Work, one: DutyTurn) -> schemas.DutyOut:
    return schemas.DutyOut.model_validate(opened(work.session, one, "person_name", "phone"))
