"""Files of another system: ten thousand pregnancies read, checked row by row, and decided on.

The rows are invented (:mod:`app.demo_women`). Beside reading and checking stands what the bare
parser takes for the same bytes, which is the least that anybody could take.
"""

import csv
import io
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from app import migrating
from app.accounts.demo import demo_accounts
from app.accounts.organisations import open_commissions
from app.case_exchange.cells import Known
from app.case_exchange.deciding import decide
from app.case_exchange.filing import file_lines
from app.case_exchange.mapping import load_columns
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.reading import read_file
from app.case_exchange.rows import Lined, PregnancyRow
from app.case_exchange.service import take_in
from app.centres.opening import open_places
from app.db import Database
from app.demo_women.writing import sheets_of, told_of_all
from app.engine import load_engine
from app.exporting import Sheet
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.settings import Settings
from facilities.io import sheet_bytes, sheet_text
from facilities.yunnan import load_registry
from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.rows import Colour
from routing.triage.tables import load_rules

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("exchange", "figure", "aim", "beside it")
NOW = datetime.now(UTC).replace(microsecond=0)
ROWS = 10_000
FILING_S = 10.0
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
    decided_on = (f"{ROWS} rows decided on", f"{spent:.1f} s", "", "triage of the facts in it")
    with tempfile.TemporaryDirectory() as folder:
        return [*found, decided_on, *_whole(Path(folder), sheet)]


def _whole(folder: Path, sheet: Sheet) -> list[Row]:
    """Return how long a file takes to be checked and taken in, and a line into its file."""
    engine = load_engine(Settings(data_dir=folder))
    columns = load_columns(None, engine.rules.facts)
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    database.keys = KeyRing(folder / "keys.json")
    database.keys.create(Cipher.AES_256_GCM, NOW)
    migrating.upgrade(database)
    with database.writing() as session:
        now = database.now(session)
        open_places(session, engine.registry, now=now)
        open_commissions(session, engine.registry)
        demo_accounts(session, engine.registry, now)
    begun = time.perf_counter()
    table = read_file(sheet_text(sheet).encode(), name="csv", columns=columns[NAME])
    take_in(database, engine, columns, NAME, table, login="mch")
    taken = time.perf_counter() - begun
    begun, end = time.perf_counter(), time.perf_counter() + FILING_S
    done = file_lines(
        database,
        engine,
        "53",
        told_of=lambda *_: None,
        stopped=lambda: time.perf_counter() > end,
    )
    each = (time.perf_counter() - begun) / (done.filed + done.refused)
    database.close()
    return [
        (f"{ROWS} pregnancies checked and taken in", f"{taken:.1f} s", AIM, "SQLite, sealed"),
        (
            "one line into its file",
            f"{1000 * each:.0f} ms",
            "",
            f"{ROWS * each / 60:.0f} min for all, in transactions of their own",
        ),
    ]


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
