"""What a clinician does with bookings: accept a proposal, choose by hand, confirm, take back.

A place that is hers stays hers until a centre has consented to the next one. Another centre is
asked beside it; one at a time.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.bookings import store
from app.bookings.asking import Wanted, ask, chosen, faults_of, take_back
from app.bookings.errors import (
    BookingOvertakenError,
    BookingRefusedError,
    NotYourBookingError,
)
from app.bookings.moving import begun, live, move, require
from app.bookings.resting import changed_since, rest_on
from app.bookings.rooms import Room
from app.bookings.sight import CHOOSE, for_clinician
from app.bookings.states import STANDING, BookingStatus, ReopenReason, WithdrawReason
from app.bookings.tables import Booking
from app.bookings.ways import minutes_for, takes_her
from app.case_files.acts.managing import no_place_planned
from app.case_files.noting import noted
from app.case_files.sight import locked_for
from app.case_files.states import BEYOND_BOOKING
from app.errors import AppError, NotFoundError
from app.events.scene import Scene
from app.work import Work

__all__ = ["Accepted", "accept", "accept_many", "choose", "confirm", "withdraw"]

S, R = BookingStatus, ReopenReason
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One of many: the booking that is asked for now, or what kept it from being."""

    booking_id: uuid.UUID
    booking: Booking | None
    refused: AppError | None


def accept(work: Work, room: Room, booking_id: uuid.UUID, *, read: int | None = None) -> Booking:
    """Have the proposed centre asked.

    Parameters
    ----------
    room
        That of its centre, without her; she takes hers of it.

    Raises
    ------
    BookingOvertakenError
        Something has changed since it was proposed.
    TransitionError
        It is no proposal any more.
    """
    seen = for_clinician(work, booking_id, read=read)
    scene, booking = Scene.of(work), seen.booking
    require(booking, S.ASKED)
    changed = [*changed_since(scene, room.engine, seen.file, booking)]
    if not booking.over_limit:
        changed += room.lacks(work.session, booking, seen.file)
    if changed:
        raise BookingOvertakenError(changed)
    ask(scene, work, seen.file, booking)
    room.take(work.session, booking, seen.file)
    return booking


def accept_many(work: Work, room: Room, wanted: Mapping[uuid.UUID, int]) -> Sequence[Accepted]:
    """Accept proposals, each with an answer of its own.

    All of one woman or nothing: what is refused is refused before anything of hers is written.
    Files are locked in the order of their bookings' keys, so that two who accept at once wait for
    each other and never for ever.

    Parameters
    ----------
    wanted
        Proposals by key with the version that was read.
    """
    found = []
    for booking_id in sorted(wanted):
        try:
            booking = accept(work, room, booking_id, read=wanted[booking_id])
        except AppError as error:
            found.append(Accepted(booking_id, None, error))
        else:
            found.append(Accepted(booking_id, booking, None))
    return found


def choose(work: Work, room: Room, file_id: uuid.UUID, wanted: Wanted) -> Booking:
    """Have a centre asked that a clinician chose herself.

    Where a week of it is full the booking is marked: the clinician and the centre may want it all
    the same. A place to live that there is not nobody can be given.

    Raises
    ------
    NotFoundError
        No such file in sight, or no such facility.
    BookingRefusedError
        It cannot be so; every reason is listed.
    """
    file, engine = locked_for(work, file_id, *CHOOSE), room.engine
    if store.facility_exists(work.session, wanted.facility_id) is None:
        raise NotFoundError("facility", wanted.facility_id)
    scene = Scene.of(work)
    there = live(scene, file)
    way = minutes_for(engine, file, wanted.facility_id)
    faults = faults_of(scene, engine, file, wanted, way)
    here = there.get(S.BOOKED)
    if here is not None and here.status == S.BOOKED and here.facility_id == wanted.facility_id:
        faults.append("booked_there_already")
    if faults or way is None:
        raise BookingRefusedError(faults)
    booking = chosen(scene, file, wanted, way, why=BY_HAND)
    lacking = room.lacks(work.session, booking, file)
    if R.NO_LODGING in lacking:
        raise BookingRefusedError([R.NO_LODGING])
    booking.over_limit = R.NO_ROOM in lacking
    if S.PROPOSED in there:
        move(scene, file, there[S.PROPOSED], S.SUPERSEDED)
    begun(scene, file, booking)
    ask(scene, work, file, booking)
    return booking


def confirm(work: Work, room: Room, booking_id: uuid.UUID, *, read: int) -> Booking:
    """Say that a place that was opened again is still the right one; it rests on what is so now.

    Raises
    ------
    BookingRefusedError
        The centre cannot take her any more, or no way leads there.
    """
    seen = for_clinician(work, booking_id, read=read)
    scene, file, booking = Scene.of(work), seen.file, seen.booking
    require(booking, S.BOOKED)
    engine = room.engine
    way = minutes_for(engine, file, booking.facility_id)
    faults = [] if way is not None else ["no_due_date" if file.edd is None else "no_way"]
    if not takes_her(engine, booking.facility_id, colour=file.colour, purple=file.purple):
        faults.append("centre_cannot_take_her")
    if booking.status != S.REOPENED:
        raise NotYourBookingError("centre")
    if file.status in BEYOND_BOOKING:
        faults.append("not_managed")
    lacking = room.lacks(work.session, booking, file)
    if R.NO_LODGING in lacking:
        faults.append(R.NO_LODGING)
    if faults or way is None:
        raise BookingRefusedError(faults)
    rest_on(booking, file, way)
    move(
        scene,
        file,
        booking,
        S.BOOKED,
        reopened_for="",
        over_limit=R.NO_ROOM in lacking,
        confirmed_at=scene.now,
        confirmed_by=work.actor.user_id,
    )
    noted(work, file.id, "booking_confirmed", what="booking", object_id=booking.id)
    return booking


def withdraw(work: Work, booking_id: uuid.UUID, reason: WithdrawReason, *, read: int) -> Booking:
    """Take a proposal, a question or a place back, with the reason."""
    seen = for_clinician(work, booking_id, read=read)
    scene, file, booking = Scene.of(work), seen.file, seen.booking
    require(booking, S.WITHDRAWN)
    was_hers = booking.status in STANDING
    take_back(scene, file, booking, reason)
    if was_hers:
        no_place_planned(scene, file)
    noted(work, file.id, "booking_withdrawn", what="booking", object_id=booking.id)
    return booking
