"""Why a birth is booked here and not at another centre that can be reached: each with its reasons.

Reckoned when it is asked, by the functions that a run and a choice by hand go by: the floor of her
colour, the way in the month of the birth, the roads that are closed or slowed in her weeks, and the
weeks of the centre as they are expected now.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.bookings import store
from app.bookings.roads import in_her_weeks
from app.bookings.rooms import Room
from app.bookings.sight import BookingSight, Seen, look
from app.bookings.states import OF_ROOM, BookingStatus
from app.bookings.tables import Booking
from app.bookings.ways import minutes_to_all, takes_her
from app.case_files.tables import CaseFile
from app.engine import Engine
from app.roads.service import roads_ahead, said_of
from app.roads.tables import RoadClosure
from app.work import Work
from facilities.centre import FacilityStatus
from routing.care.days import day_of

__all__ = ["Elsewhere", "Other", "WhyNot", "elsewhere"]

SHOWN: Final = 8
"""The nearest by the usual roads, and by those that are open; the plan weighed hundreds."""


FEW: Final = 8
"""Roads that are looked at one by one."""


class WhyNot(StrEnum):
    """Why not there; a centre with none of them may be chosen by hand."""

    CLOSED = "closed"
    BELOW_FLOOR = "below_floor"
    DECLINED = "declined"
    NO_ROOM = "no_room"
    NO_LODGING = "no_lodging"
    ROAD_CLOSED = "road_closed"
    ROAD_LONGER = "road_longer"
    FARTHER = "farther"


@dataclass(frozen=True, slots=True)
class Other:
    """Another centre, the minutes to it from her county, and why not there.

    ``by_open_roads`` are those by the roads that are open in her weeks; None where none is.
    """

    facility_id: str
    minutes: int
    by_open_roads: int | None
    why_not: Sequence[WhyNot]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The other centres, and what roads have to do with the way to hers and to them."""

    by_open_roads: int | None = None
    roads: Sequence[Mapping[str, object]] = ()
    items: Sequence[Other] = ()


def elsewhere(work: Work, engine: Engine, booking_id: uuid.UUID) -> Elsewhere:
    """Return the nearest other centres with why not there; none to who sees only the least of her.

    Raises
    ------
    NotFoundError
        There is no such booking, or it is out of scope.
    """
    seen = look(work, booking_id)
    if seen.sight is not BookingSight.FULL or seen.file.edd is None:
        return Elsewhere()
    ways = _Ways.of(work, engine, seen.booking)
    here = seen.booking.facility_id
    near = [one for one in ways.near if one != here]
    expected = store.expected_at(work.session, seen.file.province, near)
    there = [one for one in expected if one[1].id != seen.file.id]
    room = Room(work.session, engine, seen.file.province, there, at=work.now)
    declined = store.declined_of(work.session, seen.file.id)
    return Elsewhere(
        by_open_roads=ways.by_open.get(here),
        roads=said_of(work.session, ways.lengthening([here, *near])),
        items=[
            Other(
                one,
                ways.usual[one],
                ways.by_open.get(one),
                tuple(_why_not(work, room, seen, ways, one, one in declined)),
            )
            for one in near
        ],
    )


@dataclass(frozen=True, slots=True)
class _Ways:
    """Minutes to every centre that the usual roads lead to, and by those open in her weeks."""

    engine: Engine
    county: str
    edd: date
    roads: Sequence[RoadClosure]
    usual: Mapping[str, int]
    by_open: Mapping[str, int]

    @classmethod
    def of(cls, work: Work, engine: Engine, booking: Booking) -> "_Ways":
        """Look up the ways from where she lives in the month of the birth."""
        county, edd = booking.residence_county, date.fromisoformat(booking.edd)
        ahead = roads_ahead(work.session, booking.province, work.now, engine.known_roads)
        roads = in_her_weeks(ahead, edd, today=day_of(work.now))
        usual = minutes_to_all(engine, county, edd)
        by_open = minutes_to_all(engine, county, edd, roads) if roads else usual
        return cls(engine, county, edd, roads, usual, by_open)

    @property
    def near(self) -> Sequence[str]:
        """The nearest centres, by the usual roads or by those that are open."""
        found = {
            one
            for ways in (self.usual, self.by_open)
            for one in sorted(ways, key=_by(ways))[:SHOWN]
        }
        return sorted(found & self.usual.keys(), key=_by(self.usual))

    def lengthening(self, centres: Collection[str]) -> Sequence[RoadClosure]:
        """Return the roads of which one of some ways is longer, by themselves or with others.

        Where there are many, each of them: looking at all of a province takes seconds.
        """

        def to(roads: Sequence[RoadClosure]) -> Sequence[int | None]:
            ways = minutes_to_all(self.engine, self.county, self.edd, roads)
            return [ways.get(one) for one in centres]

        usual, by_open = to(()), to(self.roads)
        if usual == by_open or len(self.roads) > FEW:
            return () if usual == by_open else self.roads
        return [
            one
            for one in self.roads
            if to([one]) != usual
            or to([other for other in self.roads if other is not one]) != by_open
        ]


def _by(ways: Mapping[str, int]) -> Callable[[str], tuple[int, str]]:
    return lambda one: (ways[one], one)


def _why_not(
    work: Work, room: Room, seen: Seen, ways: _Ways, facility_id: str, declined: bool
) -> Iterator[WhyNot]:
    engine, file = room.engine, seen.file
    if engine.registry.get(facility_id).status is FacilityStatus.SUSPENDED:
        yield WhyNot.CLOSED
    elif not takes_her(engine, facility_id, colour=file.colour, purple=file.purple):
        yield WhyNot.BELOW_FLOOR
    else:
        lacking = room.lacks(work.session, _as_if(seen.booking, file, facility_id), file)
        yield from (WhyNot(str(one)) for one in lacking if one in OF_ROOM)
    if declined:
        yield WhyNot.DECLINED
    now, here = ways.by_open.get(facility_id), ways.by_open.get(seen.booking.facility_id)
    if now is None:
        yield WhyNot.ROAD_CLOSED
    elif now > ways.usual[facility_id]:
        yield WhyNot.ROAD_LONGER
    if now is not None and here is not None and now > here:
        yield WhyNot.FARTHER


def _as_if(booking: Booking, file: CaseFile, facility_id: str) -> Booking:
    """Return her booking as it would stand there; it is never written."""
    return Booking(
        id=booking.id,
        province=booking.province,
        file_id=file.id,
        facility_id=facility_id,
        status=BookingStatus.PROPOSED,
        lodging=booking.lodging,
        minutes=booking.minutes,
        last_seq=booking.last_seq,
        colour=booking.colour,
        purple=booking.purple,
        residence_county=booking.residence_county,
        edd=booking.edd,
    )
