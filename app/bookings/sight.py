"""Who sees a booking, and how much of it.

Whoever sees the file sees its bookings. A centre sees those at itself from when it is asked, and
before it consents the least: colour, week, county and way, nothing of who she is (R-CONSENT-04).
"""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col

from app.accounts.states import ANSWERING, Actor
from app.bookings import store
from app.bookings.errors import NotYourBookingError, StaleBookingError
from app.bookings.tables import Booking
from app.case_files import store as case_files
from app.case_files.sight import locked_for
from app.case_files.sight import visible_to as file_visible_to
from app.case_files.states import Capacity
from app.case_files.tables import CaseFile
from app.db_types import Moment
from app.errors import NotFoundError
from app.work import Work

__all__ = [
    "CHOOSE",
    "BookingSight",
    "Seen",
    "at_centre",
    "for_centre",
    "for_clinician",
    "how_much",
    "look",
    "visible_to",
]

CHOOSE = (Capacity.RESPONSIBLE, Capacity.REGISTERED, Capacity.RESIDENCE_COUNTY)
"""As what somebody chooses where she gives birth: who looks after her, and her county."""


class BookingSight(StrEnum):
    """How much of a booking is seen."""

    MINIMUM = "minimum"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Seen:
    """A booking with its file, and how much of both is seen."""

    booking: Booking
    file: CaseFile
    sight: BookingSight


def visible_to(actor: Actor, now: Moment) -> ColumnElement[bool]:
    """Return what makes a booking, joined with its file, one that an actor may see."""
    return or_(file_visible_to(actor, now), at_centre(actor))


def at_centre(actor: Actor) -> ColumnElement[bool]:
    """Return what makes a booking one that the centre of an actor was asked for."""
    if actor.facility_id is None or actor.role not in ANSWERING:
        return false()
    return and_(
        col(Booking.province) == actor.province,
        col(Booking.facility_id) == actor.facility_id,
        col(Booking.asked_at).is_not(None),
    )


def look(work: Work, booking_id: uuid.UUID) -> Seen:
    """Return a booking that the actor may see.

    Raises
    ------
    NotFoundError
        There is none, or it is out of scope: the two look the same.
    """
    found = store.looked_at(work.session, booking_id, visible_to(work.actor, work.now))
    if found is None:
        raise NotFoundError("booking", str(booking_id))
    return Seen(*found, how_much(work, found[1]))


def how_much(work: Work, file: CaseFile) -> BookingSight:
    """Return how much of a booking in sight is seen: all of it by whoever sees the file."""
    scope = file_visible_to(work.actor, work.now)
    seen = case_files.looked_at(work.session, file.id, scope) is not None
    return BookingSight.FULL if seen else BookingSight.MINIMUM


def for_clinician(work: Work, booking_id: uuid.UUID, *, read: int | None = None) -> Seen:
    """Return a booking that the actor may choose about, its file locked.

    Raises
    ------
    NotFoundError
        Out of scope.
    NotYourFileError
        It is for another party to do.
    StaleBookingError
        It has moved since it was read.
    """
    seen = look(work, booking_id)
    file = locked_for(work, seen.file.id, *CHOOSE)
    return Seen(_fresh(work, booking_id, read), file, BookingSight.FULL)


def for_centre(work: Work, booking_id: uuid.UUID, *, read: int | None = None) -> Seen:
    """Return a booking that the centre of the actor answers for, its file locked.

    Raises
    ------
    NotFoundError
        Out of scope.
    NotYourBookingError
        It is another centre's.
    StaleBookingError
        It has moved since it was read.
    """
    seen = look(work, booking_id)
    if seen.booking.facility_id != work.actor.facility_id:
        raise NotYourBookingError("centre")
    file = case_files.locked(work.session, seen.file.id)
    if file is None:
        raise AssertionError("a file is never deleted")
    return Seen(_fresh(work, booking_id, read), file, seen.sight)


def _fresh(work: Work, booking_id: uuid.UUID, read: int | None) -> Booking:
    """Return a booking as it is behind the lock of its file."""
    booking = store.booking_of(work.session, booking_id)
    if booking is None:
        raise AssertionError("a booking is never deleted")
    if read is not None and read != booking.version:
        raise StaleBookingError(booking_id, read=read, now=booking.version)
    return booking
