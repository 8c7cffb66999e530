"""Files of another system: ten thousand pregnancies read, checked, taken in, entered as files.

The rows are invented (:mod:`app.demo_women`). Beside reading and checking stands what the bare
parser takes for the same bytes, and beside the whole what the database alone takes to hold as many
rows, which are the least that anybody could take. Seconds of the processor stand with those of the
clock: on a machine that others use only they say what it costs.
"""

import csv
import io
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import openpyxl
from sqlalchemy import Connection

from app import migrating
from app.accounts.demo import demo_accounts
from app.accounts.organisations import open_commissions
from app.case_exchange.asking import ask_centres
from app.case_exchange.cells import Known
from app.case_exchange.filing import Filed, file_lines
from app.case_exchange.mapping import load_columns
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.reading import read_file
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
from routing.triage.tables import load_rules

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("exchange", "figure", "aim", "beside it")
NOW = datetime.now(UTC).replace(microsecond=0)
ROWS = 10_000
PROVINCE = "53"
AIM = "<= 30 s"
NAME = "pregnancies"


def run(count: int = ROWS) -> list[Row]:
    """Return the rows of the table, for so many pregnancies."""
    rules, registry = load_rules(), load_registry()
    columns = load_columns(None, rules.facts)
    known = Known(registry, {}, rules.facts, NOW)
    sheet = sheets_of(told_of_all(rules, registry, now=NOW, count=count), columns, rules)[NAME]
    found: list[Row] = []
    for form, data in (("csv", sheet_text(sheet).encode()), ("xlsx", sheet_bytes(sheet, name="x"))):
        table, reading = _timed(partial(read_file, data, name=form, columns=columns[NAME]))
        _, checking = _timed(partial(parse_pregnancies, table, columns=columns[NAME], known=known))
        plain = partial(_plain_csv if form == "csv" else _plain_workbook, data)
        lines, bare = _timed(plain)
        if lines != count + 1:
            raise AssertionError("not every row was read")
        what = f"{count} pregnancies read and checked, {form}"
        beside = f"{bare} the parser alone, {(reading + checking) / bare:.1f} times"
        found.append((what, str(reading + checking), AIM, beside))
    with tempfile.TemporaryDirectory() as folder:
        return [*found, *_whole(Path(folder), sheet, count)]


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds of the clock and of the processor."""

    clock: float
    processor: float

    def __add__(self, other: "_Spent") -> "_Spent":
        return _Spent(self.clock + other.clock, self.processor + other.processor)

    def __truediv__(self, other: "_Spent") -> float:
        return self.processor / other.processor

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.processor:.1f} s of the processor)"


Found = TypeVar("Found")


def _timed(act: Callable[[], Found]) -> tuple[Found, _Spent]:
    begun, used = time.perf_counter(), time.process_time()
    found = act()
    return found, _Spent(time.perf_counter() - begun, time.process_time() - used)


def _whole(folder: Path, sheet: Sheet, count: int) -> list[Row]:
    """Return how long a file takes to be checked, taken in and entered into the files."""
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
    data = sheet_text(sheet).encode()

    def taken() -> None:
        table = read_file(data, name="csv", columns=columns[NAME])
        take_in(database, engine, columns, NAME, table, login="mch")

    def entered() -> Filed:
        return file_lines(database, engine, PROVINCE, told_of=lambda *_: None)

    _, taking = _timed(taken)
    done, entering = _timed(entered)
    if done.filed + done.refused != count:
        raise AssertionError("not every line was entered")
    asked, asking = _timed(partial(ask_centres, database, engine, PROVINCE))
    rows, bare = _timed(partial(_copied, database, folder))
    database.close()
    whole = taking + entering
    beside = f"{bare} SQLite alone to write the same {rows} rows, {whole / bare:.1f} times"
    each = f"{1000 * entering.processor / count:.1f} ms of the processor for each"
    return [
        (f"{count} pregnancies checked and taken in", str(taking), AIM, "SQLite, sealed"),
        (f"{count} lines entered into their files", str(entering), "", each),
        (f"{count} checked, taken in and entered", str(whole), AIM, beside),
        (f"{asked.asked} centres asked that they name", str(asking), "", f"{asked.kept} waiting"),
    ]


def _copied(database: Database, folder: Path) -> int:
    """Write every row of the database once more, without a key, a check or a trigger; how many."""
    copy, count = sqlite3.connect(folder / "copy.db"), 0
    with database.engine.connect() as there:
        for table in database_tables(there):
            rows = [tuple(row) for row in there.exec_driver_sql(f'SELECT * FROM "{table}"')]  # noqa: S608
            if rows:
                names = ", ".join(f"c{n}" for n in range(len(rows[0])))
                places = ", ".join("?" for _ in rows[0])
                copy.execute(f'CREATE TABLE "{table}" ({names})')
                copy.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)  # noqa: S608
                count += len(rows)
    copy.commit()
    copy.close()
    return count


def database_tables(connection: Connection) -> list[str]:
    """Return the names of all tables."""
    asked = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    return [str(name) for (name,) in connection.exec_driver_sql(asked)]


def _plain_csv(data: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(data.decode())))


def _plain_workbook(data: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
