"""Writing down that an installation was looked after."""

import contextlib

from sqlalchemy.exc import DBAPIError

from app import migrating
from app.audit import marks
from app.db import Database
from app.settings import Settings

__all__ = ["note_backup", "note_verify"]


def note_backup(database: Database, settings: Settings) -> None:
    """Write down that a backup was made."""
    _note(database, marks.BACKUP, settings.province)


def note_verify(database: Database, settings: Settings, *, intact: bool) -> None:
    """Write down that everything was checked, and how that ended."""
    _note(database, marks.INTACT if intact else marks.WRONG, settings.province)


def _note(database: Database, act: str, province: str) -> None:
    """Write it where there is a record; a copy that is only read is told nothing."""
    if not migrating.at_head(database):
        return
    with contextlib.suppress(DBAPIError), database.writing() as session:
        marks.note(session, act, province=province)
