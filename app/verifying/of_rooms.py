"""What the network says of bookings: weeks of centres, places to live, and the floor of a colour.

Of what is marked, or opened again, somebody knows; of the rest nobody would.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlmodel import Session

from app.bookings import store
from app.bookings.rooms import Room
from app.bookings.states import OF_ROOM, BookingStatus, ReopenReason
from app.bookings.ways import takes_her
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
        if booking.status != BookingStatus.ASKED
        and not booking.over_limit
        and not set(booking.reopened_for.split()) & {*OF_ROOM}
    ]
    for centre, week, reason in Room(session, engine, province, there, at=at).full():
        yield Finding("organisation", f"{centre} {week}", CODES[reason])
    looked_at = without_deadline(session, [file.id for _, file in there], [LOOK_AT_BOOKING])
    for booking, file in there:
        fits = takes_her(engine, booking.facility_id, colour=file.colour, purple=file.purple)
        if booking.status == BookingStatus.BOOKED and not fits and file.id in looked_at:
            yield Finding("booking", str(booking.id), "booked_below_floor")
