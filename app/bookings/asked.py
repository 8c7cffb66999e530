"""Runs that are asked for and too large for one request: the worker makes them, one after another.

What waits is a deadline with the key of the run to be, so that whoever asked can look for it under
that key at once, and a worker that dies leaves it to the next. Nothing is asked for twice: who asks
for the same area again is told of the run that is under way.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.bookings import runs, store
from app.bookings.run_maker import RunMaker, Solve
from app.bookings.run_request import Wish
from app.centres.current import Current
from app.db import Database
from app.db_types import new_key
from app.deadlines.service import cancel, open_deadlines, open_of_kind, set_deadline
from app.deadlines.states import read_payload
from app.deadlines.tables import Deadline
from app.referrals.plans.maker import digits_of
from app.work import Work
from app.worker.chores import bring_forward
from app.worker.handling import Handler, Task

__all__ = ["ASKED", "CHORE", "UnderWay", "ask_for", "handlers", "make_asked", "under_way"]

LOGGER = logging.getLogger("greenchannel.bookings")
ASKED = "booking_run_asked"
CHORE = "booking_asked"
"""The chore of the worker that makes them; it is brought forward when one is asked for."""
LATE = timedelta(minutes=30)
"""By then a run is made, or somebody looks why it is not."""
ROUNDS = 12
"""So often it is begun again; then whoever looks for it finds none, and may ask anew."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A run that is asked for and not made yet; ``id`` is what it will have."""

    id: uuid.UUID
    division: str
    weeks: int


def ask_for(work: Work, wish: Wish) -> UnderWay:
    """Let the worker make a run; one that is under way for the same is that."""
    for row in open_of_kind(work.session, ASKED, work.actor.province):
        if _wish_of(row) == wish:
            return _under_way(row)
    key = new_key()
    said = {
        "division": int(wish.division),
        "weeks": wish.weeks,
        "rethink": wish.rethink,
        "by": work.actor.user_id,
        "round": 1,
    }
    _wait(work.session, key, said, province=wish.province, at=work.now)
    return UnderWay(key, wish.division, wish.weeks)


def under_way(session: Session, run_id: uuid.UUID, province: str, area: str) -> UnderWay | None:
    """Return a run that is being made for an area, or for a part of it."""
    for row in open_deadlines(session, run_id):
        wish = _wish_of(row) if row.kind == ASKED and row.province == province else None
        if wish is not None and wish.division.startswith(area):
            return _under_way(row)
    return None


def make_asked(database: Database, current: Current, solve: Solve, province: str) -> int:
    """Make the runs that are asked for; how many that were.

    One that cannot be made is tried again until it is given up: the others do not wait for it.
    """
    with database.reading() as session:
        wanted = [
            (one.subject_id, _wish_of(one), uuid.UUID(str(read_payload(one.payload)["by"])))
            for one in open_of_kind(session, ASKED, province)
        ]
    done = 0
    for key, wish, by in wanted:
        try:
            made = RunMaker(database, current, solve)(wish)
        except Exception as error:
            LOGGER.warning("a booking run was not made: %s", type(error).__name__)
            continue
        with database.writing() as session:
            # Who was taken for dead may have made it meanwhile: the deadline is there once.
            if cancel(session, key, (ASKED,)) and store.run_of(session, key) is None:
                runs.keep(session, made, at=database.now(session), by=by, key=key)
                done += 1
    return done


def handlers() -> Mapping[str, Handler]:
    """Return what is done when a run was not made in time: it is begun again."""
    return {ASKED: Handler(act=_not_made)}


def _not_made(task: Task) -> None:
    was = task.due.payload
    number = int(was["round"])
    if number >= ROUNDS or store.run_of(task.session, task.subject_id) is not None:
        return
    said = {**was, "round": number + 1, "by": uuid.UUID(str(was["by"]))}
    _wait(task.session, task.subject_id, said, province=task.province, at=task.now)


def _wait(
    session: Session, key: uuid.UUID, said: Mapping[str, object], *, province: str, at: datetime
) -> None:
    set_deadline(session, ASKED, key, at + LATE, province=province, payload=said, at=at)
    bring_forward(session, CHORE, province=province, at=at)


def _wish_of(row: Deadline) -> Wish:
    said = read_payload(row.payload)
    division = f"{said['division']:06d}"
    return Wish(
        province=row.province,
        division=division,
        area=digits_of(division),
        weeks=int(said["weeks"]),
        rethink=bool(said["rethink"]),
    )


def _under_way(row: Deadline) -> UnderWay:
    wish = _wish_of(row)
    return UnderWay(row.subject_id, wish.division, wish.weeks)
