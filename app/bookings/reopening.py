"""Whether a booking still holds: what it rests on beside what is so now (section B of part 3).

A pure comparison. Each difference is a code that can be read out; nothing is reopened without one,
and a booking that is reopened stays hers. What is unknown now is taken for a difference, never for
harmless. The thresholds are rows of ``reopening.csv``, assumed and marked so.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from app.bookings.states import ReopenReason
from app.case_files.states import rank

__all__ = ["Basis", "Closed", "Now", "is_much_longer", "meets", "thresholds", "why_reopen"]

R = ReopenReason


@dataclass(frozen=True, slots=True)
class Basis:
    """What a booking rests on: her colour, her home, her date, and how long the way takes."""

    colour: str
    purple: bool
    residence_county: str
    edd: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Days in which a kind of place books nobody, or a road is closed; both ends included."""

    from_day: date
    to_day: date


@dataclass(frozen=True, slots=True)
class Now:
    """What is so now.

    Parameters
    ----------
    edd
        None where nobody knows it any more.
    minutes
        Expected way from her home to the centre; None where there is none.
    takes_her
        Whether the centre works and has the level and grade that her colour asks for.
    closed
        Wards of the centre that are or will be closed.
    road_closed
        A road that is closed or slowed in the weeks of her birth makes the way much longer.
    taken_in
        She was handed over to a hospital since it was booked, and has not given birth.
    lacking
        What there is not any more where all of the centre were looked at together.
    """

    colour: str
    purple: bool
    residence_county: str
    edd: date | None
    minutes: int | None
    takes_her: bool
    closed: Sequence[Closed] = ()
    road_closed: bool = False
    taken_in: bool = False
    lacking: Sequence[ReopenReason] = ()


@cache
def thresholds() -> Mapping[str, float]:
    """Return the numbers of the table by name."""
    text = (files("app.bookings") / "reopening.csv").read_text(encoding="utf-8")
    return {row["name"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}


def why_reopen(basis: Basis, now: Now) -> tuple[ReopenReason, ...]:
    """Return every reason to look at a booking again, none where it still holds.

    Examples
    --------
    >>> basis = Basis("orange", False, "530829", date(2027, 2, 20), 150)
    >>> now = Now("red", False, "530829", date(2027, 2, 20), 150, takes_her=True)
    >>> why_reopen(basis, now)
    (<ReopenReason.COLOUR_RAISED: 'colour_raised'>,)
    """
    return tuple(_reasons(basis, now, thresholds()))


def _reasons(basis: Basis, now: Now, number: Mapping[str, float]) -> Iterator[ReopenReason]:
    if rank(now.colour) > rank(basis.colour):
        yield R.COLOUR_RAISED
    if rank(now.colour) < rank(basis.colour):
        yield R.COLOUR_LOWERED
    if now.purple != basis.purple:
        yield R.PURPLE_CHANGED
    if now.residence_county != basis.residence_county:
        yield R.HOME_MOVED
    far = timedelta(days=number["due_date_days"])
    if now.edd is None or abs(now.edd - basis.edd) > far:
        yield R.DUE_DATE_MOVED
    if not now.takes_her:
        yield R.CENTRE_CLOSED
    if any(meets(closed, now.edd or basis.edd) for closed in now.closed):
        yield R.WARD_CLOSED
    if now.minutes is None:
        yield R.NO_WAY
    elif is_much_longer(basis.minutes, now.minutes):
        yield R.TRAVEL_TIME
    if now.road_closed:
        yield R.ROAD_CLOSED
    if now.taken_in:
        yield R.TAKEN_IN
    yield from now.lacking


def is_much_longer(minutes: int, now: int) -> bool:
    """Tell whether a way takes so much longer than it did that somebody has to look."""
    number = thresholds()
    allowed = max(number["travel_more_min"], number["travel_more_share"] * minutes)
    return now - minutes > allowed


def meets(closed: Closed, edd: date) -> bool:
    """Tell whether she may be in bed there, or on her way, in days that are closed."""
    number = thresholds()
    first = edd - timedelta(days=number["window_before_days"])
    last = edd + timedelta(days=number["window_after_days"])
    return closed.from_day <= last and closed.to_day >= first
