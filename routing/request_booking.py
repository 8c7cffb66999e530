"""Pregnancies to be booked: their origins, due dates and standing bookings, room and lodging."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from facilities.capacity import PlaceKind
from routing.booking.values import (
    PREGNANCY_DAYS,
    BookingRequest,
    Calendar,
    Declined,
    LodgingPlaces,
    Pregnancy,
    Room,
)
from routing.request_facts import facts_of
from routing.request_parts import Part
from routing.request_single import MOST_PLACES, ONCE, SingleReader
from routing.triage.booking_rows import PLANS
from routing.triage.rows import Colour

__all__ = ["BookingReader"]

FIELDS = ("pregnancies", "room", "lodging", "reserve", "weeks", "now")
PREGNANCY_FIELDS = (
    "id",
    "origin",
    "due_date",
    "colour",
    "purple",
    "facts",
    "plan",
    "booked_facility_id",
    "booked_lodging",
    "refuses_lodging",
    "frozen",
    "aid_group",
    "declined",
    "closed_roads",
    "slowed_roads",
)
DECLINING = ("woman", "centre")
WEEK = re.compile(r"(\d{4})-W(\d{2})")
WEEKS_DEFAULT, WEEKS_MOST = 24, 52
OVERDUE_DAYS = 21
"""Three weeks past the due date nobody is still to be booked: the date is wrong."""


@dataclass(frozen=True, slots=True)
class BookingReader:
    """Reads the document of contract 2.4 with the readers of single requests."""

    single: SingleReader

    def read(self, part: Part) -> BookingRequest | None:
        """Return what is asked, None where a fault was noted."""
        part.only(FIELDS)
        now = part.moment("now", required=True)
        weeks = part.whole("weeks", low=1, high=WEEKS_MOST) or WEEKS_DEFAULT
        calendar = None if now is None else Calendar(now, weeks)
        pregnancies = self._pregnancies(part, calendar)
        room = self._room(part, calendar)
        lodging = self._lodging(part, calendar)
        reserve = self.single.reserve(part)
        if calendar is None or part.faults:
            return None
        return BookingRequest(pregnancies, room, lodging, calendar, reserve)

    def _pregnancies(self, part: Part, calendar: Calendar | None) -> tuple[Pregnancy, ...]:
        found, seen = [], set[str]()
        for position, entry in enumerate(part.items("pregnancies", required=True)):
            where = f"pregnancies[{position}]"
            if not isinstance(entry, dict):
                part.fault(where, "wrong_type", "{...}", entry)
                continue
            of_her = Part(entry, where, "", part.faults)
            pregnancy = self._pregnancy(of_her, calendar)
            name = entry.get("id")
            if isinstance(name, str) and name in seen:
                of_her.fault("id", "duplicate", ONCE)
            if isinstance(name, str):
                seen.add(name)
            if pregnancy is not None:
                found.append(pregnancy)
        return tuple(found)

    def _pregnancy(self, part: Part, calendar: Calendar | None) -> Pregnancy | None:
        part.only(PREGNANCY_FIELDS)
        name = part.text("id", required=True)
        origin = self.single.origins.read(part)
        due = _due(part, calendar)
        colour = part.choice("colour", Colour, code="unknown_colour")
        booked = self.single.facility(part, "booked_facility_id")
        frozen = bool(part.flag("frozen"))
        if frozen and not part.has("booked_facility_id"):
            part.fault("frozen", "nothing_booked", "booked_facility_id")
        lodging = part.flag("booked_lodging")
        if lodging is not None and not part.has("booked_facility_id"):
            part.fault("booked_lodging", "nothing_booked", "booked_facility_id")
        facts = facts_of(part, self.single.rules.facts, "maternal") if part.has("facts") else {}
        plan = part.choice("plan", PLANS, code="unknown_value")
        purple, refuses = bool(part.flag("purple")), bool(part.flag("refuses_lodging"))
        aid = part.text("aid_group")
        declined = self._declined(part, calendar)
        closed, slowed = self.single.closures(part), self.single.slowdowns(part)
        if name is None or origin is None or due is None:
            return None
        return Pregnancy(
            id=name,
            origin=origin.site,
            county=origin.county,
            due=due,
            colour=colour,
            purple=purple,
            facts=facts,
            plan=plan,
            booked=booked,
            booked_lodging=lodging,
            refuses_lodging=refuses,
            frozen=frozen,
            aid_group=aid,
            declined=declined,
            closed=closed,
            slowed=slowed,
        )

    def _declined(self, part: Part, calendar: Calendar | None) -> tuple[Declined, ...]:
        found = []
        for entry in part.parts("declined"):
            entry.only(("facility_id", "by", "at", "reason"))
            facility = self.single.facility(entry, "facility_id", required=True)
            by = entry.choice("by", DECLINING, code="unknown_value", required=True)
            at = _day(entry, "at")
            if at is not None and calendar is not None and at > calendar.today:
                entry.fault("at", "out_of_range", f"..{calendar.today}")
            reason = entry.text("reason", required=True)
            if facility is None or by is None or at is None or reason is None:
                continue
            found.append(Declined(facility, by, at, reason))
        return tuple(found)

    def _room(self, part: Part, calendar: Calendar | None) -> tuple[Room, ...]:
        found, seen = [], set[tuple[str, int, str]]()
        for entry in part.parts("room"):
            entry.only(("facility_id", "week", "kind", "places"))
            facility = self.single.facility(entry, "facility_id", required=True)
            week = _week(entry, calendar)
            kind = entry.choice("kind", PlaceKind, code="unknown_kind", required=True)
            places = entry.whole("places", low=0, high=MOST_PLACES, required=True)
            if facility is None or week is None or kind is None or places is None:
                continue
            if (facility, week, kind) in seen:
                entry.fault("week", "duplicate", ONCE)
            seen.add((facility, week, kind))
            found.append(Room(facility, week, PlaceKind(kind), places))
        return tuple(found)

    def _lodging(self, part: Part, calendar: Calendar | None) -> tuple[LodgingPlaces, ...]:
        found, seen = [], set[tuple[str, int]]()
        for entry in part.parts("lodging"):
            entry.only(("facility_id", "week", "places"))
            facility = self.single.facility(entry, "facility_id", required=True)
            week = _week(entry, calendar)
            places = entry.whole("places", low=0, high=MOST_PLACES, required=True)
            if facility is None or week is None or places is None:
                continue
            if (facility, week) in seen:
                entry.fault("week", "duplicate", ONCE)
            seen.add((facility, week))
            found.append(LodgingPlaces(facility, week, places))
        return tuple(found)


def _due(part: Part, calendar: Calendar | None) -> date | None:
    """Return a due date that a pregnancy of today can have."""
    due = _day(part, "due_date")
    if due is not None and calendar is not None:
        first = calendar.today - timedelta(days=OVERDUE_DAYS)
        last = calendar.today + timedelta(days=PREGNANCY_DAYS)
        if not first <= due <= last:
            part.fault("due_date", "out_of_range", f"{first}..{last}")
            return None
    return due


def _day(part: Part, name: str) -> date | None:
    """Return a day of the calendar, which has to be there."""
    text = part.text(name, required=True)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        part.fault(name, "wrong_type", "YYYY-MM-DD")
        return None


def _week(part: Part, calendar: Calendar | None) -> int | None:
    """Return the number of a week of the question; one that is over is refused."""
    text = part.text("week", required=True)
    if text is None or calendar is None:
        return None
    first, last = calendar.name(0), calendar.name(calendar.weeks - 1)
    match = WEEK.fullmatch(text)
    try:
        day = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        day = None
    if day is None:
        part.fault("week", "unknown_week", f"{first}..{last}")
        return None
    week = calendar.week_of(day)
    if not 0 <= week < calendar.weeks:
        part.fault("week", "past_week" if week < 0 else "out_of_range", f"{first}..{last}")
        return None
    return week
