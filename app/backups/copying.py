"""The whole database as one file and back: SQLite by itself, PostgreSQL by its own programs.

Both are copies of one moment, taken while others go on writing. SQLite writes the copy anew
(``VACUUM INTO``): what was deleted is not in it.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import text
from sqlmodel import Session

from app.backups.errors import BackupDamagedError, ToolFailedError, ToolMissingError
from app.db import Database

__all__ = ["copy_postgres", "copy_sqlite", "fill_postgres", "require_intact", "sqlite_path"]

DUMP, RESTORE = "pg_dump", "pg_restore"


def sqlite_path(database: Database) -> Path:
    """Return the file of a database."""
    return Path(str(database.engine.url.database))


def copy_sqlite(database: Database, into: Path) -> None:
    """Copy a file while others write to it, and look whether the copy is sound."""
    with closing(sqlite3.connect(sqlite_path(database), isolation_level=None)) as source:
        source.execute("VACUUM INTO ?", (str(into),))
    require_intact(into)


def require_intact(path: Path) -> None:
    """Refuse a file that SQLite finds damaged.

    Raises
    ------
    BackupDamagedError
        It does.
    """
    try:
        with closing(sqlite3.connect(path)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError:
        said = []
    if said != [("ok",)]:
        raise BackupDamagedError("the file of the database is damaged")


def copy_postgres(session: Session, database: Database, into: Path, tools: Path | None) -> None:
    """Let pg_dump copy exactly what this transaction sees."""
    snapshot = session.connection().execute(text("SELECT pg_export_snapshot()")).scalar_one()
    _run(DUMP, database, tools, "--format=custom", f"--snapshot={snapshot}", f"--file={into}")


def fill_postgres(database: Database, source: Path, tools: Path | None) -> None:
    """Let pg_restore fill an empty database, all or nothing."""
    _run(
        RESTORE, database, tools, "--single-transaction", "--exit-on-error", "--no-owner",
        "--no-privileges", str(source),
    )  # fmt: skip


def _run(name: str, database: Database, tools: Path | None, *words: str) -> None:
    """Run a program; the password goes by the environment, where nobody else sees it."""
    program = shutil.which(name, path=str(tools) if tools else None)
    if program is None:
        raise ToolMissingError(name)
    said = database.engine.dialect.create_connect_args(database.engine.url)[1]
    password = said.pop("password", None)
    for ours in ("options", "context"):
        said.pop(ours, None)
    done = subprocess.run(  # noqa: S603  a program of PostgreSQL with words of ours
        [program, "--no-password", f"--dbname={make_conninfo(**said)}", *words],
        env=os.environ | ({"PGPASSWORD": str(password)} if password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # Other lines may show what is in a row.
        errors = [line for line in done.stderr.splitlines() if line.startswith(f"{name}: error")]
        raise ToolFailedError(name, errors[0] if errors else "")
