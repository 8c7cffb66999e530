"""Counts of care for the health commission: right place, files kept, scars (R-IND-06, 09, 11).

Pure counting over plain rows. Few births or few events are shown as counts, never as a rate
(R-IND-10).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from facilities.centre import Grade, MaternalLevel, NeonatalLevel
from routing.triage.expression import Truth
from routing.triage.rows import Colour

__all__ = [
    "Birth",
    "Count",
    "FileKept",
    "Place",
    "ScarBirth",
    "file_completeness",
    "right_place",
    "scar_uterus",
]

LEAST_BIRTHS = 30
LEAST_EVENTS = 5
"""R-IND-10: below either, a count is shown and no rate."""

WEEKS_32_DAYS = 32 * 7
WEEKS_28_DAYS = 28 * 7

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Count:
    """``events`` of ``births``; ``unknown`` of them could not be judged and are in neither.

    ``births`` is whatever the events are counted among: births, or files.
    """

    events: int
    births: int
    unknown: int = 0

    @property
    def rate(self) -> float | None:
        """The share, None where there are too few to show one."""
        few = self.births < LEAST_BIRTHS or self.events < LEAST_EVENTS
        return None if few else self.events / self.births


@dataclass(frozen=True, slots=True)
class Place:
    """What a hospital is; ``neonatal`` None is no newborn centre, ``grade`` None is unknown."""

    grade: Grade | None
    maternal: MaternalLevel
    neonatal: NeonatalLevel | None


@dataclass(frozen=True, slots=True)
class Birth:
    """One birth and where it was, or is booked; None is unknown."""

    ga_days: int | None
    colour: Colour | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class FileKept:
    """One orange, red or purple file; None is not yet to be said: the day has not come."""

    clinician_named: bool | None
    reported_in_time: bool | None
    seen_in_time: bool | None
    closed_at_42_days: bool | None


@dataclass(frozen=True, slots=True)
class ScarBirth:
    """One birth after a caesarean; None is unknown."""

    ruptured: bool | None
    at_theatre: bool | None
    trial: bool | None
    eligible_site: bool | None


def right_place(births: Iterable[Birth]) -> dict[str, Count]:
    """Count births at the right place, where they were or where they are booked (R-IND-06).

    Returns
    -------
    dict
        ``below_32``: at N2 or above; ``below_28``: at N3; ``red``: in a grade 3 hospital;
        ``orange``: in a rescue centre M1 or above, or in grade 3. Each among the births whose week
        or colour is known to be so.
    """
    rows = tuple(births)
    return {
        "below_32": _early(rows, WEEKS_32_DAYS, NeonatalLevel.N2),
        "below_28": _early(rows, WEEKS_28_DAYS, NeonatalLevel.N3),
        "red": _count(_coloured(rows, Colour.RED), _in_grade_3),
        "orange": _count(_coloured(rows, Colour.ORANGE), _in_centre_or_grade_3),
    }


def file_completeness(files: Iterable[FileKept]) -> dict[str, Count]:
    """Count what files of orange, red and purple women have (R-IND-09).

    Returns
    -------
    dict
        One count for each field of :class:`FileKept`, and ``complete``: files that have all of
        them. A file whose day has not come is in ``unknown``; one fault is enough to be incomplete.
    """
    rows = tuple(files)
    return {
        "clinician": _count(rows, lambda row: row.clinician_named),
        "reported": _count(rows, lambda row: row.reported_in_time),
        "seen": _count(rows, lambda row: row.seen_in_time),
        "closed": _count(rows, lambda row: row.closed_at_42_days),
        "complete": _count(rows, _complete),
    }


def scar_uterus(births: Iterable[ScarBirth]) -> dict[str, Count]:
    """Count ruptures, births away from a theatre, and trials at eligible sites (R-IND-11).

    Returns
    -------
    dict
        ``ruptures`` and ``outside_theatre`` among births after a caesarean, ``trial_at_site`` among
        trials of labour; whoever may have had a trial is not among them.
    """
    rows = tuple(births)
    trials = [row for row in rows if row.trial is True]
    return {
        "ruptures": _count(rows, lambda row: row.ruptured),
        "outside_theatre": _count(rows, lambda row: _not(row.at_theatre)),
        "trial_at_site": _count(trials, lambda row: row.eligible_site),
    }


def _count(rows: Iterable[Row], truth: Callable[[Row], Truth]) -> Count:
    found = Counter(truth(row) for row in rows)
    return Count(found[True], found[True] + found[False], unknown=found[None])


def _early(rows: Iterable[Birth], days: int, level: NeonatalLevel) -> Count:
    among = [row for row in rows if row.ga_days is not None and row.ga_days < days]

    def right(row: Birth) -> Truth:
        if row.place is None:
            return None
        return row.place.neonatal is not None and row.place.neonatal >= level

    return _count(among, right)


def _coloured(rows: Iterable[Birth], colour: Colour) -> list[Birth]:
    return [row for row in rows if row.colour is colour]


def _in_grade_3(row: Birth) -> Truth:
    if row.place is None or row.place.grade is None:
        return None
    return row.place.grade >= Grade.G3


def _in_centre_or_grade_3(row: Birth) -> Truth:
    if row.place is not None and row.place.maternal >= MaternalLevel.M1:
        return True
    return _in_grade_3(row)


def _complete(row: FileKept) -> Truth:
    parts = (
        row.clinician_named,
        row.reported_in_time,
        row.seen_in_time,
        row.closed_at_42_days,
    )
    if False in parts:
        return False
    return None if None in parts else True


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth
