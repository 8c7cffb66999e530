"""Roads that are closed or slowed in the weeks of her birth, and whether one is in her way.

A closure lasts until a date: it counts for whom her weeks meet it, and for nobody later. Several
that meet them are taken together, also where they do not hold on one day: which day she goes nobody
knows. A clinician who has confirmed a place knows those that were declared before.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlmodel import Session

from app.bookings import store
from app.bookings.reopening import Closed, is_much_longer, meets
from app.bookings.states import BookingStatus, ReopenReason
from app.bookings.tables import Booking
from app.bookings.ways import minutes_between, minutes_for
from app.case_files.tables import CaseFile
from app.engine import Engine
from app.roads.service import roads_ahead
from app.roads.tables import RoadClosure
from routing.care.days import day_of

__all__ = ["as_asked", "behind_roads", "in_her_weeks", "is_road_closed", "marks_in"]

MARKS = frozenset({"road_closed", "road_longer", "road_kept_out"})
"""What a run says of roads to a woman that it books."""


def in_her_weeks(roads: Sequence[RoadClosure], edd: date, *, today: date) -> Sequence[RoadClosure]:
    """Return the roads that are not as usual on some day on which she may be on her way.

    Who is past her due date and has not given birth may be on it any day from now on.
    """
    due = max(edd, today)
    return [one for one in roads if meets(Closed(day_of(one.from_at), day_of(one.until_at)), due)]


def as_asked(roads: Sequence[RoadClosure]) -> dict[str, object]:
    """Return roads as contract 2.4 has them; nothing where all are as usual."""
    shut = [[one.one, one.other] for one in roads if one.longer_min is None]
    slow = [[one.one, one.other, one.longer_min] for one in roads if one.longer_min is not None]
    both = {"closed_roads": shut, "slowed_roads": slow}
    return {name: found for name, found in both.items() if found}


def marks_in(why: str) -> frozenset[str]:
    """Return what of roads the reasons of a booking say."""
    return MARKS & {*why.split()}


def is_road_closed(
    engine: Engine,
    file: CaseFile,
    booking: Booking,
    roads: Sequence[RoadClosure],
    *,
    since: datetime | None,
    now: datetime,
) -> bool:
    """Tell whether her way is much longer, or none, by what is said of roads.

    Parameters
    ----------
    since
        What was said by then is known; None where nobody has looked at any of it.
    """
    if file.edd is None or not roads:
        return False
    edd = date.fromisoformat(file.edd)
    later = [one for one in roads if since is None or one.declared_at > since]
    mine = in_her_weeks(later, edd, today=day_of(now))
    usual = minutes_for(engine, file, booking.facility_id)
    if not mine or usual is None:
        return False
    way = minutes_between(engine, file.residence_county, booking.facility_id, edd, mine)
    return way is None or is_much_longer(usual, way)


def behind_roads(
    session: Session, engine: Engine, province: str, *, at: datetime
) -> Iterator[uuid.UUID]:
    """Yield what is booked behind such a road, and of which that was not said yet."""
    roads = roads_ahead(session, province, at, engine.known_roads)
    for booking, file in store.expected_at(session, province) if roads else ():
        said = ReopenReason.ROAD_CLOSED in booking.reopened_for.split()
        if booking.status == BookingStatus.ASKED or said:
            continue
        if is_road_closed(engine, file, booking, roads, since=booking.confirmed_at, now=at):
            yield booking.id
