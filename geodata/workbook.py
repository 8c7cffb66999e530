"""The first sheet of an XLSX file as rows of text, with guards against files that bite.

A workbook is a zip: a few kilobytes can unpack to gigabytes, a sheet can claim a million
rows. Nothing is evaluated: a formula is a fault, since what it last showed may be stale.
"""

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.check import Fault
from geodata.errors import RefusedInputError

if TYPE_CHECKING:
    import openpyxl

_PLAIN_CELLS = (b"<c ", b"<c>", b"<c/")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_CHUNK = 1 << 20
NumberedRow = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be."""

    max_bytes: int = 10 * 1024 * 1024
    max_rows: int = 50_000
    max_columns: int = 200
    max_unpacked_bytes: int = 200 * 1024 * 1024
    max_zip_ratio: float = 200.0
    max_members: int = 500
    max_cell: int = 10_000
    max_cells: int = 500_000


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin like a zip file; names of files prove nothing."""
    return data[:4] == b"PK\x03\x04"


def workbook_rows(
    data: bytes, *, name: str, limits: Limits, formulas: bool = False
) -> list[NumberedRow]:
    """Return line number and cells of every row of the first sheet that is not empty.

    ``formulas`` keeps them as text that begins with ``=``, for who lists them with what else is
    wrong (:func:`geodata.io.formula_faults`).

    Raises
    ------
    RefusedInputError
        Not a workbook, too large once unpacked, too many rows, or a formula in a cell.
    """
    import openpyxl  # slow to load; who reads no workbook should not wait for it

    _check_zip(data, name=name, limits=limits)
    faults: list[Fault] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl remarks on styles we do not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            try:
                rows = list(_rows(book, name=name, limits=limits, faults=faults))
            finally:
                book.close()
    except RefusedInputError:
        raise
    except Exception as error:  # whatever a foreign parser trips over, the file is not readable
        raise RefusedInputError(
            name, [Fault(name, None, "", type(error).__name__, "unreadable", "CSV or XLSX")]
        ) from error
    if faults and not formulas:
        raise RefusedInputError(name, faults)
    return rows


def _check_zip(data: bytes, *, name: str, limits: Limits) -> None:
    """Refuse what would unpack to something absurd, before unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise RefusedInputError(
            name, [Fault(name, None, "", "zip", "unreadable", "CSV or XLSX")]
        ) from error
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / max(1, len(data))
    checks = [
        (len(members) > limits.max_members, len(members), f"<= {limits.max_members} parts"),
        (
            unpacked > limits.max_unpacked_bytes,
            unpacked,
            f"<= {limits.max_unpacked_bytes} bytes unpacked",
        ),
        (ratio > limits.max_zip_ratio, round(ratio), f"<= {limits.max_zip_ratio:g} x unpacked"),
    ]
    faults = [
        Fault(name, None, "", str(value), "too_large", expected)
        for bad, value, expected in checks
        if bad
    ]
    if not faults and _has_more_cells(data, limits.max_cells, name=name):
        faults = [Fault(name, None, "", "", "too_large", f"<= {limits.max_cells} cells")]
    if faults:
        raise RefusedInputError(name, faults)


def _has_more_cells(data: bytes, most: int, *, name: str) -> bool:
    """Count the cells of all parts without reading them: each costs the reader 600 bytes."""
    seen = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if not member.filename.endswith(".xml"):
                    continue
                with archive.open(member) as part:
                    rest = b""
                    while chunk := part.read(_CHUNK):
                        text = rest + chunk
                        # What begins before the end of a chunk is counted with the next one.
                        cut = max(text.rfind(b"<"), len(text) - _CHUNK)
                        seen += _cells_in(text[:cut])
                        if seen > most:
                            return True
                        rest = text[cut:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise RefusedInputError(
            name, [Fault(name, None, "", "zip", "unreadable", "CSV or XLSX")]
        ) from error
    return False


def _cells_in(text: bytes) -> int:
    """Count what begins a cell; names with a prefix are rare and need the slower way."""
    if b":c" in text:
        return sum(1 for _ in _CELL.finditer(text))
    return sum(map(text.count, _PLAIN_CELLS))


def _rows(
    book: "openpyxl.Workbook", *, name: str, limits: Limits, faults: list[Fault]
) -> Iterator[NumberedRow]:
    """Yield the rows of the first sheet as text; formulas go to ``faults``."""
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what a sheet says about its own size is not to be believed
    header: list[str] = []
    seen = 0
    # One column more than allowed, so that too many are seen and refused, not cut off.
    for line, cells in enumerate(sheet.iter_rows(max_col=limits.max_columns + 1), start=1):
        if line > limits.max_rows * 2:
            raise _too_many_rows(name, limits)
        texts = [_text(cell.value) for cell in cells]
        for position, cell in enumerate(cells):
            if cell.data_type == "f":
                # One over several cells is an object, whose text says nothing of a formula.
                texts[position] = f"={texts[position].removeprefix('=')}"
                column = header[position] if position < len(header) else str(position + 1)
                faults.append(Fault(name, line, column, texts[position][:50], "formula", "a value"))
        if not any(texts):
            continue
        header = header or texts
        seen += 1
        if seen > limits.max_rows + 1:
            raise _too_many_rows(name, limits)
        yield line, texts


def _too_many_rows(name: str, limits: Limits) -> RefusedInputError:
    fault = Fault(name, None, "", "", "too_many_rows", f"<= {limits.max_rows} rows")
    return RefusedInputError(name, [fault])


def _text(value: object) -> str:
    """Return a cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()  # a spreadsheet keeps a date as its midnight
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()
