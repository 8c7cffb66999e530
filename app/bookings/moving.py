"""Moving a booking of a file that this transaction has locked: status, owner, deadline, notice.

Every act on a booking of a file locks the file first. Whoever holds that lock is alone with all of
its bookings, so that what is read of them here stays so.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from app.bookings import store
from app.bookings.states import NEXT, WAITING, BookingStatus
from app.bookings.steps import CENTRE, step_of
from app.bookings.tables import Booking
from app.case_files.tables import CaseFile
from app.case_files.watching import office_of, owner_of
from app.deadlines.service import cancel, set_deadline
from app.events.errors import TransitionError
from app.events.scene import Scene
from app.events.service import begin, follow
from app.notices.service import notify
from app.notices.states import Template
from app.writing import together

__all__ = ["BOOKING_DUE", "begun", "late", "live", "move", "require", "tell", "tell_clinician"]

S = BookingStatus
BOOKING_DUE = "booking"
"""The kind of the deadline of a booking."""


def live(scene: Scene, file: CaseFile) -> Mapping[str, Booking]:
    """Return what is not over of a file by status; a place that is hers is ``booked``."""
    found = {one.status: one for one in store.live_of(scene.session, file.id)}
    if S.REOPENED in found:
        found[S.BOOKED] = found[S.REOPENED]
    return found


def begun(scene: Scene, file: CaseFile, booking: Booking) -> Booking:
    """Write a booking that is proposed."""
    _watch(scene, file, booking)
    begin(scene.session, booking, by=scene.hand, at=scene.now)
    store.add(scene.session, booking)
    return booking


def move(
    scene: Scene,
    file: CaseFile,
    booking: Booking,
    wanted: BookingStatus,
    *,
    reason: str | None = None,
    **changes: object,
) -> None:
    """Move a booking, and let whoever has to act now have it until a time.

    Parameters
    ----------
    reason
        A code for the event; of a no the booking keeps it too.
    changes
        Columns that change with the status: the database looks at them together.

    Raises
    ------
    TransitionError
        The move is not allowed from where it stands.
    """
    # All of it is written at once, and not by the first question or word in between.
    with together(scene.session), scene.session.no_autoflush:
        follow(
            scene.session, booking, wanted, by=scene.hand, at=scene.now, moves=NEXT, reason=reason
        )
        if reason is not None and wanted in (S.DECLINED, S.WITHDRAWN):
            booking.reason = reason
        for name, value in changes.items():
            setattr(booking, name, value)
        booking.version += 1
        _watch(scene, file, booking)
        store.add(scene.session, booking)


def require(booking: Booking, wanted: BookingStatus) -> None:
    """Refuse a move that is not allowed, before anything of it is written.

    Raises
    ------
    TransitionError
        The move is not allowed from where it stands.
    """
    allowed = NEXT[booking.status]
    if wanted not in allowed:
        raise TransitionError(booking.machine, booking.status, wanted, allowed=allowed)


def late(scene: Scene, file: CaseFile, booking: Booking) -> None:
    """Let a booking that nobody acted on go to the office of her county, and be due again."""
    step = step_of(booking.status, booking.colour)
    office = office_of(scene.session, file.residence_county)
    owner = booking.owner_org
    _owned(scene, booking, office or owner, scene.now + step.again, step.late_step)
    booking.version += 1
    store.add(scene.session, booking)
    for org in dict.fromkeys(one for one in (owner, office) if one is not None):
        tell(scene, booking, org, Template.BOOKING_OVERDUE)


def tell(scene: Scene, booking: Booking, org_id: uuid.UUID, template: Template) -> None:
    """Tell an organisation something of a booking: by its number, colour and centre."""
    params: dict[str, object] = {"facility": booking.facility_id}
    if template is Template.BOOKING_ASKED:
        params = {"colour": booking.colour or None}
    notify(
        scene,
        org_id=org_id,
        template=template,
        referral_id=booking.id,
        params=params,
        subject_kind=BOOKING_DUE,
    )


def tell_clinician(scene: Scene, file: CaseFile, booking: Booking, template: Template) -> None:
    """Tell who looks after her; where nobody does, the organisation that registered her."""
    tell(scene, booking, owner_of(scene.session, file), template)


def _watch(scene: Scene, file: CaseFile, booking: Booking) -> None:
    if booking.status not in WAITING:
        booking.owner_org = booking.next_due_at = booking.next_step = None
        cancel(scene.session, booking.id, (BOOKING_DUE,), at=scene.now)
        return
    step = step_of(booking.status, booking.colour)
    centre = store.facility_exists(scene.session, booking.facility_id)
    owner = centre if step.owner == CENTRE else owner_of(scene.session, file)
    _owned(scene, booking, owner, scene.now + step.within, step.step)


def _owned(
    scene: Scene, booking: Booking, owner: uuid.UUID | None, due_at: datetime, step: str
) -> None:
    booking.owner_org, booking.next_due_at, booking.next_step = owner, due_at, step
    set_deadline(
        scene.session,
        BOOKING_DUE,
        booking.id,
        due_at,
        province=booking.province,
        at=scene.now,
    )
