"""How long what was stated of a woman counts in an emergency: rows, read once.

What does not get better in a pregnancy (R-COLOUR-005) never ages. Everything else is marked as old
after its hours. That an acute thing was *not* there says nothing a day later: then it is unknown
again, never normal (R-DATA-01). That it was there counts, marked, until somebody says otherwise.
"""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from app.case_files.known.care import care_rules
from app.case_files.known.record import Known
from routing.triage.facts import Fact

__all__ = ["Aged", "Ageing", "aged", "all_ageing"]

EVERY = "*"


@dataclass(frozen=True, slots=True)
class Ageing:
    """One row: a fact, else a group, else every fact."""

    id: str
    group: str
    fact: str
    negative_until: timedelta | None
    marked_after: timedelta


@dataclass(frozen=True, slots=True)
class Aged:
    """A fact of a file beside its age: whether it is old, and whether a request begins with it."""

    name: str
    value: object
    at: datetime
    is_old: bool
    is_taken: bool


@cache
def all_ageing() -> tuple[Ageing, ...]:
    """Return every row; of a fact its own comes before that of its group, and that before all."""
    text = (files("app.case_files.known") / "ageing.csv").read_text(encoding="utf-8")
    rows = [
        Ageing(
            row["id"],
            row["group"],
            row["fact"],
            _hours(row["negative_until_h"]),
            timedelta(hours=int(row["marked_after_h"])),
        )
        for row in csv.DictReader(text.splitlines())
    ]
    return tuple(sorted(rows, key=lambda row: (not row.fact, row.group == EVERY)))


def aged(name: str, known: Known, now: datetime) -> Aged:
    """Return a fact with what its age makes of it."""
    fact = care_rules().rules.facts[name]
    if name in {row.fact for row in care_rules().fixed}:
        return Aged(name, known.value, known.at, is_old=False, is_taken=True)
    row, age = _row_of(fact), now - known.at
    is_there = known.value is True
    counts = row.negative_until is None or is_there or age <= row.negative_until
    return Aged(name, known.value, known.at, is_old=age > row.marked_after, is_taken=counts)


def _row_of(fact: Fact) -> Ageing:
    """Return the first row that speaks of a fact; the last one speaks of all."""
    return next(
        row
        for row in all_ageing()
        if row.fact == fact.name or (not row.fact and row.group in (fact.group, EVERY))
    )


def _hours(text: str) -> timedelta | None:
    return timedelta(hours=int(text)) if text else None
