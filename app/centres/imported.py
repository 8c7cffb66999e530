"""What an import says of somebody, set against what the database has of them."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from sqlmodel import Session

from app.tables import Data
from geodata.table import Table

__all__ = ["Compared", "Counts", "Import", "Words", "grouped", "iso"]

Key = TypeVar("Key", bound=Hashable)
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """One table on its way into the database; ``by_name`` is who imports it.

    ``data`` are everything that is there, built in or imported before.
    """

    session: Session
    data: Data
    table: Table
    by_name: str
    now: datetime

    @property
    def province(self) -> str:
        """Whose registry it is."""
        return self.data.registry.divisions.province.adcode[:2]


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of which nothing was known, something else, and the same; what is to settle now."""

    new: int = 0
    changed: int = 0
    same: int = 0
    to_settle: int = 0


@dataclass(frozen=True, slots=True)
class Compared(Generic[Key]):
    """Rows by whose they are: all rows of one are replaced together, or none of them."""

    said: Mapping[Key, list[Words]]
    there: Mapping[Key, list[Words]]
    differ: frozenset[Key] = field(init=False)

    def __post_init__(self) -> None:
        differ = frozenset(key for key, rows in self.said.items() if self.there.get(key) != rows)
        # a frozen dataclass sets its own field this way
        object.__setattr__(self, "differ", differ)

    @property
    def counts(self) -> Counts:
        """How many rows of the file are new, other than before, or the same."""
        found = [0, 0, 0]
        for key, rows in self.said.items():
            at = 2 if key not in self.differ else 1 if key in self.there else 0
            found[at] += len(rows)
        return Counts(*found)


def grouped(
    rows: Iterable[tuple[Key, tuple[object, ...]]], *, in_order: bool = False
) -> dict[Key, list[Words]]:
    """Return what rows say by whose they are; ``in_order`` where their order means something."""
    found: dict[Key, list[Words]] = {}
    for key, said in rows:
        found.setdefault(key, []).append(tuple(map(str, said)))
    return found if in_order else {key: sorted(words) for key, words in found.items()}


def iso(day: date | None) -> str | None:
    """Return a day as it is stored."""
    return None if day is None else day.isoformat()
