"""A table read from a file, and cells read from it with every fault collected."""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from geodata.check import Fault
from geodata.crs import CRS

_ADCODE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``line`` is its line in the file, the header being 1. Cells are stripped text."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the cell, empty where the column is missing."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file; ``encoding`` is what it was read as: utf-8, utf-8-bom, gbk, xlsx."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str

    def column_faults(self, *, required: Collection[str], optional: Collection[str]) -> list[Fault]:
        """List missing, repeated and unknown columns."""
        allowed = ";".join([*required, *optional])
        faults = [
            Fault(self.name, 1, column, "", "missing_column", column)
            for column in required
            if column not in self.header
        ]
        for position, column in enumerate(self.header):
            if column in self.header[:position]:
                faults.append(Fault(self.name, 1, column, column, "duplicate_column", "once"))
            elif column not in required and column not in optional:
                faults.append(Fault(self.name, 1, column, column, "unknown_column", allowed))
        return faults


def table_of(name: str, rows: list[dict[str, str]]) -> Table:
    """Make a table of rows in memory, as if read from a file."""
    header = tuple(dict.fromkeys(column for row in rows for column in row))
    lines = (Row(line, MappingProxyType(dict(row))) for line, row in enumerate(rows, start=2))
    return Table(name, header, tuple(lines), "utf-8")


@dataclass(slots=True)
class CellReader:
    """Reads typed cells of one row; what is wrong goes to ``faults`` and None comes back.

    An empty cell gives None too and is a fault only where ``required``.
    """

    name: str
    row: Row
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: str, code: str, expected: str) -> None:
        """Note a fault of this row."""
        self.faults.append(
            Fault(self.name, self.row.line, column, self.row[column], code, expected)
        )

    def text(self, column: str, *, required: bool = False, limit: int = 500) -> str | None:
        """Return the text of a cell."""
        value = self.row[column]
        if not value:
            if required:
                self.fault(column, "missing", "not empty")
            return None
        if len(value) > limit:
            self.fault(column, "too_long", f"<= {limit}")
            return None
        return value

    def number(
        self, column: str, *, low: float, high: float, required: bool = False
    ) -> float | None:
        """Return a finite decimal number within low..high."""
        value = self.text(column, required=required)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or "_" in value:
            self.fault(column, "not_a_number", f"{low:g}..{high:g}")
            return None
        if not low <= number <= high:
            self.fault(column, "out_of_range", f"{low:g}..{high:g}")
            return None
        return number

    def integer(self, column: str, *, low: int, high: int, required: bool = False) -> int | None:
        """Return a whole number within low..high."""
        number = self.number(column, low=low, high=high, required=required)
        if number is None:
            return None
        if number != int(number):
            self.fault(column, "not_an_integer", f"{low}..{high}")
            return None
        return int(number)

    def choice(
        self, column: str, allowed: Collection[str], *, required: bool = False
    ) -> str | None:
        """Return one of the allowed words."""
        value = self.text(column, required=required)
        if value is None or value in allowed:
            return value
        self.fault(column, "unknown_code", f"one of {';'.join(sorted(allowed))}")
        return None

    def county(
        self, column: str, is_county: Callable[[str], bool], *, required: bool = False
    ) -> str | None:
        """Return a county code that exists."""
        value = self.text(column, required=required)
        if value is None:
            return None
        if not _ADCODE.fullmatch(value):
            self.fault(column, "not_a_county_code", "six digits")
            return None
        if not is_county(value):
            self.fault(column, "unknown_county", "a county of the data set")
            return None
        return value

    def crs(self, column: str, *, required: bool) -> CRS | None:
        """Return the coordinate system; a coordinate without one is refused."""
        value = self.choice(column, tuple(CRS), required=required)
        return None if value is None else CRS(value)
