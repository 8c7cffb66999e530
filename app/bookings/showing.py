"""Bookings as they are shown: all of one to whoever sees the file, the least to a centre asked."""

import json
import uuid
from collections import Counter
from datetime import date

from app.bookings.choosing import Accepted
from app.bookings.run_tables import BookingRun
from app.bookings.runs import BESIDE, ROADS, is_pending
from app.bookings.schemas import AcceptedOneOut, BookingBesideOut, BookingOut, BookingRunOut
from app.bookings.sight import BookingSight, Seen, how_much, look
from app.bookings.tables import Booking
from app.case_files import store as case_files
from app.case_files.noting import noted
from app.case_files.tables import CaseFile
from app.events.store import event_words
from app.keys.words import told
from app.problems import problem_of
from app.roads.schemas import RoadSaidOut
from app.work import Work

__all__ = ["accepted_out", "booking_out", "current_booking", "run_out", "shown"]

TENTHS = 10
BY_WOMAN = ("bookings", "unbooked", "set_aside")


def shown(work: Work, booking_id: uuid.UUID) -> BookingOut:
    """Show a booking, and write down that it was looked at."""
    seen = look(work, booking_id)
    noted(work, seen.file.id, "booking_seen", what="booking", object_id=booking_id, read=True)
    return seen_out(work, seen)


def current_booking(work: Work, booking: Booking) -> BookingOut:
    """Show a booking after an act on it."""
    file = case_files.file_of(work.session, booking.file_id)
    if file is None:
        raise AssertionError("a file is never deleted")
    return booking_out(work, booking, file)


def booking_out(work: Work, booking: Booking, file: CaseFile) -> BookingOut:
    """Show a booking of a file as much as the actor sees of it."""
    return seen_out(work, Seen(booking, file, how_much(work, file)))


def seen_out(work: Work, seen: Seen) -> BookingOut:
    """Show as much of a booking as is seen of it."""
    booking, file = seen.booking, seen.file
    full = seen.sight is BookingSight.FULL
    return BookingOut(
        id=booking.id,
        sight=seen.sight,
        file_id=file.id if full else None,
        file_number=file.number,
        run_id=booking.run_id if full else None,
        facility_id=booking.facility_id,
        status=booking.status,
        version=booking.version,
        come_by=None if booking.come_by is None else date.fromisoformat(booking.come_by),
        lodging=booking.lodging,
        minutes=booking.minutes,
        cost_min=None if booking.cost_tenths is None else booking.cost_tenths / TENTHS,
        why=booking.why.split(),
        kinds=booking.kinds.split(),
        colour=booking.colour or None,
        purple=booking.purple if full else False,
        residence_county=booking.residence_county,
        edd=date.fromisoformat(booking.edd),
        over_limit=booking.over_limit,
        chosen_because=told(work.session, booking, "chosen_because") if full else None,
        asked_at=booking.asked_at,
        booked_at=booking.booked_at,
        consent_said_by=_said_by(work, booking) if full else None,
        confirmed_at=booking.confirmed_at,
        next_due_at=booking.next_due_at,
        next_step=booking.next_step,
        reason=booking.reason,
        reopened_for=booking.reopened_for.split(),
        replaced_by=booking.replaced_by if full else None,
    )


def _said_by(work: Work, booking: Booking) -> str | None:
    """Return who consented by telephone; of no other event of a booking it is kept."""
    words = event_words(work.session, booking.machine, booking.id)
    return told(work.session, words[-1], "said_by") if words else None


def accepted_out(work: Work, one: Accepted) -> AcceptedOneOut:
    """Say what became of one of many."""
    problem = None
    if one.refused is not None:
        found = problem_of(one.refused)
        problem = {"type": found.urn, "status": found.status, **found.told}
    return AcceptedOneOut(
        id=one.booking_id,
        booking=None if one.booking is None else current_booking(work, one.booking),
        problem=problem,
    )


def run_out(work: Work, run: BookingRun, area: str) -> BookingRunOut:
    """Show a run; of women that live outside an area nothing is shown but how many they are."""
    bound, answer = run.bound_tenths, json.loads(run.answer)
    counties = json.loads(run.counties)
    for part in BY_WOMAN:
        answer[part] = [one for one in answer[part] if counties[one["id"]].startswith(area)]
    beside, roads = Counter[str](), answer.pop(ROADS, [])
    for county, women in answer.pop(BESIDE, {}).items():
        beside.update(women if county.startswith(area) else {})
    return BookingRunOut(
        id=run.id,
        division=run.division,
        status=run.status,
        proven=run.proven,
        objective_min=run.objective_tenths / TENTHS,
        bound_min=None if bound is None else bound / TENTHS,
        women=run.women,
        unbooked=run.unbooked,
        set_aside=run.set_aside,
        weeks=run.weeks,
        rule_set=run.rule_set,
        made_at=run.made_at,
        nightly=run.made_by is None,
        pending=is_pending(work.session, run),
        beside=[BookingBesideOut(reason=one, women=beside[one]) for one in sorted(beside)],
        roads=[RoadSaidOut.model_validate(one) for one in roads],
        answer=answer,
    )
