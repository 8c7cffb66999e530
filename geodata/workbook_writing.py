"""Workbooks that are written: texts stay texts, and a column may offer its words to choose from."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | None

LISTS = "lists"
"""The hidden sheet that holds the words; a list within a rule may have 255 characters only."""
LAST_LINE = 50_000
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""Stands in every workbook as its date of making: same rows, same bytes."""
_PLAIN_TEXT = "@"
_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet.

    Parameters
    ----------
    choices : Mapping[str, tuple[str, ...]]
        Columns whose cells are chosen from a list of words; anything else is refused there.
    texts : frozenset[str]
        Columns in which what is typed stays text: a spreadsheet would keep only fifteen digits of
        an identity number and take the zeros off a telephone.
    """

    name: str
    header: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    texts: frozenset[str] = frozenset()


def workbook_bytes(pages: Sequence[Page]) -> bytes:
    """Return an XLSX workbook; texts are written as texts, never as formulas.

    The first page is the one that :func:`geodata.io.read_table` reads.
    """
    import xlsxwriter  # slow to load; who writes no workbook should not wait for it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        plain_text = book.add_format({"num_format": _PLAIN_TEXT})
        sheets = [book.add_worksheet(page.name) for page in pages]
        ranges = _lists(book, pages)
        for page, sheet in zip(pages, sheets, strict=True):
            for position, column in enumerate(page.header):
                if column in page.texts:
                    sheet.set_column(position, position, _WIDTH, plain_text)
                if column in page.choices:
                    rule = {"validate": "list", "source": ranges[page.choices[column]]}
                    sheet.data_validation(1, position, LAST_LINE, position, rule)
            _fill(sheet, [page.header, *page.rows])
    return stream.getvalue()


def _lists(book: "xlsxwriter.Workbook", pages: Sequence[Page]) -> Mapping[tuple[str, ...], str]:
    """Write every list of words once, on a sheet of its own, and return where each stands."""
    lists = list(dict.fromkeys(words for page in pages for words in page.choices.values()))
    if not lists:
        return {}
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    found = {}
    for position, words in enumerate(lists):
        for line, word in enumerate(words):
            sheet.write_string(line, position, word)
        column = _letters(position)
        found[words] = f"={LISTS}!${column}$1:${column}${len(words)}"
    return found


def _letters(position: int) -> str:
    """Return how a spreadsheet calls a column: A, ..., Z, AA, ..."""
    rest, letters = position + 1, ""
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _fill(sheet: "Worksheet", rows: Iterable[Sequence[Cell]]) -> None:
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            elif cell is not None:
                sheet.write_number(line, column, cell)
