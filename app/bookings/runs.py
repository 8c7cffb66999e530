"""Keeping a booking run, and proposing what it says, woman by woman.

The run is written in one transaction. Its proposals follow in small ones, by a deadline that sets
itself again until all are written: a province at night must not keep an emergency waiting for its
turn to write. Each woman gets all that is hers or nothing, and who moved meanwhile gets nothing.
A run takes nobody's place and asks no centre: it proposes.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.bookings import store
from app.bookings.moving import begun, live, move, tell_clinician
from app.bookings.run_maker import Made
from app.bookings.run_request import mark_of
from app.bookings.run_tables import BookingRun
from app.bookings.states import STANDING, BookingStatus
from app.bookings.tables import Booking
from app.case_files import store as case_files
from app.case_files.tables import CaseFile
from app.db_types import new_key
from app.deadlines.service import open_deadlines, set_deadline
from app.events.scene import Scene
from app.notices.states import Template
from app.worker.handling import Handler, Task

__all__ = ["PROPOSE", "handlers", "is_pending", "keep"]

S = BookingStatus
PROPOSE = "booking_run"
AT_ONCE = 20
DECLINED_BEFORE = "declined_before"
"""The centre has said no to her; who accepts the proposal knows it, and may ask again."""
"""Women of one transaction."""
TENTHS = 10


def keep(session: Session, made: Made, *, at: datetime, by: uuid.UUID | None) -> BookingRun:
    """Keep a run; its proposals are written by the worker."""
    totals, answer = _part(made.answer["totals"]), made.answer
    aside = [*_listed(answer["set_aside"]), *_left_out(made)]
    bound = totals["bound"]
    run = BookingRun(
        id=new_key(),
        province=made.wish.province,
        division=made.wish.division,
        status=str(answer["status"]),
        proven=bool(answer["proven"]),
        objective_tenths=_tenths(totals["objective"]),
        bound_tenths=None if bound is None else _tenths(bound),
        women=len(_listed(answer["bookings"])) + len(_listed(answer["unbooked"])) + len(aside),
        unbooked=len(_listed(answer["unbooked"])),
        set_aside=len(aside),
        weeks=made.wish.weeks,
        rule_set=str(answer["rule_set"]),
        answer=json.dumps({**answer, "set_aside": aside}, ensure_ascii=False),
        marks=json.dumps(
            {
                str(key): {"mark": mark, "minutes": made.minutes.get(key)}
                for key, mark in made.gathered.marks.items()
            }
        ),
        counties=json.dumps({str(key): one for key, one in made.gathered.counties.items()}),
        made_at=made.gathered.now,
        made_by=by,
    )
    store.add(session, run)
    _go_on(session, run, 0, at=at)
    return run


def is_pending(session: Session, run: BookingRun) -> bool:
    """Tell whether proposals of a run are still to be written."""
    return any(one.kind == PROPOSE for one in open_deadlines(session, run.id))


def handlers() -> Mapping[str, Handler]:
    """Return what writes the proposals of a run, some at a time."""
    return {PROPOSE: Handler(act=_propose_some)}


def _propose_some(task: Task) -> None:
    run = store.run_of(task.session, task.subject_id)
    if run is None:
        return
    first = int(task.due.payload.get("first", 0))
    answer, marks = json.loads(run.answer), json.loads(run.marks)
    booked = {one["id"]: one for one in answer["bookings"]}
    keys = sorted(marks)
    for key in keys[first : first + AT_ONCE]:
        _propose(task, run, uuid.UUID(key), marks[key], booked.get(key))
    if first + AT_ONCE < len(keys):
        _go_on(task.session, run, first + AT_ONCE, at=task.now)


def _propose(
    task: Task,
    run: BookingRun,
    file_id: uuid.UUID,
    stood: Mapping[str, object],
    wanted: Mapping[str, object] | None,
) -> None:
    """Propose what a run says of one woman, unless something of her has changed since."""
    file = case_files.locked(task.session, file_id)
    if file is None:
        raise AssertionError("a file is never deleted")
    there = store.live_of(task.session, file_id)
    reply = store.last_reply(task.session, file.province, file_id)
    if mark_of(file, there, reply) != stood["mark"]:
        return
    scene = Scene.of_system(task.session, task.now, file.owner_org or file.registered_org)
    minutes = stood["minutes"]
    before = live(scene, file).get(S.PROPOSED)
    new = None
    if wanted is not None and isinstance(minutes, int) and not _keeps(there, wanted):
        new = _booking(file, run, wanted, minutes)
        if new.facility_id in store.declined_by(task.session, file_id):
            new.why = f"{new.why} {DECLINED_BEFORE}".strip()
    if before is not None and new is not None and _same(before, new):
        return
    if before is not None:
        move(scene, file, before, S.SUPERSEDED)
    if new is not None:
        begun(scene, file, new)
        tell_clinician(scene, file, new, Template.BOOKING_PROPOSED)


def _keeps(there: Sequence[Booking], wanted: Mapping[str, object]) -> bool:
    """Tell whether a run leaves her where she is booked or a centre is asked: nothing is new."""
    return any(
        one.facility_id == wanted["facility_id"]
        and one.lodging == wanted["lodging"]
        and one.status in (*STANDING, S.ASKED)
        for one in there
    )


def _same(before: Booking, new: Booking) -> bool:
    names = ("facility_id", "come_by", "lodging", "minutes", "colour", "purple", "edd")
    return all(getattr(before, name) == getattr(new, name) for name in names)


def _booking(
    file: CaseFile, run: BookingRun, wanted: Mapping[str, object], minutes: int
) -> Booking:
    cost, why, kinds = wanted["cost_min"], _words(wanted["why"]), _words(wanted["kinds"])
    come_by = wanted["come_by"]
    return Booking(
        id=new_key(),
        province=file.province,
        file_id=file.id,
        run_id=run.id,
        facility_id=str(wanted["facility_id"]),
        status=S.PROPOSED.value,
        last_seq=1,
        come_by=None if come_by is None else str(come_by),
        lodging=bool(wanted["lodging"]),
        minutes=minutes,
        cost_tenths=None if cost is None else _tenths(cost),
        why=why,
        kinds=kinds,
        colour=file.colour,
        purple=file.purple,
        residence_county=file.residence_county,
        edd=file.edd or "",
    )


def _go_on(session: Session, run: BookingRun, first: int, *, at: datetime) -> None:
    set_deadline(
        session, PROPOSE, run.id, at, province=run.province, payload={"first": first}, at=at
    )


def _left_out(made: Made) -> list[dict[str, object]]:
    return [
        {"id": str(key), "reason": why, "facility_id": None}
        for key, why in sorted(made.gathered.left_out.items())
    ]


def _tenths(value: object) -> int:
    assert isinstance(value, int | float)  # noqa: S101  minutes of the interface
    return round(value * TENTHS)


def _words(value: object) -> str:
    return " ".join(str(one) for one in _listed(value))


def _listed(value: object) -> list[object]:
    assert isinstance(value, list)  # noqa: S101  a list of the interface
    return value


def _part(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict)  # noqa: S101  an object of the interface
    return value
