"""The only reader and writer of files in this package: CSV, XLSX, GeoJSON.

A file is read as a whole or refused as a whole, with every fault listed.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from geodata.check import Fault
from geodata.divisions import Divisions
from geodata.errors import RefusedInputError
from geodata.place_file import Place, parse_places
from geodata.table import Row, Table
from geodata.time_file import parse_times
from geodata.travel_time import TimeRow
from geodata.workbook import Limits, NumberedRow, is_workbook, workbook_rows
from geodata.workbook_writing import Cell as Cell
from geodata.workbook_writing import Page, workbook_bytes

if TYPE_CHECKING:
    from geodata.boundaries import Outlines

_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula; the wide ones in Chinese Excel."""
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_HARMLESS = re.compile(r"-?\d+(\.\d+)?|\+[\d ()-]+")
_BOM = b"\xef\xbb\xbf"


def read_table(path: Path, *, limits: Limits | None = None, formulas: bool = False) -> Table:
    """Read a CSV or XLSX file; :class:`RefusedInputError` if it cannot be read as a table.

    ``formulas`` keeps those of a workbook as text; see :func:`formula_faults`.
    """
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= limits.max_bytes else b""
    except OSError as error:
        fault = Fault(path.name, None, "", type(error).__name__, "unreadable", "a readable file")
        raise RefusedInputError(path.name, [fault]) from error
    if size > limits.max_bytes:
        raise RefusedInputError(path.name, [_too_large(path.name, size, limits)])
    return read_table_bytes(data, name=path.name, limits=limits, formulas=formulas)


def read_table_bytes(
    data: bytes, *, name: str, limits: Limits | None = None, formulas: bool = False
) -> Table:
    """Read the bytes of a CSV or XLSX file, recognised by content, not by name.

    Parameters
    ----------
    data : bytes
        UTF-8 with or without BOM, GBK, or an XLSX workbook (first sheet).
    name : str
        What faults call the file.
    limits : Limits | None
        None takes the defaults.
    formulas : bool
        Keep the formulas of a workbook as text; who asks for it lists them itself.

    Returns
    -------
    Table
        Stripped text; empty rows are left out and line numbers stay those of the file.

    Raises
    ------
    RefusedInputError
        With every fault that keeps the bytes from being a table.
    """
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise RefusedInputError(name, [_too_large(name, len(data), limits)])
    if is_workbook(data):
        return _table(
            name, workbook_rows(data, name=name, limits=limits, formulas=formulas), "xlsx", limits
        )
    text, encoding = _decoded(data, name=name)
    return _table(name, _csv_rows(text, name=name, limits=limits), encoding, limits)


def formula_faults(table: Table) -> list[Fault]:
    """List the cells that a spreadsheet would take for a formula, for who imports a table.

    Numbers are none, nor is a telephone number with its country. Whoever wrote such a cell meant
    to calculate, or to make the next reader's spreadsheet do so.
    """
    return [
        Fault(table.name, row.line, column, cell[:50], "formula", "a value")
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.startswith(_GUARDED) and not _HARMLESS.fullmatch(cell)
    ]


def read_places(
    path: Path, *, divisions: Divisions, outlines: "Outlines", limits: Limits | None = None
) -> tuple[Place, ...]:
    """Read ``places.csv``; see :func:`geodata.place_file.parse_places`."""
    return parse_places(read_table(path, limits=limits), divisions=divisions, outlines=outlines)


def read_times(path: Path, *, limits: Limits | None = None) -> tuple[TimeRow, ...]:
    """Read ``times.csv``; see :func:`geodata.time_file.parse_times`."""
    return parse_times(read_table(path, limits=limits))


def read_outlines(path: Path) -> "Outlines":
    """Read the outlines of counties from a GeoJSON file of ours."""
    from geodata.boundaries import Outlines  # shapely is slow to load and rarely needed

    return Outlines(json.loads(path.read_text(encoding="utf-8")))


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = False
) -> None:
    """Write a CSV file that is safe to open in a spreadsheet; ``bom`` helps older ones."""
    path.write_text(csv_text(header, rows), encoding="utf-8-sig" if bom else "utf-8", newline="")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return CSV text in which no text cell can be taken for a formula.

    A text that begins like a formula, apostrophes aside, gets a leading apostrophe, which
    :func:`read_table` takes off again; numbers stay numbers. Every end of a line within a
    cell becomes a line feed: the csv module leaves a bare return unquoted, and what follows
    it would be read as a row of its own.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([_guarded(cell) for cell in header])
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return stream.getvalue()


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str) -> bytes:
    """Return an XLSX workbook of one sheet; texts are written as texts, never as formulas."""
    return workbook_bytes([Page(sheet, tuple(header), rows)])


def _guarded(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if not cell.lstrip("'").startswith(_GUARDED):
        return cell
    return cell if _PLAIN_NUMBER.fullmatch(cell) else f"'{cell}"


def _unguarded(text: str) -> str:
    if text.startswith("'") and text.lstrip("'").startswith(_GUARDED):
        return text[1:]
    return text


def _decoded(data: bytes, *, name: str) -> tuple[str, str]:
    """Return the text and what it was encoded as; GBK is tried when it is not UTF-8."""
    if data.startswith(_BOM):
        tries = [("utf-8-sig", "utf-8-bom")]
    else:
        tries = [("utf-8", "utf-8"), ("gb18030", "gbk")]
    for codec, label in tries:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, label
    fault = Fault(name, None, "", data[:8].hex(), "unknown_encoding", "UTF-8, GBK or XLSX")
    raise RefusedInputError(name, [fault])


def _csv_rows(text: str, *, name: str, limits: Limits) -> list[NumberedRow]:
    """Return the line on which each row begins, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[NumberedRow] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, [_unguarded(cell).strip() for cell in cells]))
            line = reader.line_num + 1
            if len(rows) > limits.max_rows + 1:
                break
    except csv.Error as error:
        fault = Fault(name, line, "", str(error)[:80], "unreadable", "comma-separated values")
        raise RefusedInputError(name, [fault]) from error
    return rows


def _table(name: str, rows: list[NumberedRow], encoding: str, limits: Limits) -> Table:
    """Turn numbered rows, the first of which is the header, into a table."""
    if not rows:
        raise RefusedInputError(name, [Fault(name, 1, "", "", "empty_file", "a header")])
    header = tuple(rows[0][1])
    while header and not header[-1]:
        header = header[:-1]
    faults: list[Fault] = []
    if len(rows) - 1 > limits.max_rows:
        faults.append(
            Fault(name, None, "", str(len(rows) - 1), "too_many_rows", f"<= {limits.max_rows}")
        )
    if len(header) > limits.max_columns:
        faults.append(
            Fault(name, 1, "", str(len(header)), "too_many_columns", f"<= {limits.max_columns}")
        )
    for line, cells in rows:
        if any(cells[len(header) :]):
            faults.append(
                Fault(name, line, "", str(len(cells)), "too_many_cells", f"{len(header)}")
            )
        faults += [
            Fault(name, line, column, cell[:50], "too_long", f"<= {limits.max_cell}")
            for column, cell in zip(header, cells, strict=False)
            if len(cell) > limits.max_cell
        ]
    if faults:
        raise RefusedInputError(name, faults)
    table_rows = tuple(
        Row(line, MappingProxyType(dict(zip(header, cells, strict=False))))
        for line, cells in rows[1:]
    )
    return Table(name, header, table_rows, encoding)


def _too_large(name: str, size: int, limits: Limits) -> Fault:
    return Fault(name, None, "", str(size), "too_large", f"<= {limits.max_bytes} bytes")
