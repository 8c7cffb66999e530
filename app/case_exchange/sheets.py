"""Files and visits written as another system reads them, and the template to fill in."""

from collections.abc import Iterable, Mapping, Sequence

from app.case_exchange.cells import Said, write_cell
from app.case_exchange.fields import FACT, Kind, Spelling
from app.case_exchange.mapping import Column
from app.exporting import Sheet
from app.text import Catalogue
from geodata.io import Cell
from geodata.workbook_writing import Page, workbook_bytes
from routing.triage.facts import Fact, FactType

__all__ = ["example_of", "sheet_of_rows", "template_bytes", "template_sheet"]

EXAMPLE: Mapping[str, str] = {
    "record_id": "EXAMPLE-1",
    "visit_id": "EXAMPLE-1",
    "updated_at": "2026-01-31 08:00:00",
    "name": "某某",
    "residence_county": "530829",
    "registered_on": "2026-01-31",
    "visited_on": "2026-01-31",
    "lmp": "2025-12-01",
}
TEXTS = (Kind.TEXT, Kind.DAY, Kind.MOMENT, Kind.COUNTY, Kind.TOWNSHIP, Kind.FACILITY)
"""What a spreadsheet would otherwise round, shift or strip of zeros."""


def sheet_of_rows(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Said]], facts: Mapping[str, Fact]
) -> Sheet:
    """Return header and rows of what is told by field; read again, it changes nothing."""
    out = [column for column in columns if column.goes_out]
    cells = [
        [write_cell(column, row.get(column.field.name), facts) for column in out] for row in rows
    ]
    return tuple(column.name for column in out), cells


def template_sheet(columns: Sequence[Column]) -> Sheet:
    """Return the columns that are read, with an example that an import refuses."""
    read = [column for column in columns if column.comes_in]
    return tuple(column.name for column in read), [[example_of(column) for column in read]]


def example_of(column: Column) -> Cell:
    """Return the cell of the example; only what no row can do without, and her name."""
    if column.codes is not None and column.field.required:
        return column.codes.offered[0]
    return EXAMPLE.get(column.field.name)


def template_bytes(
    name: str, columns: Sequence[Column], facts: Mapping[str, Fact], words: Catalogue
) -> bytes:
    """Return a workbook to fill in: words to choose from, and a sheet that explains the columns."""
    header, rows = template_sheet(columns)
    read = [column for column in columns if column.comes_in]
    first = Page(
        name,
        header,
        rows,
        choices={c.name: c.codes.offered for c in read if c.codes is not None},
        texts=frozenset(c.name for c in read if c.field.kind in TEXTS),
    )
    titles = ("column", "needed", "form", "meaning")
    explained = Page(
        words.text("exchange.explained"),
        tuple(words.text(f"exchange.{title}") for title in titles),
        [_explained(column, facts, words) for column in read],
    )
    return workbook_bytes([first, explained])


def _explained(column: Column, facts: Mapping[str, Fact], words: Catalogue) -> list[Cell]:
    needed = words.text("exchange.yes") if column.field.required else ""
    meaning = column.meaning_zh if words.language == "zh" else column.meaning_en
    return [column.name, needed, _form(column, facts, words), meaning]


def _form(column: Column, facts: Mapping[str, Fact], words: Catalogue) -> str:
    """Return how a cell must look."""
    if column.codes is not None:
        return " | ".join(column.codes.offered)
    fact = facts.get(column.field.name.removeprefix(FACT))
    if fact is not None and fact.type in (FactType.INT, FactType.FLOAT):
        return fact.expected if not fact.in_days else "34+3"
    key = column.field.kind.value
    if column.spelling in (Spelling.COMPACT, Spelling.LOCAL):
        key = f"{key}_{column.spelling.value}"
    return words.text(f"exchange.forms.{key}")
