"""Typed cells of a row of a rule table; a faulty cell is noted and read as something harmless.

The loader drops every row with a fault and refuses the table, so what stands in for a faulty
cell is never used.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeVar

from facilities.centre import MaternalLevel, NeonatalLevel
from geodata.table import CellReader
from routing.triage.expression import (
    Formula,
    GrammarError,
    Junction,
    Node,
    parse_condition,
    parse_formula,
)
from routing.triage.facts import Fact
from routing.triage.rows import Groups, LevelAlternative

__all__ = ["Cells"]

TEXT_MAX = 4_000
_LIST = re.compile(r"[^;|\s]+(?:[;|][^;|\s]+)*")
_NEVER = Junction((), decisive=True)

Level = TypeVar("Level", bound=IntEnum)
Word = TypeVar("Word", bound=StrEnum)
Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of one row; ``facts`` and ``capabilities`` are the names a row may use."""

    reader: CellReader
    facts: Mapping[str, Fact]
    capabilities: frozenset[str]

    def text(self, column: str, *, required: bool = False) -> str:
        """Return the text of a cell, empty when there is none."""
        return self.reader.text(column, required=required, limit=TEXT_MAX) or ""

    def choice(self, column: str, allowed: Collection[str], *, required: bool = True) -> str:
        """Return one of the allowed words."""
        return self.reader.choice(column, allowed, required=required) or ""

    def word(self, column: str, words: type[Word]) -> Word:
        """Return a member of an enumeration of words."""
        found = self.reader.choice(column, tuple(words), required=True)
        return next(iter(words)) if found is None else words(found)

    def level(self, column: str, levels: type[Level]) -> Level:
        """Return a level by its public code."""
        names = levels.__members__
        found = self.reader.choice(column, names, required=True)
        return next(iter(levels)) if found is None else names[found]

    def flag(self, column: str) -> bool:
        """Return ``true`` or ``false``."""
        return self.choice(column, ("true", "false")) == "true"

    def number(self, column: str, *, low: float, high: float) -> float:
        """Return a number that must be there."""
        return self.reader.number(column, low=low, high=high, required=True) or 0.0

    def limit(self, column: str, *, low: float, high: float) -> float | None:
        """Return a number that may be left out."""
        return self.reader.number(column, low=low, high=high)

    def condition(self, column: str) -> Node:
        """Return a condition that must be there."""
        if not self.text(column, required=True):
            return _NEVER
        return self.perhaps(column) or _NEVER

    def perhaps(self, column: str) -> Node | None:
        """Return a condition that may be left out."""
        return self._parsed(column, lambda text: parse_condition(text, self.facts))

    def formula(self, column: str) -> Formula | None:
        """Return a number of minutes, which may be computed from facts; None for no limit."""
        return self._parsed(column, lambda text: parse_formula(text, self.facts))

    def _parsed(self, column: str, parse: Callable[[str], Parsed]) -> Parsed | None:
        text = self.text(column)
        if not text:
            return None
        try:
            return parse(text)
        except GrammarError as error:
            self.reader.fault(column, "grammar", str(error))
            return None

    def groups(self, column: str) -> Groups:
        """Return a list of capabilities: ``;`` is all of, ``A|B`` any of (R-DATA-07)."""
        text = self.text(column)
        if not text:
            return ()
        if not _LIST.fullmatch(text):
            self.reader.fault(column, "grammar", "CODE;CODE|CODE without blanks")
            return ()
        groups = tuple(tuple(part.split("|")) for part in text.split(";"))
        self._known(column, [code for group in groups for code in group])
        return groups

    def _known(self, column: str, codes: Collection[str]) -> None:
        for code in codes:
            if code not in self.capabilities:
                self.reader.fault(column, "unknown_capability", f"a capability code, not {code}")

    def words(self, column: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return a ``;``-list of allowed words."""
        found = tuple(part for part in self.text(column, required=True).split(";") if part)
        for word in found:
            if word not in allowed:
                self.reader.fault(column, "unknown_code", f"one of {';'.join(sorted(allowed))}")
        return found

    def level_or(self, column: str) -> tuple[LevelAlternative, ...]:
        """Return the exceptions that satisfy a level outright: ``M1+AICU;N2+NEO_L3B``."""
        found = []
        for part in filter(None, self.text(column).split(";")):
            level, *codes = part.split("+")
            maternal = MaternalLevel.__members__.get(level)
            neonatal = NeonatalLevel.__members__.get(level)
            if (maternal is None and neonatal is None) or not codes:
                self.reader.fault(column, "grammar", "LEVEL+CAPABILITY[+CAPABILITY][;…]")
                continue
            self._known(column, codes)
            found.append(LevelAlternative(maternal or 0, neonatal or 0, tuple(codes)))
        return tuple(found)
