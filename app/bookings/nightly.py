"""The booking run of the night: every pregnancy of the province with a case file is booked anew.

Every booking is looked at first, so that what does not hold any more is booked with the others.
Once a night, whichever worker comes to it; on request it is made by day (``POST /bookings/runs``).
"""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from app.bookings import runs, store
from app.bookings.looking import lacks_room, look_again, scene_of
from app.bookings.roads import behind_roads
from app.bookings.rooms import below_floor, without_room
from app.bookings.run_maker import RunMaker, Solve
from app.bookings.run_request import Wish
from app.case_files import store as case_files
from app.centres.current import Current
from app.centres.registry_now import LOCAL_TIME
from app.db import Database

__all__ = ["WEEKS", "is_due", "look_at_all", "look_at_room", "run_tonight"]

WEEKS = 24
FROM_H, UNTIL_H = 1, 5
"""Hours of the clock on the wall in which it is made: few ask, and the day begins with it."""
APART = timedelta(hours=12)
AT_ONCE = 5
"""Files of one transaction: nobody waits long for a turn to write."""


def is_due(database: Database, province: str, *, now: datetime | None = None) -> bool:
    """Tell whether it is night and the run of it is not made yet."""
    with database.reading() as session:
        moment = now or database.now(session)
        if not FROM_H <= moment.astimezone(LOCAL_TIME).hour < UNTIL_H:
            return False
        return not store.nightly_since(session, province, moment - APART)


def run_tonight(database: Database, current: Current, solve: Solve, province: str) -> None:
    """Look at every booking, book everybody, keep the run; the worker writes its proposals."""
    look_at_all(database, current, province)
    look_at_room(database, current, province)
    wish = Wish(province=province, division=f"{province}0000", area=province, weeks=WEEKS)
    made = RunMaker(database, current, solve)(wish)
    # Whoever was taken for dead may be alive and done: a night has one run, by the database.
    with suppress(IntegrityError), database.writing() as session:
        now = database.now(session)
        if not store.nightly_since(session, province, now - APART):
            runs.keep(session, made, at=now, by=None)


def look_at_room(database: Database, current: Current, province: str) -> int:
    """Open again what has no room, lodging, fit centre or open road any more; how many that were.

    What centres report, and what is decided about them, changes it without an act on any file; for
    room all of a centre are looked at together.
    """
    with database.reading() as session:
        now = database.now(session)
        engine = current.engine(session, now)
        lacking = {
            **dict.fromkeys(below_floor(session, engine, province), ()),
            **dict.fromkeys(behind_roads(session, engine, province, at=now), ()),
            **without_room(session, engine, province, at=now),
        }
    for key, reasons in lacking.items():
        with database.writing() as session:
            booking = store.booking_of(session, key)
            file = None if booking is None else case_files.locked(session, booking.file_id)
            booking = store.booking_of(session, key)
            if file is not None and booking is not None:
                scene = scene_of(session, database.now(session), file)
                lacks_room(scene, engine, file, booking, reasons)
    return len(lacking)


def look_at_all(database: Database, current: Current, province: str) -> int:
    """Bring the bookings of every file up to what is so now; how many files that are."""
    with database.reading() as session:
        keys = store.with_booking(session, province)
        engine = current.engine(session, database.now(session))
    for first in range(0, len(keys), AT_ONCE):
        with database.writing() as session:
            now = database.now(session)
            for key in keys[first : first + AT_ONCE]:
                file = case_files.locked(session, key)
                if file is not None:
                    look_again(scene_of(session, now, file), engine, file)
    return len(keys)
