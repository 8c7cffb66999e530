"""Which load is expected at each centre in each week of those who are booked or asked for.

Reckoned as a run reckons it, by the same functions, from the files as they are now; a number
without names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlmodel import Session

from app.bookings import store
from app.bookings.rooms import Room
from app.engine import Engine
from routing.booking.births import DAY
from routing.centres import KINDS

__all__ = ["Load", "expected_loads"]


@dataclass(frozen=True, slots=True)
class Load:
    """Bed-days expected in places of a kind in one week of a centre, and the most that fits."""

    facility_id: str
    week: str
    kind: str
    places: int
    load: float
    limit: float
    assumed: bool


def expected_loads(
    session: Session,
    engine: Engine,
    province: str,
    *,
    facility_id: str | None,
    weeks: int,
    at: datetime,
) -> Sequence[Load]:
    """Return the weeks of centres in which somebody is expected, by centre, kind and week."""
    facilities = None if facility_id is None else [facility_id]
    there = store.expected_at(session, province, facilities)
    room = Room(session, engine, province, there, at=at, weeks=weeks)
    standing, calendar = room.standing, room.calendar
    table = standing.table
    return [
        Load(
            facility_id=engine.network.ids[centre],
            week=calendar.name(week),
            kind=KINDS[kind].value,
            places=int(table.places[centre, kind, week]),
            load=round(int(standing.room[centre, kind, week]) / DAY, 1),
            limit=round(int(table.limit[centre, kind, week]) / DAY, 1),
            assumed=bool(table.assumed[centre, kind]),
        )
        for centre, kind, week in np.argwhere(standing.room > 0).tolist()
    ]
