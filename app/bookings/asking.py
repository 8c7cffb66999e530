"""Having a centre asked for a birth, whoever named it: when it may be asked, and the question."""

from dataclasses import dataclass
from datetime import date

from app.bookings import store
from app.bookings.moving import live, move, tell
from app.bookings.resting import refuses_lodging
from app.bookings.states import BookingStatus, WithdrawReason
from app.bookings.tables import Booking
from app.bookings.ways import takes_her
from app.case_files.noting import noted
from app.case_files.states import MANAGED
from app.case_files.tables import CaseFile
from app.db_types import new_key
from app.engine import Engine
from app.events.scene import Scene
from app.keys.words import put
from app.notices.states import Template
from app.work import Work

__all__ = ["Wanted", "ask", "chosen", "faults_of", "take_back"]

S = BookingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A centre that somebody names, by which day she comes near it, and why."""

    facility_id: str
    come_by: date | None = None
    lodging: bool = False
    because: str


def ask(scene: Scene, work: Work, file: CaseFile, booking: Booking) -> None:
    """Ask a centre; one that was asked before and has not answered is asked no more."""
    asked = live(scene, file).get(S.ASKED)
    if asked is not None:
        take_back(scene, file, asked, WithdrawReason.ANOTHER_PLAN)
    move(scene, file, booking, S.ASKED, chosen_by=work.actor.user_id, asked_at=scene.now)
    centre = store.facility_exists(scene.session, booking.facility_id)
    if centre is None:
        raise AssertionError("a key of the database leads from a booking to its facility")
    tell(scene, booking, centre, Template.BOOKING_ASKED)
    noted(work, file.id, "booking_asked", what="booking", object_id=booking.id)


def take_back(scene: Scene, file: CaseFile, booking: Booking, reason: WithdrawReason) -> None:
    """Take a proposal, a question or a place back; a centre that knew of it is told."""
    was_told = booking.asked_at is not None
    move(scene, file, booking, S.WITHDRAWN, reason=reason.value, reopened_for="")
    centre = store.facility_exists(scene.session, booking.facility_id)
    if was_told and centre is not None:
        tell(scene, booking, centre, Template.BOOKING_WITHDRAWN)


def chosen(scene: Scene, file: CaseFile, wanted: Wanted, way: int, *, why: str) -> Booking:
    """Return a booking that somebody wants and no run proposed; ``why`` is a code of who."""
    booking = Booking(
        id=new_key(),
        province=file.province,
        file_id=file.id,
        facility_id=wanted.facility_id,
        status=S.PROPOSED.value,
        last_seq=1,
        come_by=None if wanted.come_by is None else wanted.come_by.isoformat(),
        lodging=wanted.lodging,
        minutes=way,
        why=why,
        colour=file.colour,
        purple=file.purple,
        residence_county=file.residence_county,
        edd=file.edd or "",
    )
    put(scene.session, booking, chosen_because=wanted.because)
    return booking


def faults_of(
    scene: Scene, engine: Engine, file: CaseFile, wanted: Wanted, way: int | None
) -> list[str]:
    """Return why a centre cannot be asked for her, as codes; ``way`` are the minutes to it."""
    fits = takes_her(engine, wanted.facility_id, colour=file.colour, purple=file.purple)
    come_by, edd = wanted.come_by, file.edd
    checks = (
        (file.status not in MANAGED, "not_managed"),
        (edd is None, "no_due_date"),
        (edd is not None and way is None, "no_way"),
        (not fits, "centre_cannot_take_her"),
        (wanted.lodging and come_by is None, "lodging_without_day"),
        (
            wanted.lodging and refuses_lodging(scene, file.id, file.province),
            "lodging_refused",
        ),
        (come_by is not None and edd is not None and come_by.isoformat() > edd, "come_by_too_late"),
    )
    return [code for wrong, code in checks if wrong]
