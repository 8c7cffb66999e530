"""Whether a road that is closed or slowed is in her way to the centre in the weeks of her birth.

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

__all__ = ["behind_roads", "is_road_closed"]


def is_road_closed(
    engine: Engine,
    file: CaseFile,
    booking: Booking,
    roads: Sequence[RoadClosure],
    *,
    since: datetime | None,
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
    mine = [
        one
        for one in roads
        if (since is None or one.declared_at > since)
        and meets(Closed(day_of(one.from_at), day_of(one.until_at)), edd)
    ]
    usual = minutes_for(engine, file, booking.facility_id)
    if not mine or usual is None:
        return False
    now = minutes_between(engine, file.residence_county, booking.facility_id, edd, mine)
    return now is None or is_much_longer(usual, now)


def behind_roads(
    session: Session, engine: Engine, province: str, *, at: datetime
) -> Iterator[uuid.UUID]:
    """Yield what is booked behind such a road, and of which that was not said yet."""
    roads = roads_ahead(session, province, at, engine.known_roads)
    for booking, file in store.expected_at(session, province) if roads else ():
        said = ReopenReason.ROAD_CLOSED in booking.reopened_for.split()
        if booking.status == BookingStatus.ASKED or said:
            continue
        if is_road_closed(engine, file, booking, roads, since=booking.confirmed_at):
            yield booking.id
