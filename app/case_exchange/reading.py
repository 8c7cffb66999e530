"""Reading the rows of an exchange file: every fault of every row at once, and nobody's name.

What a refusal says of a cell is its line, its column and what was expected there. The value itself
is repeated only where it cannot say who somebody is: not of a column that holds names or numbers of
persons, and not of one that nobody knows, for a file without its header has persons there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

from app.case_exchange.cells import Known, Said, read_cell
from app.case_exchange.mapping import Column
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.io import formula_faults, read_table_bytes
from geodata.table import CellReader, Row, Table
from geodata.workbook import Limits

__all__ = [
    "Progress",
    "RowReader",
    "arranged",
    "naming_nobody",
    "quiet",
    "read_file",
    "read_rows",
    "refuse_any",
]

Progress: TypeAlias = Callable[[int], None]
"""Is told now and then how many rows have been read."""
EVERY = 100
ERRORS = "errors"
"""The column that a refusal adds to the file (:func:`app.importing.with_errors`)."""


def quiet(_: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class RowReader:
    """One row while it is read, by the fields it fills."""

    cells: CellReader
    columns: Mapping[str, Column]
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def line(self) -> int:
        """The line on which the row begins."""
        return self.cells.row.line

    def empty(self, field_name: str) -> bool:
        """Whether the file has nothing in the cell of a field."""
        column = self.columns.get(field_name)
        return column is None or not self.cells.row[column.name]

    def fault(self, field_name: str, code: str, expected: str) -> None:
        """Note a fault of a field by the column of the file."""
        column = self.columns.get(field_name)
        self.cells.fault(field_name if column is None else column.name, code, expected)

    def once(self, field_name: str, key: str, seen: dict[str, int]) -> None:
        """Note a fault where the same has stood on an earlier line."""
        if key in seen:
            self.fault(field_name, "duplicate", f"once; first on line {seen[key]}")
        seen.setdefault(key, self.line)


def read_rows(
    table: Table,
    columns: Sequence[Column],
    known: Known,
    faults: list[Fault],
    *,
    told: Progress = quiet,
) -> Iterator[RowReader]:
    """Yield each row with what its cells say; what is wrong with a cell goes to ``faults``.

    A cell that holds a formula has that fault and no other.
    """
    by_field = {column.field.name: column for column in columns if column.comes_in}
    formulas = {(one.line, one.column): one for one in formula_faults(table)}
    for count, row in enumerate(table.rows, start=1):
        reader = RowReader(CellReader(table.name, row, faults), by_field)
        for column in by_field.values():
            cell = row.cells.get(column.name)
            if cell is None or (not cell and not column.field.required):
                continue
            if (row.line, column.name) not in formulas:
                value = read_cell(reader.cells, column, known)
                if value is not None:
                    reader.said[column.field.name] = value
        faults += [formulas[row.line, name] for name in row.cells if (row.line, name) in formulas]
        yield reader
        if count % EVERY == 0 or count == len(table.rows):
            told(count)


def read_file(
    data: bytes, *, name: str, columns: Sequence[Column], limits: Limits | None = None
) -> Table:
    """Return the table in a file; formulas are kept, to be listed with everything else.

    Raises
    ------
    RefusedInputError
        It is no table, or too large; values of persons are not repeated.
    """
    with naming_nobody(columns):
        return read_table_bytes(data, name=name, limits=limits, formulas=True)


def arranged(table: Table, columns: Sequence[Column], faults: list[Fault]) -> Table:
    """Return the table with every column called as in the mapping; our own names will do too.

    The column of errors is passed over, and so are those that only go out: what was exported can
    be read again. What is wrong with the header goes to ``faults``; a column that is not known is
    told by its place.
    """
    names = {column.field.name: column.name for column in columns}
    header = tuple(names.get(name, name) for name in table.header)
    known = {column.name: column for column in columns}
    for position, name in enumerate(header):
        place = name if name in known else f"#{position + 1}"
        if name in header[:position]:
            faults.append(Fault(table.name, 1, place, "", "duplicate_column", "once"))
        elif name not in known and name != ERRORS:
            faults.append(
                Fault(table.name, 1, place, "", "unknown_column", "a column of the template")
            )
    for name, column in known.items():
        if column.field.required and column.comes_in and name not in header:
            faults.append(Fault(table.name, 1, name, "", "missing_column", name))
    rows = tuple(
        Row(row.line, MappingProxyType({names.get(c, c): v for c, v in row.cells.items()}))
        for row in table.rows
    )
    return Table(table.name, header, rows, table.encoding)


def refuse_any(table: Table, faults: Sequence[Fault]) -> None:
    """Refuse the file if there is a fault, by line; RefusedInputError with all of them."""
    if faults:
        raise RefusedInputError(table.name, sorted(faults, key=lambda one: one.line or 0))


@contextmanager
def naming_nobody(columns: Sequence[Column]) -> Iterator[None]:
    """Let no refusal within the block repeat a value that may say who somebody is."""
    try:
        yield
    except RefusedInputError as error:
        spoken = {
            name: column.name for column in columns for name in (column.name, column.field.name)
        }
        open_ones = {column.name for column in columns if not column.field.private}
        raise RefusedInputError(
            error.what, [_quiet(fault, spoken, open_ones) for fault in error.faults]
        ) from None


def _quiet(fault: Fault, spoken: Mapping[str, str], open_ones: set[str]) -> Fault:
    if fault.column and fault.column not in spoken and not fault.column.startswith("#"):
        return replace(fault, column="", value="")
    name = spoken.get(fault.column, fault.column)
    of_a_row = fault.line is not None
    return replace(
        fault, column=name, value="" if of_a_row and name not in open_ones else fault.value
    )
