"""One cell as another system spells it, read into a value and written back to the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeAlias

from app.case_exchange.fields import FACT, Kind, Spelling
from app.case_exchange.mapping import Column
from app.clock import LOCAL
from facilities.registry import Registry
from geodata.io import Cell
from geodata.table import CellReader
from routing.triage.expression import Value as FactValue
from routing.triage.facts import Fact, FactType, FactValueError, read_value

__all__ = ["Known", "Said", "read_cell", "write_cell"]

Said: TypeAlias = str | bool | date | datetime | FactValue
"""What a cell says."""
COMPACT = "%Y%m%d"
LONGEST = 500
MOST_CHILDREN = 8
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""So that days can be counted on from any date that was read."""
_DAY = re.compile(r"(?P<y>[0-9]{4})(?P<by>[-/])(?P<m>[0-9]{1,2})(?P=by)(?P<d>[0-9]{1,2})")
_COMPACT_DAY = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Known:
    """What a file may name, and when it is read.

    Parameters
    ----------
    places : Mapping[str, str]
        Townships that were imported, each with its county.
    now : datetime
        Aware.
    area : str
        What the codes of the counties begin with that the file may tell of; empty is every county.
    county_of : Mapping[str, str]
        Where the women of files that were taken in before live, by the other system's number.
    record_of : Mapping[str, str]
        The file of each visit that was taken in before, by the other system's numbers.
    """

    registry: Registry
    places: Mapping[str, str]
    facts: Mapping[str, Fact]
    now: datetime
    area: str = ""
    county_of: Mapping[str, str] = field(default_factory=dict)
    record_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day in Yunnan."""
        return self.now.astimezone(LOCAL).date()


def read_cell(cells: CellReader, column: Column, known: Known) -> Said | None:
    """Return what a cell says; None where it is empty or, with a fault noted, wrong."""
    field, name = column.field, column.name
    text = cells.text(name, required=field.required, limit=LONGEST)
    if text is None:
        return None
    if column.codes is not None:
        code = column.codes.code_of.get(text)
        if code is None:
            cells.fault(name, "unknown_code", f"one of {';'.join(column.codes.offered)}")
            return None
        text = code
    match field.kind:
        case Kind.DAY:
            return _day(cells, column, text)
        case Kind.MOMENT:
            return _moment(cells, column, text)
        case Kind.YES_NO:
            return text == "yes"
        case Kind.FACT:
            return _fact(cells, column, text, known.facts[field.name.removeprefix(FACT)])
        case Kind.COUNT:
            return cells.integer(name, low=0, high=MOST_CHILDREN)
        case Kind.COUNTY:
            return cells.county(name, known.registry.divisions.is_county) and text
        case Kind.TOWNSHIP if text not in known.places:
            cells.fault(name, "unknown_township", "a township of the table of places")
            return None
        case Kind.FACILITY if not _is_institution(text, known.registry):
            cells.fault(name, "unknown_facility", "an id of the registry")
            return None
    return text


def _is_institution(facility_id: str, registry: Registry) -> bool:
    return facility_id in registry and not registry.get(facility_id).is_placeholder


def _day(cells: CellReader, column: Column, text: str) -> date | None:
    found = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    try:
        if found is not None and FIRST_YEAR <= int(found["y"]) <= LAST_YEAR:
            return date(*map(int, found.group("y", "m", "d")))
    except ValueError:
        pass  # such as the 30th of February
    cells.fault(column.name, "not_a_date", "2026-01-31")
    return None


def _moment(cells: CellReader, column: Column, text: str) -> datetime | None:
    """Read a moment; without an offset it is Chinese time."""
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
        return (found if found.tzinfo else found.replace(tzinfo=LOCAL)).astimezone(UTC)
    except (ValueError, OverflowError):
        cells.fault(column.name, "not_a_time", "2026-01-31 08:00:00")
        return None


def _fact(cells: CellReader, column: Column, text: str, fact: Fact) -> FactValue | None:
    value: object = text
    if fact.type is FactType.BOOL:
        value = text == "yes"
    elif fact.type is not FactType.ENUM and "+" not in text:
        value = cells.number(column.name, low=float("-inf"), high=float("inf"))
        if value is None:
            return None
    try:
        return read_value(fact, value)
    except FactValueError as error:
        cells.fault(column.name, error.code, error.expected)
        return None


def write_cell(column: Column, value: Said | None, facts: Mapping[str, Fact]) -> Cell:
    """Return the cell that says ``value``; empty for None."""
    if value is None:
        return None
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if column.codes is not None:
        return column.codes.word_of.get(str(value), str(value))
    if isinstance(value, datetime):
        local = value.astimezone(LOCAL)
        return f"{local:%Y-%m-%d %H:%M:%S}" if column.spelling is Spelling.LOCAL else str(local)
    if isinstance(value, date):
        return value.strftime(COMPACT) if column.spelling is Spelling.COMPACT else str(value)
    if isinstance(value, int | float):
        return _number(column, value, facts)
    return value


def _number(column: Column, value: float, facts: Mapping[str, Fact]) -> Cell:
    fact = facts.get(column.field.name.removeprefix(FACT))
    if fact is not None and fact.in_days:
        weeks, days = divmod(int(value), 7)
        return f"{weeks}+{days}"
    return int(value) if value == int(value) else value
