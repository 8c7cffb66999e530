"""Taking over one table: checked by itself, then with all others, then put in place at once."""

from dataclasses import dataclass

from app.datafolder import DataFolder
from app.engine import Replaced
from app.loading import load_data
from app.settings import Settings
from app.tables import KEYS, merged, with_crs, with_table
from geodata.crs import CRS
from geodata.io import csv_text, read_table
from geodata.table import Table

__all__ = ["Taken", "take"]


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
    new = with_crs(table, crs)
    if dry_run:
        whole = _checked(folder, name, new)
    else:
        with folder.alone():
            whole = _checked(folder, name, new)
            cells = [[row[column] for column in whole.header] for row in whole.rows]
            folder.replace(name, csv_text(whole.header, cells))
    kept = len(whole.rows) - len(new.rows)
    return Taken(name, len(new.rows), kept, table.encoding, dry_run)


def _checked(folder: DataFolder, name: str, new: Table) -> Table:
    """Return what the file will be, after trying it on the data the installation then has."""
    # By itself first: faults then carry the lines of the file the user has before him.
    with_table(load_data(folder, Replaced()), name, new)
    old = read_table(folder.path(name)) if folder.has(name) else None
    whole = merged(old, new, KEYS[name])
    load_data(folder, Replaced(), instead=whole, name=name)
    return whole
