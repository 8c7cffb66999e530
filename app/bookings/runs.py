"""Keeping a booking run, and proposing what it says, woman by woman.

The run is written in one transaction. Its proposals follow in small ones, by a deadline that sets
itself again until all are written: a province at night must not keep an emergency waiting for its
turn to write. Each woman gets all that is hers or nothing, and who moved meanwhile gets nothing.
A run takes nobody's place and asks no centre: it proposes.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.bookings import store
from app.bookings.moving import begun, live, move, tell_clinician
from app.bookings.roads import marks_in
from app.bookings.run_maker import Made
from app.bookings.run_request import mark_of
from app.bookings.run_tables import BookingRun
from app.bookings.states import STANDING, BookingStatus
from app.bookings.tables import Booking
from app.case_files import store as case_files
from app.case_files.known.store import entries_counted
from app.case_files.tables import CaseFile
from app.centres.registry_now import local_day
from app.db_types import new_key
from app.deadlines.service import open_deadlines, set_deadline
from app.events.scene import Scene
from app.notices.states import Template
from app.roads.service import said_since
from app.worker.handling import Handler, Task

__all__ = ["BESIDE", "PROPOSE", "ROADS", "handlers", "is_pending", "keep"]

S = BookingStatus
PROPOSE = "booking_run"
AT_ONCE = 5
"""Women of one transaction."""
OVER_LIMIT = "over_limit"
"""More is expected in a week of the centre than it holds; the mark stays with the booking."""
RESTS_ON = (
    "facility_id", "come_by", "lodging", "minutes", "colour", "purple", "residence_county", "edd",
    "entries", "over_limit", "kinds",
)  # fmt: skip
"""What makes a proposal the one that is there already: it is not made, and told, once more."""
TENTHS = 10
BESIDE, ROADS = "beside", "roads"
"""What the answer that is kept holds besides: who else is pregnant, and the roads that count."""


def keep(
    session: Session,
    made: Made,
    *,
    at: datetime,
    by: uuid.UUID | None,
    key: uuid.UUID | None = None,
) -> BookingRun:
    """Keep a run; its proposals are written by the worker.

    One that nobody asked for is that of the night: the database takes no second one. ``key`` is
    that under which somebody looks for it already.
    """
    totals, answer = _part(made.answer["totals"]), made.answer
    aside = [*_listed(answer["set_aside"]), *_left_out(made)]
    beside = {BESIDE: made.gathered.beside, ROADS: made.gathered.roads}
    bound = totals["bound"]
    run = BookingRun(
        id=key or new_key(),
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
        answer=json.dumps({**answer, "set_aside": aside, **beside}, ensure_ascii=False),
        marks=json.dumps(
            {
                str(key): {"mark": mark, "minutes": made.minutes.get(key)}
                for key, mark in made.gathered.marks.items()
            }
        ),
        counties=json.dumps({str(key): one for key, one in made.gathered.counties.items()}),
        made_at=made.gathered.now,
        made_by=by,
        night=local_day(at).isoformat() if by is None else None,
    )
    store.add(session, run)
    _go_on(session, run, 0, at=at)
    return run


def is_pending(session: Session, run: BookingRun) -> bool:
    """Tell whether proposals of a run are still to be written."""
    return any(one.kind == PROPOSE for one in open_deadlines(session, run.id))


def handlers() -> Mapping[str, Handler]:
    """Return what writes the proposals of a run, some at a time."""
    return {PROPOSE: Handler(act=_Proposing(), bulk=True)}


@dataclass(frozen=True, slots=True)
class _Read:
    """A run with what it says of each woman; ``keys`` are all of them in order."""

    run: BookingRun
    keys: Sequence[str]
    marks: Mapping[str, Mapping[str, object]]
    booked: Mapping[str, Mapping[str, object]]

    @classmethod
    def of(cls, run: BookingRun) -> "_Read":
        marks = json.loads(run.marks)
        booked = {one["id"]: one for one in json.loads(run.answer)["bookings"]}
        return cls(run, sorted(marks), marks, booked)


class _Proposing:
    """Writes proposals; a run is never changed and is read once for all its steps.

    That of a province has megabytes, and everybody who writes waits while it is read.
    """

    def __init__(self) -> None:
        self._last: _Read | None = None

    def __call__(self, task: Task) -> None:
        said = self._read(task)
        if said is None:
            return
        first = int(task.due.payload.get("first", 0))
        following = first + AT_ONCE
        for key in said.keys[first:following]:
            _propose(task, said.run, uuid.UUID(key), said.marks[key], said.booked.get(key))
        if following < len(said.keys):
            _go_on(task.session, said.run, following, at=task.now)

    def _read(self, task: Task) -> _Read | None:
        if self._last is None or self._last.run.id != task.subject_id:
            run = store.run_of(task.session, task.subject_id)
            if run is None:
                return None
            task.session.expunge(run)
            self._last = _Read.of(run)
        return self._last


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
    entries = entries_counted(task.session, [file_id])[file_id]
    if mark_of(file, entries, there, reply) != stood["mark"]:
        return
    scene = Scene.of_system(task.session, task.now, file.owner_org or file.registered_org)
    minutes = stood["minutes"]
    before = live(scene, file).get(S.PROPOSED)
    new = None
    if wanted is not None and isinstance(minutes, int) and not _keeps(there, wanted):
        new = _booking(file, run, wanted, minutes)
        new.entries = entries
    if before is not None and new is not None and _same(task, before, new):
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


def _same(task: Task, before: Booking, new: Booking) -> bool:
    """Tell whether a proposal says what the one before it said, also of roads.

    Roads that were said of later overtake the one before: it could not be accepted any more.
    """
    if any(getattr(before, name) != getattr(new, name) for name in RESTS_ON):
        return False
    marks = marks_in(new.why)
    if marks != marks_in(before.why):
        return False
    made = None if before.run_id is None else store.made_at(task.session, before.run_id)
    return not marks or made is None or not said_since(task.session, task.province, task.now, made)


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
        over_limit=OVER_LIMIT in why.split(),
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
