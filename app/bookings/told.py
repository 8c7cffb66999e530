"""A centre at which another system says that she is booked: it is asked, and is none until then.

The question is that of a choice by hand. What a clinician may do knowing it, a file may not: ask
beyond the limit of a week, for a woman without a colour, beside a place that is hers, instead of
another question, or where somebody has said no before.
"""

import uuid
from collections.abc import Iterator

from app.bookings import store
from app.bookings.asking import Wanted, ask, chosen, faults_of
from app.bookings.errors import BookingRefusedError
from app.bookings.moving import begun, live, move
from app.bookings.rooms import Room
from app.bookings.sight import CHOOSE
from app.bookings.states import BookingStatus
from app.bookings.tables import Booking
from app.bookings.ways import minutes_for
from app.case_files.sight import locked_for
from app.case_files.states import NO_COLOUR
from app.case_files.tables import CaseFile
from app.errors import NotFoundError
from app.events.scene import Scene
from app.work import Work

__all__ = ["ask_as_told"]

S = BookingStatus
TOLD = "told_by_platform"


def ask_as_told(
    work: Work, room: Room, file_id: uuid.UUID, facility_id: str, *, told_as: str
) -> Booking | None:
    """Ask a centre that another system names; None where it is asked, or has her, already.

    Parameters
    ----------
    room
        That of the centre.
    told_as
        The other system's number of her file.

    Raises
    ------
    NotFoundError
        No such file in sight, or no such facility.
    BookingRefusedError
        A person has to look at it; every reason is listed, and nothing was written.
    """
    file = locked_for(work, file_id, *CHOOSE)
    if store.facility_exists(work.session, facility_id) is None:
        raise NotFoundError("facility", facility_id)
    scene = Scene.of(work)
    there = live(scene, file)
    settled = (there.get(S.BOOKED), there.get(S.ASKED))
    if any(one is not None and one.facility_id == facility_id for one in settled):
        return None
    wanted = Wanted(facility_id=facility_id, because=told_as)
    way = minutes_for(room.engine, file, facility_id)
    faults = [*faults_of(scene, room.engine, file, wanted, way), *_of_a_file(scene, file, wanted)]
    if faults or way is None:
        raise BookingRefusedError(faults)
    booking = chosen(scene, file, wanted, way, why=TOLD)
    if lacking := room.lacks(work.session, booking, file):
        raise BookingRefusedError(lacking)
    if S.PROPOSED in there:
        move(scene, file, there[S.PROPOSED], S.SUPERSEDED)
    begun(scene, file, booking)
    ask(scene, work, file, booking)
    room.take(work.session, booking, file)
    return booking


def _of_a_file(scene: Scene, file: CaseFile, wanted: Wanted) -> Iterator[str]:
    """Yield what keeps a file from asking, and would not keep a clinician."""
    there = live(scene, file)
    before = store.over_at(scene.session, file.id, wanted.facility_id)
    checks = (
        (file.colour == NO_COLOUR, "no_colour_yet"),
        (S.BOOKED in there, "booked_elsewhere"),
        (S.ASKED in there, "asked_elsewhere"),
        (S.DECLINED in before, "declined_before"),
        (bool(before & {S.WITHDRAWN, S.REPLACED}), "withdrawn_before"),
    )
    yield from (code for wrong, code in checks if wrong)
