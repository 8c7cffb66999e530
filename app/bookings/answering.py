"""What a centre does: consent to a booking, or say no with a reason from the list.

With its consent the place is hers. One that she had until then is replaced in the same transaction
and never before, and the file says from now on where she is to give birth.
"""

import uuid
from datetime import date

from app.bookings import store
from app.bookings.errors import BookingOvertakenError, BookingRefusedError
from app.bookings.moving import live, move, require, tell, tell_clinician
from app.bookings.rooms import Room
from app.bookings.sight import Seen, for_centre, for_clinician
from app.bookings.states import BookingStatus, DeclineReason, ReopenReason
from app.bookings.tables import Booking
from app.case_files.acts.managing import place_planned
from app.case_files.noting import noted
from app.case_files.states import BEYOND_BOOKING
from app.case_files.tables import CaseFile
from app.events.scene import Scene
from app.notices.states import Template
from app.work import Work

__all__ = ["consent", "consent_by_word", "decline"]

S, R = BookingStatus, ReopenReason


def consent(work: Work, room: Room, booking_id: uuid.UUID, *, read: int) -> Booking:
    """Let her give birth here.

    Its word goes before our count of its room: beyond the limit of a week it is marked.

    Raises
    ------
    BookingOvertakenError
        She is to live in a place that there is not any more.
    TransitionError
        The centre is not asked any more.
    """
    seen = for_centre(work, booking_id, read=read)
    return _consented(work, Scene.of(work), room, seen, work.actor.org_id)


def consent_by_word(
    work: Work, room: Room, booking_id: uuid.UUID, *, said_by: str, read: int
) -> Booking:
    """Enter a consent that was spoken by telephone, under the name of who rang; it counts.

    The centre is told in whose name it was entered.

    Raises
    ------
    BookingRefusedError
        Nobody is named who said it.
    """
    seen = for_clinician(work, booking_id, read=read)
    if not said_by.strip():
        raise BookingRefusedError(["said_by_missing"])
    centre = store.facility_exists(work.session, seen.booking.facility_id)
    if centre is None:
        raise AssertionError("a key of the database leads from a booking to its facility")
    scene = Scene.of(work, said_by=said_by.strip())
    booking = _consented(work, scene, room, seen, centre)
    tell(scene, booking, centre, Template.BOOKING_SPOKEN)
    return booking


def _consented(work: Work, scene: Scene, room: Room, seen: Seen, centre: uuid.UUID) -> Booking:
    file, booking = seen.file, seen.booking
    _require_asked(booking)
    if file.status in BEYOND_BOOKING:
        raise BookingRefusedError(["not_managed"])
    lacking = room.lacks(work.session, booking, file)
    if R.NO_LODGING in lacking:
        raise BookingOvertakenError([R.NO_LODGING])
    before = live(scene, file).get(S.BOOKED)
    if before is not None:
        _replace(scene, file, before, booking)
    at = max(scene.now, booking.asked_at or scene.now)
    marked = booking.over_limit or R.NO_ROOM in lacking
    move(scene, file, booking, S.BOOKED, booked_at=at, was_booked=1, over_limit=marked)
    come_by = None if booking.come_by is None else date.fromisoformat(booking.come_by)
    place_planned(scene, file, booking.facility_id, centre, come_by=come_by)
    tell_clinician(scene, file, booking, Template.BOOKING_CONSENTED)
    noted(work, file.id, "booking_consented", what="booking", object_id=booking.id)
    return booking


def decline(work: Work, booking_id: uuid.UUID, reason: DeclineReason, *, read: int) -> Booking:
    """Say no, and why; whatever place she had stays hers, and her clinician chooses again.

    Raises
    ------
    TransitionError
        The centre is not asked any more.
    """
    seen = for_centre(work, booking_id, read=read)
    scene, file, booking = Scene.of(work), seen.file, seen.booking
    require(booking, S.DECLINED)
    move(scene, file, booking, S.DECLINED, reason=reason.value)
    tell_clinician(scene, file, booking, Template.BOOKING_DECLINED)
    noted(work, file.id, "booking_declined", what="booking", object_id=booking.id)
    return booking


def _require_asked(booking: Booking) -> None:
    """Refuse what the centre is not asked: what was opened again is her clinician's to confirm."""
    if booking.status != S.ASKED:
        require(booking, S.DECLINED)


def _replace(scene: Scene, file: CaseFile, before: Booking, by: Booking) -> None:
    """Let a place go for another one; the database lets it only where that one is booked."""
    move(scene, file, before, S.REPLACED, replaced_by=by.id, replaced_ok=1, reopened_for="")
    centre = store.facility_exists(scene.session, before.facility_id)
    if centre is not None and before.facility_id != by.facility_id:
        tell(scene, before, centre, Template.BOOKING_WITHDRAWN)
