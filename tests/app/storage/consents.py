"""The consent of a centre to a birth, for histories that are about the file and not the booking."""

from app.bookings.asking import Wanted, ask, chosen
from app.bookings.moving import begun, live, move
from app.bookings.states import BookingStatus
from app.bookings.store import facility_exists
from app.case_files.acts.managing import place_planned
from app.case_files.errors import FileRefusedError
from app.case_files.sight import locked_for
from app.case_files.states import MANAGED
from app.events.scene import Scene


def consented(work, file_id, facility_id, *, read):
    """A centre that was asked has consented to her birth there."""
    file, scene = locked_for(work, file_id, read=read), Scene.of(work)
    if file.status not in MANAGED or file.edd is None or "booked" in live(scene, file):
        raise FileRefusedError(["not_to_be_booked"])
    booking = chosen(scene, file, Wanted(facility_id=facility_id, because="近"), 60, why="by_hand")
    begun(scene, file, booking)
    ask(scene, work, file, booking)
    move(scene, file, booking, BookingStatus.BOOKED, booked_at=scene.now, was_booked=1)
    return place_planned(scene, file, facility_id, facility_exists(work.session, facility_id))
