"""The mapping table: how another system calls our fields, spells them, and which way they go.

Two tables of rows, ``columns`` and ``codes``, make it. Those of Yunnan lie beside this module;
another province puts its own into its data folder and changes no program. A table that names a
field or a code we do not have, or lacks one that no file can do without, is refused as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeAlias

from app.case_exchange.fields import FORMATS, Direction, Field, Spelling, field_of
from app.datafolder import DataFolder
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.io import read_table, read_table_bytes
from geodata.table import CellReader, Table
from routing.triage.facts import Fact

__all__ = ["Codes", "Column", "Columns", "columns_of", "load_columns"]

COLUMNS = (
    "format",
    "field",
    "column",
    "spelling",
    "codes",
    "direction",
    "meaning_zh",
    "meaning_en",
)
CODES = ("codes", "code", "word")
FILES = {"columns": "exchange_columns", "codes": "exchange_codes"}
"""What the tables of an installation are called in its data folder."""
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Codes:
    """A list of codes with the words another system uses for them.

    Several words may stand for a code; the first one is written. A code stands for itself too.
    """

    code_of: Mapping[str, str]
    word_of: Mapping[str, str]

    @property
    def offered(self) -> tuple[str, ...]:
        """What a person chooses from: one word a code."""
        return tuple(self.word_of.values())


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file."""

    field: Field
    name: str
    spelling: Spelling
    codes: Codes | None
    direction: Direction
    meaning_zh: str = ""
    meaning_en: str = ""

    @property
    def comes_in(self) -> bool:
        """Whether it is taken over from a file."""
        return self.direction is not Direction.OUT

    @property
    def goes_out(self) -> bool:
        """Whether it is written into one."""
        return self.direction is not Direction.IN


Columns: TypeAlias = Mapping[str, tuple[Column, ...]]
"""The columns of each format in the order in which they are written."""


def load_columns(folder: DataFolder | None, facts: Mapping[str, Fact]) -> Columns:
    """Return the mapping of an installation; what its data folder does not hold is that of Yunnan.

    Raises
    ------
    RefusedInputError
        With every fault of its tables.
    """
    own = {
        name: read_table(folder.path(file)) if folder is not None and folder.has(file) else None
        for name, file in FILES.items()
    }
    return columns_of(own["columns"] or shipped("columns"), own["codes"] or shipped("codes"), facts)


@cache
def shipped(name: str) -> Table:
    """Return a table of Yunnan."""
    data = (files("app.case_exchange") / "tables" / f"{name}.csv").read_bytes()
    return read_table_bytes(data, name=f"{name}.csv")


def columns_of(columns: Table, codes: Table, facts: Mapping[str, Fact]) -> Columns:
    """Return the mapping that two tables make.

    Raises
    ------
    RefusedInputError
        With every fault: a field or code we do not have, a column called twice, a field that no
        file can do without and that no column brings.
    """
    faults = [
        *columns.column_faults(required=COLUMNS, optional=()),
        *codes.column_faults(required=CODES, optional=()),
    ]
    if faults:
        raise RefusedInputError(columns.name, faults)
    lists = _lists(codes, faults)
    found: dict[str, list[Column]] = {name: [] for name in FORMATS}
    for row in columns.rows:
        cells = CellReader(columns.name, row, faults)
        name = cells.choice("format", tuple(FORMATS), required=True)
        column = None if name is None else _column(cells, name, lists, facts, found[name])
        if name is not None and column is not None:
            found[name].append(column)
    faults += _missing(columns, found)
    if faults:
        raise RefusedInputError(columns.name, faults)
    return MappingProxyType({name: tuple(those) for name, those in found.items()})


def _lists(table: Table, faults: list[Fault]) -> Mapping[str, Codes]:
    code_of: dict[str, dict[str, str]] = {}
    word_of: dict[str, dict[str, str]] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        name, code, word = (cells.text(c, required=True, limit=LONGEST) for c in CODES)
        if name is None or code is None or word is None:
            continue
        words = code_of.setdefault(name, {})
        if words.get(word, code) != code or words.get(code, code) != code:
            cells.fault("word", "duplicate", "once")
        words |= {word: code, code: code}
        word_of.setdefault(name, {}).setdefault(code, word)
    return {name: Codes(code_of[name], word_of[name]) for name in word_of}


def _column(
    cells: CellReader,
    format_name: str,
    lists: Mapping[str, Codes],
    facts: Mapping[str, Fact],
    before: list[Column],
) -> Column | None:
    """Read one row; None where something is wrong, which is then in ``cells.faults``."""
    faults_before = len(cells.faults)
    field = field_of(format_name, cells.row["field"], facts)
    if field is None:
        cells.fault("field", "unknown_field", "a field of the format, or facts. and a fact")
    name = cells.text("column", required=True, limit=LONGEST)
    if any(name in (one.name, one.field.name) for one in before):
        cells.fault("column", "duplicate", "once")
    if any(one.field == field for one in before):
        cells.fault("field", "duplicate", "once")
    direction = cells.choice("direction", tuple(Direction), required=True)
    if field is not None and field.only_out and direction != Direction.OUT:
        cells.fault("direction", "unknown_value", Direction.OUT.value)
    spelling = cells.choice("spelling", tuple(Spelling), required=True)
    if field is not None and spelling is not None and spelling not in field.spellings:
        cells.fault("spelling", "unknown_value", " | ".join(field.spellings))
    codes = _codes(cells, field, lists) if spelling == Spelling.CODES else None
    if len(cells.faults) > faults_before or None in (field, name, spelling, direction):
        return None
    assert field is not None and name is not None  # noqa: S101, PT018  or it was refused above
    meanings = cells.row["meaning_zh"], cells.row["meaning_en"]
    return Column(
        field, name, Spelling(spelling or ""), codes, Direction(direction or ""), *meanings
    )


def _codes(cells: CellReader, field: Field | None, lists: Mapping[str, Codes]) -> Codes | None:
    found = lists.get(cells.row["codes"])
    if found is None:
        cells.fault("codes", "unknown_code", "a list of the code table")
    elif field is not None and field.codes and not set(found.word_of) <= set(field.codes):
        cells.fault("codes", "unknown_code", ";".join(field.codes))
    return found


def _missing(table: Table, found: Mapping[str, list[Column]]) -> list[Fault]:
    return [
        Fault(
            table.name, None, "field", f"{name}.{field.name}", "missing", "a column that comes in"
        )
        for name, fields in FORMATS.items()
        for field in fields.values()
        if field.required and not any(c.field == field and c.comes_in for c in found[name])
    ]
