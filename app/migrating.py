"""Bringing a database to the shape that this version needs."""

import contextlib
import warnings
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.audit.statements import covered
from app.audit.tracing import retrace
from app.db import Database, open_database
from app.errors import DatabaseBehindError, DatabaseSilentError
from app.keys.keyring import KeyRing
from app.migrations.standing import AHEAD
from app.tables_all import metadata

__all__ = [
    "at_head",
    "differences",
    "downgrade",
    "head",
    "opened",
    "require_head",
    "revision_of",
    "upgrade",
]

RECORD = "audit_entry"
STEPS_LOCK = 5_315_150_903
"""Any number, the same for every version."""
_COMPARED = {
    "compare_type": True,
    "include_name": lambda name, kind, _of: (kind, name) != ("table", AHEAD),
}
"""The table of a trigger belongs to the trigger; no code knows it."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("app") / "migrations"))
    return config


@contextlib.contextmanager
def opened(url: str | None, keys: Path | None = None) -> Iterator[Database]:
    """Open the database of the settings; ``keys`` is the file of its key ring.

    Raises
    ------
    NoDatabaseError
        None is named.
    DatabaseSilentError
        It does not answer.
    """
    database = open_database(url)
    if keys is not None:
        database.keys = KeyRing(keys)
    try:
        yield database
    except OperationalError:
        raise DatabaseSilentError from None
    finally:
        database.close()


def require_head(database: Database) -> None:
    """Refuse to work on a database of another shape.

    Raises
    ------
    DatabaseBehindError
        It stands at another step, older or newer.
    DatabaseSilentError
        It does not answer.
    """
    try:
        found = revision_of(database)
    except OperationalError:
        raise DatabaseSilentError from None
    if found != head():
        raise DatabaseBehindError(found, head())


def head() -> str:
    """Return the newest step that this version knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise AssertionError("the package was built without its migrations")
    return newest


def revision_of(database: Database) -> str | None:
    """Return the last step a database has gone; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def at_head(database: Database) -> bool:
    """Tell whether a database has the shape that this version needs."""
    return revision_of(database) == head()


def upgrade(database: Database, to: str = "head") -> None:
    """Go the steps up to ``to``.

    Rows that the steps themselves put into new tables are taken over into the record, and all rows
    where there was no record before. A step that changes rows of a table that was there calls for
    :func:`app.audit.tracing.retrace` of it.

    Raises
    ------
    DatabaseBehindError
        It stands at a step that this version does not know: the program is the older one.
    """
    found = revision_of(database)
    try:
        _run(database, lambda config: command.upgrade(config, to), taking_over=True)
    except CommandError:
        raise DatabaseBehindError(found, head()) from None


def downgrade(database: Database, to: str = "base") -> None:
    """Go steps back. What only the newer shape can hold is lost."""
    _run(database, lambda config: command.downgrade(config, to))


def differences(database: Database) -> list[object]:
    """Return where a database differs from the tables of this version.

    How a column is computed is not compared: PostgreSQL says it in other words than it was told.
    """
    with database.engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Computed default on")
        context = MigrationContext.configure(connection, opts=_COMPARED)
        return list(compare_metadata(context, metadata))


def _wait_for_other_steps(session: Session) -> None:
    """Let two who type ``migrate`` at once go one after the other; the second finds it done.

    On SQLite the queue of writers does it. A step may take longer than a command ever may.
    """
    if session.get_bind().dialect.name == "postgresql":
        for limit in ("lock_timeout", "statement_timeout"):
            session.execute(text(f"SET LOCAL {limit} = 0"))
        session.execute(text(f"SELECT pg_advisory_xact_lock({STEPS_LOCK})"))


def _run(database: Database, step: Callable[[Config], None], *, taking_over: bool = False) -> None:
    """Go steps in one transaction, alone in front of the database."""
    config = _config()
    with database.writing() as session:
        _wait_for_other_steps(session)
        connection = session.connection()
        before = set(inspect(connection).get_table_names())
        config.attributes["connection"] = connection
        step(config)
        stands = MigrationContext.configure(connection).get_current_revision()
        if taking_over and stands == head():
            known = before if RECORD in before else set()
            retrace(session, "taken_over", tuple(covered().keys() - known))
