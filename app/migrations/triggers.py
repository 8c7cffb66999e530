"""Triggers by which a table refuses to be changed, or lines of it to disappear."""

from collections.abc import Iterable

from alembic import op

__all__ = ["drop_refusals", "is_sqlite", "make_refusals", "refuse"]

APPEND_ONLY, NEVER_DELETED = ("UPDATE", "DELETE"), ("DELETE",)
FUNCTION = "greenchannel_refuse"


def is_sqlite() -> bool:
    """Tell which database the step runs on."""
    return op.get_bind().dialect.name == "sqlite"


def make_refusals() -> None:
    """Make what the triggers call, where they call something."""
    if not is_sqlite():
        op.execute(
            f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% of % is not allowed', TG_OP, TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END $$"
        )


def drop_refusals() -> None:
    """Take it away again; the triggers went with their tables."""
    if not is_sqlite():
        op.execute(f"DROP FUNCTION {FUNCTION}()")


def refuse(*, append_only: Iterable[str], never_deleted: Iterable[str]) -> None:
    """Let rows of some tables be added and nothing else, and rows of others not be deleted."""
    for tables, kinds in ((append_only, APPEND_ONLY), (never_deleted, NEVER_DELETED)):
        for table in tables:
            for what in kinds:
                _refuse(table, what)
            if not is_sqlite():
                op.execute(
                    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
                )


def _refuse(table: str, what: str) -> None:
    name = f"{table}_no_{what.lower()}"
    if is_sqlite():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{what} of {table} is not allowed'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
        )
