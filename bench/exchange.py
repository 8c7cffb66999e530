"""Files of another system: ten thousand pregnancies read, checked row by row, and decided on.

The rows are invented (:mod:`app.demo_women`). Beside reading and checking stands what the bare
parser takes for the same bytes, which is the least that anybody could take.
"""

import csv
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime

import openpyxl

from app.case_exchange.cells import Known
from app.case_exchange.deciding import decide
from app.case_exchange.mapping import load_columns
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.reading import read_file
from app.case_exchange.rows import Lined, PregnancyRow
from app.demo_women.writing import sheets_of, told_of_all
from facilities.io import sheet_bytes, sheet_text
from facilities.yunnan import load_registry
from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.rows import Colour
from routing.triage.tables import load_rules

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("exchange", "figure", "aim", "beside it")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ROWS = 10_000
AIM = "<= 30 s"
NAME = "pregnancies"


def run() -> list[Row]:
    """Return the rows of the table."""
    rules, registry = load_rules(), load_registry()
    columns = load_columns(None, rules.facts)
    known = Known(registry, {}, rules.facts, NOW)
    sheet = sheets_of(told_of_all(rules, registry, now=NOW, count=ROWS), columns, rules)[NAME]
    found: list[Row] = []
    rows: tuple[Lined[PregnancyRow], ...] = ()
    for form, data in (("csv", sheet_text(sheet).encode()), ("xlsx", sheet_bytes(sheet, name="x"))):
        begun = time.perf_counter()
        table = read_file(data, name=form, columns=columns[NAME])
        rows = parse_pregnancies(table, columns=columns[NAME], known=known)
        spent = time.perf_counter() - begun
        bare = _spent(_plain_csv if form == "csv" else _plain_workbook, data)
        what = f"{ROWS} pregnancies read and checked, {form}"
        found.append((what, f"{spent:.1f} s", AIM, f"{bare:.2f} s the parser alone"))

    def by_facts(row: PregnancyRow) -> Colour:
        return colour_of(rules, complete(rules, row.facts, patient="maternal")).colour or Colour.RED

    begun = time.perf_counter()
    decided = decide(rows, by_record={}, by_number={}, index=lambda _: None, by_facts=by_facts)
    spent = time.perf_counter() - begun
    if len(decided) != ROWS:
        raise AssertionError("not every row was decided on")
    return [*found, (f"{ROWS} rows decided on", f"{spent:.1f} s", "", "triage of the facts in it")]


def _spent(read: Callable[[bytes], int], data: bytes) -> float:
    begun = time.perf_counter()
    if read(data) != ROWS + 1:
        raise AssertionError("not every row was read")
    return time.perf_counter() - begun


def _plain_csv(data: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(data.decode())))


def _plain_workbook(data: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
