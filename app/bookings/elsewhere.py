"""Why a birth is booked here and not at another centre that can be reached: each with its reasons.

Reckoned when it is asked, by the functions that a run and a choice by hand go by: the floor of her
colour, the way in the month of the birth, and the weeks of the centre as they are expected now.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.bookings import store
from app.bookings.rooms import Room
from app.bookings.sight import BookingSight, Seen, look
from app.bookings.states import OF_ROOM, BookingStatus
from app.bookings.tables import Booking
from app.bookings.ways import minutes_to_all, takes_her
from app.case_files.tables import CaseFile
from app.engine import Engine
from app.work import Work
from facilities.centre import FacilityStatus

__all__ = ["Other", "WhyNot", "elsewhere"]

SHOWN: Final = 8
"""The nearest; of those the plan weighed there are hundreds."""


class WhyNot(StrEnum):
    """Why not there; a centre with none of them may be chosen by hand."""

    CLOSED = "closed"
    BELOW_FLOOR = "below_floor"
    DECLINED = "declined"
    NO_ROOM = "no_room"
    NO_LODGING = "no_lodging"
    FARTHER = "farther"


@dataclass(frozen=True, slots=True)
class Other:
    """Another centre, the minutes to it from her county, and why not there."""

    facility_id: str
    minutes: int
    why_not: Sequence[WhyNot]


def elsewhere(work: Work, engine: Engine, booking_id: uuid.UUID) -> Sequence[Other]:
    """Return the nearest other centres with why not there; none to who sees only the least of her.

    Raises
    ------
    NotFoundError
        There is no such booking, or it is out of scope.
    """
    seen = look(work, booking_id)
    if seen.sight is not BookingSight.FULL or seen.file.edd is None:
        return ()
    ways = minutes_to_all(engine, seen.booking.residence_county, seen.booking.edd)
    ways.pop(seen.booking.facility_id, None)
    near = sorted(ways, key=lambda one: (ways[one], one))[:SHOWN]
    expected = store.expected_at(work.session, seen.file.province, near)
    there = [one for one in expected if one[1].id != seen.file.id]
    room = Room(work.session, engine, seen.file.province, there, at=work.now)
    declined = store.declined_of(work.session, seen.file.id)
    return [
        Other(one, ways[one], tuple(_why_not(work, room, seen, one, ways[one], one in declined)))
        for one in near
    ]


def _why_not(
    work: Work, room: Room, seen: Seen, facility_id: str, minutes: int, declined: bool
) -> Iterator[WhyNot]:
    engine, file = room.engine, seen.file
    if engine.registry.get(facility_id).status is FacilityStatus.SUSPENDED:
        yield WhyNot.CLOSED
    elif not takes_her(engine, facility_id, colour=file.colour, purple=file.purple):
        yield WhyNot.BELOW_FLOOR
    else:
        lacking = room.lacks(work.session, _as_if(seen.booking, file, facility_id), file)
        yield from (WhyNot(str(one)) for one in lacking if one in OF_ROOM)
    if declined:
        yield WhyNot.DECLINED
    if minutes > seen.booking.minutes:
        yield WhyNot.FARTHER


def _as_if(booking: Booking, file: CaseFile, facility_id: str) -> Booking:
    """Return her booking as it would stand there; it is never written."""
    return Booking(
        id=booking.id,
        province=booking.province,
        file_id=file.id,
        facility_id=facility_id,
        status=BookingStatus.PROPOSED,
        lodging=booking.lodging,
        minutes=booking.minutes,
        last_seq=booking.last_seq,
        colour=booking.colour,
        purple=booking.purple,
        residence_county=booking.residence_county,
        edd=booking.edd,
    )
