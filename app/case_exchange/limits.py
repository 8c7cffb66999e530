"""What dates are possible, as rows of a table."""

import csv
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

__all__ = ["Limits", "load_limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Days of a pregnancy and years of age; ``tables/limits.csv`` says where each is from."""

    term_days: int
    due_from_lmp_days: int
    longest_days: int
    shortest_birth_days: int
    youngest_years: int
    oldest_years: int
    after_birth_days: int
    planned_ahead_days: int


@cache
def load_limits() -> Limits:
    """Return the limits of the table, which has a row for each and no other."""
    text = (files("app.case_exchange") / "tables" / "limits.csv").read_text(encoding="utf-8")
    rows = {row["name"]: int(row["value"]) for row in csv.DictReader(text.splitlines())}
    return Limits(**{field.name: rows.pop(field.name) for field in fields(Limits)}, **rows)
