"""What the network says of bookings: weeks of centres, places to live, and the floor of a colour.

Of what is marked, or opened again, somebody knows; of the rest nobody would.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlmodel import Session

from app.bookings import store
from app.bookings.rooms import Room, below_floor, is_known
from app.bookings.states import STANDING, ReopenReason
from app.case_files.watching import LOOK_AT_BOOKING
from app.deadlines.service import without_deadline
from app.engine import Engine
from app.verifying.findings import Finding

__all__ = ["ReckonRooms", "rooms_of"]

ReckonRooms = Callable[[Session], Iterator[Finding]]
CODES = {ReopenReason.NO_ROOM: "week_over_limit", ReopenReason.NO_LODGING: "lodging_promised_twice"}


def rooms_of(session: Session, engine: Engine, province: str, *, at: datetime) -> Iterator[Finding]:
    """Yield what is beyond what a centre holds, and who is booked below the floor of her colour."""
    there = [
        (booking, file)
        for booking, file in store.expected_at(session, province)
        if booking.status in STANDING and not is_known(booking)
    ]
    for centre, week, reason in Room(session, engine, province, there, at=at).full():
        yield Finding("organisation", f"{centre} {week}", CODES[reason])
    looked_at = without_deadline(session, [file.id for _, file in there], [LOOK_AT_BOOKING])
    below = {*below_floor(session, engine, province)}
    for booking, file in there:
        if booking.id in below and file.id in looked_at:
            yield Finding("booking", str(booking.id), "booked_below_floor")
