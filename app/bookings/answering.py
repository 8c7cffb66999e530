"""What a centre does: consent to a booking, or say no with a reason from the list.

With its consent the place is hers. One that she had until then is replaced in the same transaction
and never before, and the file says from now on where she is to give birth.
"""

import uuid
from datetime import date

from app.bookings import store
from app.bookings.moving import live, move, require, tell, tell_clinician
from app.bookings.sight import for_centre
from app.bookings.states import BookingStatus, DeclineReason
from app.bookings.tables import Booking
from app.case_files.managing import place_planned
from app.case_files.noting import noted
from app.case_files.tables import CaseFile
from app.events.scene import Scene
from app.notices.states import Template
from app.work import Work

__all__ = ["consent", "decline"]

S = BookingStatus


def consent(work: Work, booking_id: uuid.UUID, *, read: int) -> Booking:
    """Let her give birth here.

    Raises
    ------
    TransitionError
        The centre is not asked any more.
    """
    seen = for_centre(work, booking_id, read=read)
    scene, file, booking = Scene.of(work), seen.file, seen.booking
    _require_asked(booking)
    before = live(scene, file).get(S.BOOKED)
    if before is not None:
        _replace(scene, file, before, booking)
    at = max(scene.now, booking.asked_at or scene.now)
    move(scene, file, booking, S.BOOKED, booked_at=at, was_booked=1)
    come_by = None if booking.come_by is None else date.fromisoformat(booking.come_by)
    place_planned(scene, file, booking.facility_id, work.actor.org_id, come_by=come_by)
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
