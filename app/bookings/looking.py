"""Looking at the bookings of a file when something has become of it, and once every night.

Every act on a file with a 专案 sets a deadline that is due at once: the worker looks whether her
place still holds. A birth uses it, a file that is over ends it, a difference opens it again with an
alert; what is opened again stays hers.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlmodel import Session

from app.bookings import store
from app.bookings.moving import BOOKING_DUE, late, live, move, tell, tell_clinician
from app.bookings.resting import why_now
from app.bookings.states import STANDING, WAITING, BookingStatus, ReopenReason
from app.bookings.tables import Booking
from app.case_files import store as case_files
from app.case_files.states import BEYOND_BOOKING, OVER
from app.case_files.tables import CaseFile
from app.case_files.watching import LOOK_AT_BOOKING
from app.deadlines.service import set_deadline
from app.engine import Engine
from app.events.scene import Scene
from app.notices.states import Template
from app.worker.handling import Handler, Task

__all__ = ["EngineAt", "handlers", "lacks_room", "look_again", "look_soon", "scene_of"]

S = BookingStatus
EngineAt = Callable[[Session], Engine]
"""Gives the network as of now, by what the database knows."""


def handlers(engine_at: EngineAt) -> Mapping[str, Handler]:
    """Return what is done when a file is to be looked at, and when a booking is late."""

    def looked(task: Task) -> None:
        file = case_files.locked(task.session, task.subject_id)
        if file is not None:
            look_again(scene_of(task.session, task.now, file), engine_at(task.session), file)

    return {
        LOOK_AT_BOOKING: Handler(act=looked, lock=case_files.locked, bulk=True),
        BOOKING_DUE: Handler(act=_fallen_due, lock=_locked, bulk=True),
    }


def look_again(scene: Scene, engine: Engine, file: CaseFile) -> tuple[ReopenReason, ...]:
    """Bring the bookings of a locked file up to what is so now; why one was opened again."""
    there = live(scene, file)
    if file.status in BEYOND_BOOKING:
        for booking in {one.id: one for one in there.values()}.values():
            _over(scene, file, booking)
        return ()
    hers = there.get(S.BOOKED)
    return () if hers is None else _reopened(scene, engine, file, hers)


def scene_of(session: Session, now: datetime, file: CaseFile) -> Scene:
    """Return the scene of what happens to a file by itself."""
    return Scene.of_system(session, now, file.owner_org or file.registered_org)


def lacks_room(
    scene: Scene,
    engine: Engine,
    file: CaseFile,
    booking: Booking,
    lacking: tuple[ReopenReason, ...],
) -> None:
    """Open a place of a locked file again for which there is no room, or no lodging, any more."""
    if booking.status in STANDING:
        reasons = why_now(scene, engine, file, booking, lacking=lacking)
        _open_again(scene, file, booking, reasons)


def look_soon(session: Session, bookings: Iterable[Booking], scene: Scene) -> None:
    """Have files looked at as soon as the worker comes to it."""
    for booking in bookings:
        set_deadline(
            session,
            LOOK_AT_BOOKING,
            booking.file_id,
            scene.now,
            province=booking.province,
            at=scene.now,
        )


def _over(scene: Scene, file: CaseFile, booking: Booking) -> None:
    """End a booking: hers is used by a birth; whoever is asked or kept a place is told."""
    born = file.status not in OVER
    used = booking.status in STANDING and born
    was_told = booking.asked_at is not None and not used
    move(scene, file, booking, S.USED if used else S.ENDED, reopened_for="")
    centre = store.facility_exists(scene.session, booking.facility_id)
    if was_told and centre is not None:
        tell(scene, booking, centre, Template.BOOKING_WITHDRAWN)


def _reopened(
    scene: Scene, engine: Engine, file: CaseFile, booking: Booking
) -> tuple[ReopenReason, ...]:
    return _open_again(scene, file, booking, why_now(scene, engine, file, booking))


def _open_again(
    scene: Scene, file: CaseFile, booking: Booking, reasons: tuple[ReopenReason, ...]
) -> tuple[ReopenReason, ...]:
    said = " ".join(reasons)
    if said == booking.reopened_for:
        return reasons
    if not reasons:
        # What had changed is as it was: whether it still holds, her clinician says all the same.
        return ()
    new = set(reasons) - set(booking.reopened_for.split())
    if booking.status == S.BOOKED:
        move(scene, file, booking, S.REOPENED, reason=reasons[0].value, reopened_for=said)
    else:
        booking.reopened_for = said
        booking.version += 1
        store.add(scene.session, booking)
    if new:
        tell_clinician(scene, file, booking, Template.BOOKING_REOPENED)
    return reasons


def _fallen_due(task: Task) -> None:
    booking = store.booking_of(task.session, task.subject_id)
    if booking is None or booking.status not in WAITING:
        return
    file = case_files.locked(task.session, booking.file_id)
    if file is not None:
        late(scene_of(task.session, task.now, file), file, booking)


def _locked(session: Session, booking_id: uuid.UUID) -> None:
    booking = store.booking_of(session, booking_id)
    if booking is not None:
        case_files.locked(session, booking.file_id)
