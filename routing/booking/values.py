"""What is asked of booking, as frozen values (contract.md 2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from facilities.capacity import PlaceKind
from geodata.site import Site
from routing.local_time import LOCAL_TIME
from routing.request_values import Closed, Reserve, Slowed
from routing.triage.expression import Value

__all__ = [
    "BookingRequest",
    "Calendar",
    "Declined",
    "LodgingPlaces",
    "Pregnancy",
    "Room",
    "week_name",
]

DAYS_PER_WEEK = 7
PREGNANCY_DAYS = 280


@dataclass(frozen=True, slots=True)
class Declined:
    """A centre that is not to be hers: who said no (``woman`` or ``centre``), when and why."""

    facility_id: str
    by: str
    at: date
    reason: str


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """One pregnancy.

    Parameters
    ----------
    colour : str | None
        The assessed colour; None where nobody has assessed her yet.
    plan : str | None
        Planned way of birth; None follows from the facts.
    booked : str | None
        The facility of a standing booking.
    booked_lodging : bool | None
        Whether the standing booking has a lodging place; None is not stated, taken for none.
    frozen : bool
        The standing booking may not be moved.
    declined : tuple[Declined, ...]
        Centres that she or they themselves declined: hers only where there is nothing else.
    aid_group : str | None
        Only reported on, never asked in choosing (R-PERSON-01).
    closed, slowed : frozenset
        Roads that are not as usual in some of the weeks in which she may give birth; they count
        for all of them. Which those are says who asks.
    """

    id: str
    origin: Site
    county: str
    due: date
    colour: str | None
    purple: bool
    facts: Mapping[str, Value]
    plan: str | None
    booked: str | None
    booked_lodging: bool | None
    refuses_lodging: bool
    frozen: bool
    aid_group: str | None
    declined: tuple[Declined, ...] = ()
    closed: Closed = frozenset()
    slowed: Slowed = frozenset()

    @property
    def roads(self) -> tuple[Closed, Slowed]:
        """The roads that are not as usual for her."""
        return self.closed, self.slowed


@dataclass(frozen=True, slots=True)
class Room:
    """Places of one kind that may be booked at a facility in one week, counted from 0."""

    facility_id: str
    week: int
    kind: PlaceKind
    places: int


@dataclass(frozen=True, slots=True)
class LodgingPlaces:
    """Lodging places near a facility in one week, counted from 0."""

    facility_id: str
    week: int
    places: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The weeks of one question: ISO weeks of Yunnan, number 0 holds ``now``."""

    now: datetime
    weeks: int

    @property
    def today(self) -> date:
        """The day in Yunnan."""
        return self.now.astimezone(LOCAL_TIME).date()

    @property
    def monday(self) -> date:
        """The first day of week 0."""
        return self.today - timedelta(days=self.today.weekday())

    def week_of(self, day: date) -> int:
        """Return the number of the week of a day; negative before this week."""
        return (day - self.monday).days // DAYS_PER_WEEK

    def name(self, week: int) -> str:
        """Return a week as the interface writes it."""
        return week_name(self.monday + timedelta(days=DAYS_PER_WEEK * week))


def week_name(day: date) -> str:
    """Return the ISO week of a day: ``2026-W49``."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """All pregnancies to look at, and what there is for them."""

    pregnancies: tuple[Pregnancy, ...]
    room: tuple[Room, ...]
    lodging: tuple[LodgingPlaces, ...]
    calendar: Calendar
    reserve: tuple[Reserve, ...] = field(default=())
