"""One pregnancy as the calendar sees it: when it began, what stands, what was done when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from routing.care.days import day_of
from routing.care.rows import EventKind
from routing.triage.expression import Value
from routing.triage.rows import Colour

__all__ = ["Event", "Pregnancy", "Standing"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``ref`` names its record.

    ``about`` names the record that it answers, where it answers one only: the outcome of one
    referral settles no other.
    """

    kind: EventKind
    at: datetime
    ref: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The colour that stood from ``at``; ``ref`` names the assessment or the word that made it."""

    at: datetime
    colour: Colour
    purple: bool
    ref: str


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """What is on record of one pregnancy.

    Parameters
    ----------
    day_zero
        The day that counts as 0+0 weeks: first day of the last menstrual period, or as the due
        date says (:func:`routing.care.days.day_zero_of`). None while nobody knows.
    facts
        What is known of her now, as stored: the union of what was stated.
    standings
        Every colour that stood, whatever the order. A colour that was confirmed may stand twice.
    events
        Everything that happened, whatever the order.
    """

    day_zero: date | None
    facts: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    standings: tuple[Standing, ...] = ()
    events: tuple[Event, ...] = ()

    def until(self, now: datetime) -> "Pregnancy":
        """Return what was on record at ``now``, in order of time; nothing later counts."""
        return Pregnancy(
            self.day_zero,
            self.facts,
            tuple(sorted((s for s in self.standings if s.at <= now), key=lambda s: s.at)),
            tuple(sorted((e for e in self.events if e.at <= now), key=lambda e: e.at)),
        )

    def first(self, *kinds: EventKind) -> Event | None:
        """Return the earliest event of these kinds."""
        return min((e for e in self.events if e.kind in kinds), key=lambda e: e.at, default=None)

    def last(self, *kinds: EventKind) -> Event | None:
        """Return the latest event of these kinds."""
        return max((e for e in self.events if e.kind in kinds), key=lambda e: e.at, default=None)

    def days_on(self, day: date) -> int | None:
        """Return the gestational age on a day, in days."""
        return None if self.day_zero is None else (day - self.day_zero).days

    def days_at(self, now: datetime) -> int | None:
        """Return the gestational age at an instant, in days."""
        return self.days_on(day_of(now))
