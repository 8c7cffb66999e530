"""What a booking run is made from: one read of every pregnancy with a 专案, of room and of lodging.

Nothing is locked. Each file is noted with what it stood at; for one of which something has changed
since nothing is proposed.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.bookings import beside, store
from app.bookings.roads import as_asked, in_her_weeks
from app.bookings.run_tables import LodgingPlace, WardClosure
from app.bookings.states import STANDING, BookingStatus, LodgingReply
from app.bookings.tables import Booking
from app.case_files.known.record import AT_ONCE, Known, facts_of, weeks_on
from app.case_files.known.store import entries_counted
from app.case_files.tables import CaseFile
from app.clock import stamp
from app.engine import Engine
from app.roads.service import roads_ahead, said_of
from routing.booking.values import Calendar
from routing.care.days import day_of

__all__ = ["Gathered", "Wish", "due_is_known", "gather", "mark_of", "room_of", "woman_of"]

S = BookingStatus
OVERDUE, LONGEST = timedelta(days=21), timedelta(days=280)
"""What routing takes for a due date (contract 2.4)."""
WEEKS = "gestational_age_weeks"


@dataclass(frozen=True, slots=True)
class Wish:
    """Bookings are to be made for an area: ``area`` is what the codes of its counties begin with.

    ``rethink`` lets places be changed that are somebody's, where that pays for itself; otherwise
    only those that were opened again.
    """

    province: str
    division: str
    area: str
    weeks: int
    rethink: bool = False


@dataclass(frozen=True, slots=True)
class Gathered:
    """One moment of an area: the document of contract 2.4, and who is not in it, and why.

    Parameters
    ----------
    left_out : Mapping[uuid.UUID, str]
        Whom somebody has to do something for before she is booked.
    beside : Mapping[str, Mapping[str, int]]
        By county and reason, how many others the files call pregnant.
    roads : Sequence[Mapping[str, object]]
        What was said of roads that are not as usual in the weeks of somebody.
    """

    now: datetime
    asked: Mapping[str, object]
    marks: Mapping[uuid.UUID, str]
    counties: Mapping[uuid.UUID, str]
    left_out: Mapping[uuid.UUID, str]
    beside: Mapping[str, Mapping[str, int]]
    roads: Sequence[Mapping[str, object]]


def gather(session: Session, engine: Engine, wish: Wish, *, now: datetime) -> Gathered:
    """Read the pregnancies of an area, what is booked for them, and what there is."""
    calendar = Calendar(now, wish.weeks)
    bookings: dict[uuid.UUID, list[Booking]] = {}
    for one in store.live_within(session, wish.province):
        bookings.setdefault(one.file_id, []).append(one)
    replies = store.last_replies(session, wish.province)
    noes: dict[uuid.UUID, list[dict[str, object]]] = {}
    for declined, at in store.declined_within(session, wish.province):
        noes.setdefault(declined.file_id, []).append(_no(declined, at))
    marks: dict[uuid.UUID, str] = {}
    left_out: dict[uuid.UUID, str] = {}
    counties: dict[uuid.UUID, str] = {}
    women = []
    ahead, met = roads_ahead(session, wish.province, now, engine.known_roads), set[uuid.UUID]()
    files = store.managed_within(session, wish.province, wish.area)
    for first in range(0, len(files), AT_ONCE):
        part = files[first : first + AT_ONCE]
        facts = facts_of(session, part)
        entries = entries_counted(session, [file.id for file in part])
        for file in part:
            counties[file.id] = file.residence_county
            mine, reply = bookings.get(file.id, []), replies.get(file.id)
            why_not = _why_not(file, calendar.today)
            if why_not is not None:
                left_out[file.id] = why_not
                continue
            marks[file.id] = mark_of(file, entries[file.id], mine, reply)
            woman = woman_of(
                engine,
                file,
                facts[file.id],
                mine,
                reply,
                rethink=wish.rethink,
                today=calendar.today,
            )
            said = [no for no in noes.get(file.id, ()) if no["facility_id"] in engine.registry]
            due = date.fromisoformat(str(file.edd))
            roads = in_her_weeks(ahead, due, today=calendar.today) if ahead else ()
            met |= {one.id for one in roads}
            women.append(woman | ({"declined": said} if said else {}) | as_asked(roads))
    for key, county, why in beside.to_be_looked_at(session, wish.province, wish.area, now=now):
        counties[key], left_out[key] = county, why
    asked: dict[str, object] = {
        "pregnancies": women,
        **room_of(session, engine, wish.province, calendar),
        "weeks": wish.weeks,
        "now": stamp(now),
    }
    return Gathered(
        now,
        asked,
        marks,
        counties,
        left_out,
        beside=beside.counted(session, wish.province, wish.area, now=now),
        roads=said_of(session, [one for one in ahead if one.id in met]),
    )


def room_of(
    session: Session, engine: Engine, province: str, calendar: Calendar
) -> dict[str, object]:
    """Return weeks of closed wards and places to live near centres, as contract 2.4 has them.

    All other room is what the network has in service.
    """
    last = calendar.monday + timedelta(weeks=calendar.weeks)
    closed = store.closures_of(session, province, since=calendar.monday, until=last)
    lodging = store.lodging_of(session, province, until=last)
    return {
        "room": [one for one in _closed(closed, calendar) if one["facility_id"] in engine.registry],
        "lodging": [
            one for one in _lodging(lodging, calendar) if one["facility_id"] in engine.registry
        ],
    }


def mark_of(file: CaseFile, entries: int, bookings: Sequence[Booking], reply: str | None) -> str:
    """Return what a file stood at; proposals are no part of it, for a run makes them anew.

    ``entries`` is how many entries of her facts there were.
    """
    there = sorted(f"{one.id}:{one.status}" for one in bookings if one.status != S.PROPOSED)
    said = (file.status, file.colour, file.purple, file.residence_county, file.edd)
    return json.dumps([*said, entries, reply, there])


def due_is_known(file: CaseFile, today: date) -> bool:
    """Tell whether a file has a due date that a pregnancy of today can have."""
    return _why_not(file, today) is None


def _why_not(file: CaseFile, today: date) -> str | None:
    if file.edd is None:
        return "no_due_date"
    due = date.fromisoformat(file.edd)
    return None if today - OVERDUE <= due <= today + LONGEST else "due_date_out_of_range"


def woman_of(
    engine: Engine,
    file: CaseFile,
    known: Mapping[str, Known],
    bookings: Sequence[Booking],
    reply: str | None,
    *,
    rethink: bool,
    today: date,
) -> dict[str, object]:
    """Return a pregnancy as contract 2.4 has it; who is asked for is taken to go there."""
    facts = {name: one.value for name, one in known.items()}
    weeks = weeks_on(file, today)
    if weeks is not None:
        facts[WEEKS] = weeks
    found: dict[str, object] = {
        "id": str(file.id),
        "origin": {"adcode": file.residence_county},
        "due_date": file.edd,
        "colour": file.colour or None,
        "purple": file.purple,
        "facts": facts,
        "refuses_lodging": reply == LodgingReply.REFUSED,
    }
    here = _here(bookings)
    if here is not None and here.facility_id in engine.registry:
        found["booked_facility_id"] = here.facility_id
        found["booked_lodging"] = here.lodging
        found["frozen"] = here.status == S.ASKED or (here.status == S.BOOKED and not rethink)
    return found


def _no(booking: Booking, at: datetime) -> dict[str, object]:
    """Return a centre that said no to her, as contract 2.4 has it."""
    return {
        "facility_id": booking.facility_id,
        "by": "centre",
        "at": day_of(at).isoformat(),
        "reason": booking.reason,
    }


def _here(bookings: Sequence[Booking]) -> Booking | None:
    asked = [one for one in bookings if one.status == S.ASKED]
    return next(iter(asked), None) or next(
        (one for one in bookings if one.status in STANDING), None
    )


def _weeks(calendar: Calendar) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of every week with its seven days."""
    for number in range(calendar.weeks):
        monday = calendar.monday + timedelta(weeks=number)
        days = [(monday + timedelta(days=day)).isoformat() for day in range(7)]
        yield calendar.name(number), days


def _closed(closed: Sequence[WardClosure], calendar: Calendar) -> Iterator[dict[str, object]]:
    """Yield the centre-weeks without a place: a ward that is closed for a day is, for the week."""
    weeks = list(_weeks(calendar))
    shut = {
        (one.facility_id, name, one.kind)
        for one in closed
        for name, days in weeks
        if one.from_day <= days[-1] and one.to_day >= days[0]
    }
    for facility_id, name, kind in sorted(shut):
        yield {"facility_id": facility_id, "week": name, "kind": kind, "places": 0}


def _lodging(lines: Sequence[LodgingPlace], calendar: Calendar) -> Iterator[dict[str, object]]:
    """Yield places to live by centre and week: those that are there on each day of it."""
    for facility_id in sorted({one.facility_id for one in lines}):
        mine = [one for one in lines if one.facility_id == facility_id]
        for name, days in _weeks(calendar):
            places = min(_on(mine, day) for day in days)
            yield {"facility_id": facility_id, "week": name, "places": places}


def _on(lines: Sequence[LodgingPlace], day: str) -> int:
    """Return the places on a day; of several lines the one declared last counts."""
    holds = [one for one in lines if one.from_day <= day and (one.to_day or day) >= day]
    return holds[-1].places if holds else 0
