"""Bringing a database to the shape that this version needs."""

from collections.abc import Callable
from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db import Database
from app.tables_all import metadata

__all__ = ["at_head", "differences", "downgrade", "head", "revision_of", "upgrade"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("app") / "migrations"))
    return config


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
    """Go the steps up to ``to``."""
    _run(database, lambda config: command.upgrade(config, to))


def downgrade(database: Database, to: str = "base") -> None:
    """Go steps back. What only the newer shape can hold is lost."""
    _run(database, lambda config: command.downgrade(config, to))


def differences(database: Database) -> list[object]:
    """Return where a database differs from the tables of this version."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _run(database: Database, step: Callable[[Config], None]) -> None:
    """Go steps in one transaction, alone in front of the database."""
    config = _config()
    with database.writing() as session:
        config.attributes["connection"] = session.connection()
        step(config)
