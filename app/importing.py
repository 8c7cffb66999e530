"""Taking over one table: checked by itself, then with all others, then put in place at once."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from app import migrating
from app.centres.importing import TakenIn, take_in
from app.datafolder import DataFolder
from app.engine import Replaced
from app.exporting import Sheet
from app.loading import load_data
from app.settings import Settings
from app.tables import KEYS, merged, with_crs, with_table
from geodata.check import Fault
from geodata.crs import CRS
from geodata.errors import RefusedInputError
from geodata.io import Cell, csv_text, formula_faults, read_table
from geodata.table import Row, Table

__all__ = ["Taken", "take", "take_into_database", "with_errors"]

ERRORS = "errors"
"""The column that a refusal adds to the file."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did: rows of the file, and rows of earlier imports that stay beside them."""

    table: str
    rows: int
    kept: int
    encoding: str
    dry_run: bool


def take(
    settings: Settings, name: str, table: Table, *, crs: CRS | None = None, dry_run: bool = False
) -> Taken:
    """Import one table; a row with the key of an earlier one takes its place.

    Raises
    ------
    RefusedInputError
        With every fault; the installation is as it was before.
    """
    folder = DataFolder(settings.data_folder)
    new = _without_errors(with_crs(table, crs))
    if dry_run:
        with _formulas_too(new):
            whole = _checked(folder, name, new)
    else:
        with folder.alone():
            with _formulas_too(new):
                whole = _checked(folder, name, new)
            cells = [[row[column] for column in whole.header] for row in whole.rows]
            folder.replace(name, csv_text(whole.header, cells))
    kept = len(whole.rows) - len(new.rows)
    return Taken(name, len(new.rows), kept, table.encoding, dry_run)


def take_into_database(
    settings: Settings,
    name: str,
    table: Table,
    *,
    by_name: str,
    crs: CRS | None = None,
    dry_run: bool = False,
) -> TakenIn:
    """Import one table into the database of the settings, in one transaction.

    Raises
    ------
    RefusedInputError
        With every fault; the database is as it was before.
    DatabaseBehindError, DatabaseSilentError, NoDatabaseError
        There is none that can be used.
    """
    new = _without_errors(with_crs(table, crs))
    base = load_data(DataFolder(settings.data_folder), Replaced())
    with migrating.opened(settings.database_url, settings.keys) as database:
        migrating.require_head(database)
        try:
            with database.writing() as session:
                now = database.now(session)
                with _formulas_too(new):
                    done = take_in(session, base, name, new, by_name=by_name, now=now)
                if dry_run:
                    raise _Undone(done)
        except _Undone as undone:
            return replace(undone.done, dry_run=True)
    return done


class _Undone(Exception):
    """Ends a transaction that was only tried; ``done`` is what it would have done."""

    def __init__(self, done: TakenIn) -> None:
        self.done = done


def with_errors(table: Table, faults: Sequence[Fault], said: Callable[[Fault], str]) -> Sheet:
    """Return a table with one column more, in which every row says what is wrong with it.

    What is wrong with the file as a whole stands in its first row. The column is passed over when
    the corrected file is imported.
    """
    header = tuple(column for column in table.header if column != ERRORS)
    lines = [row.line for row in table.rows]
    first = lines[0] if lines else None
    by_line: dict[int | None, list[str]] = {}
    for fault in faults:
        line = fault.line if fault.line in lines else first
        by_line.setdefault(line, []).append(said(fault))
    rows: list[list[Cell]] = [
        [*(row[column] for column in header), "; ".join(by_line.get(row.line, []))]
        for row in table.rows
    ]
    if not rows and by_line:
        rows = [[*([""] * len(header)), "; ".join(by_line[None])]]
    return (*header, ERRORS), rows


def _without_errors(table: Table) -> Table:
    """Return the table without the column that an earlier refusal wrote into it."""
    if ERRORS not in table.header:
        return table
    header = tuple(column for column in table.header if column != ERRORS)
    rows = tuple(Row(row.line, MappingProxyType({c: row[c] for c in header})) for row in table.rows)
    return Table(table.name, header, rows, table.encoding)


@contextlib.contextmanager
def _formulas_too(table: Table) -> Iterator[None]:
    """Let a table be refused for its formulas and for everything else at once.

    What else is said of a cell that holds a formula is of no use to who has to correct it.
    """
    formulas = formula_faults(table)
    cells = {(fault.line, fault.column) for fault in formulas}
    try:
        yield
    except RefusedInputError as error:
        others = [fault for fault in error.faults if (fault.line, fault.column) not in cells]
        faults = sorted((*formulas, *others), key=lambda fault: fault.line or 0)
        raise RefusedInputError(error.what, faults) from None
    if formulas:
        raise RefusedInputError(table.name, formulas)


def _checked(folder: DataFolder, name: str, new: Table) -> Table:
    """Return what the file will be, after trying it on the data the installation then has."""
    # By itself first: faults then carry the lines of the file the user has before him.
    with_table(load_data(folder, Replaced()), name, new)
    old = read_table(folder.path(name)) if folder.has(name) else None
    whole = merged(old, new, KEYS[name])
    load_data(folder, Replaced(), instead=whole, name=name)
    return whole
