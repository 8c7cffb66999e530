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
from app.bookings.readable import of_those_readable
from app.bookings.run_request import due_is_known, room_of, woman_of
from app.clock import stamp
from app.engine import Engine
from routing.booking.births import DAY
from routing.booking.book import standing_of
from routing.booking.values import Calendar
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
    calendar = Calendar(at, weeks)
    replies = store.last_replies(session, province)
    women = [
        woman_of(
            session,
            engine,
            file,
            [booking],
            replies.get(file.id),
            rethink=False,
            today=calendar.today,
        )
        # One who is booked here and asked for there takes room at both.
        | {"id": str(booking.id), "frozen": True}
        for booking, file in store.expected_at(session, province, facility_id)
        if booking.facility_id in engine.registry and due_is_known(file, calendar.today)
    ]
    asked: dict[str, object] = {
        "pregnancies": women,
        **room_of(session, engine, province, calendar),
        "weeks": weeks,
        "now": stamp(at),
    }
    standing, _ = of_those_readable(
        asked,
        lambda one: standing_of(engine.network, engine.rules, engine.reader.booking(one)),
    )
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
