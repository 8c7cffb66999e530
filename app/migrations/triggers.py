"""Triggers by which a table refuses to be changed, or lines of it to disappear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from alembic import op

__all__ = [
    "Guard",
    "drop_guard",
    "drop_refusals",
    "guard",
    "is_sqlite",
    "keep_for",
    "make_refusals",
    "refuse",
    "refuse_changes",
    "refuse_when",
    "unsealed",
]

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


def refuse(
    *,
    append_only: Iterable[str] = (),
    never_deleted: Iterable[str] = (),
    sealed: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> None:
    """Let rows of some tables be added and nothing else, and rows of others not be deleted.

    Of ``sealed`` tables rows are only added too, but for what is sealed anew when keys turn.
    """
    for table, columns in sealed.items():
        _refuse_changes_but(table, *columns)
    for tables, kinds in (
        (append_only, APPEND_ONLY),
        ((*never_deleted, *sealed), NEVER_DELETED),
    ):
        for table in tables:
            for what in kinds:
                _refuse(table, what)
            if not is_sqlite():
                op.execute(
                    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
                )


def refuse_changes(table: str) -> None:
    """Let rows of a table never be changed; whether they may go is another matter."""
    _refuse(table, "UPDATE")


def refuse_when(name: str, moment: str, when: str) -> None:
    """Refuse what is done to a row at a moment, such as ``BEFORE UPDATE OF a ON b``."""
    act = (
        f"BEGIN SELECT RAISE(ABORT, '{name} is not allowed'); END"
        if is_sqlite()
        else f"EXECUTE FUNCTION {FUNCTION}()"
    )
    op.execute(f"CREATE TRIGGER {name} {moment} FOR EACH ROW WHEN ({when}) {act}")


def _refuse_changes_but(table: str, *sealed: str) -> None:
    """Let nothing of a row be changed but what is sealed: that is sealed anew under other keys.

    Whoever exchanges a sealed value has none that opens there, and is found by the record.
    """
    columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
    of = ", ".join(name for name in columns if name not in sealed)
    _refuse(table, "UPDATE", f"UPDATE OF {of}")


def unsealed(table: str) -> list[str]:
    """Return the columns of a table that no key turns under."""
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return [c["name"] for c in columns if not isinstance(c["type"], sa.LargeBinary)]


def keep_for(table: str, column: str, *, hours: int) -> None:
    """Let no row be deleted before it is so old, by the clock of the database."""
    name, said = f"{table}_no_delete", f"DELETE of {table} is not allowed"
    if is_sqlite():
        young = f"OLD.{column} > strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-{hours} hours')"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN {young} "
            f"BEGIN SELECT RAISE(ABORT, '{said}: {hours} hours'); END"
        )
        return
    young = f"OLD.{column} > clock_timestamp() - interval '{hours} hours'"
    op.execute(
        f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW "
        f"WHEN ({young}) EXECUTE FUNCTION {FUNCTION}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
    )


def _refuse(table: str, what: str, when: str | None = None) -> None:
    name = f"{table}_no_{what.lower()}"
    if is_sqlite():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when or what} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{what} of {table} is not allowed'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when or what} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """Rows that are refused for what is true of other tables.

    ``column`` is what has to change for it to be looked at; ``key`` leads to the row of ``locks``
    that whoever makes it wrong meanwhile holds, the patient as a rule.
    """

    name: str
    table: str
    column: str
    key: str
    refused: str
    said: str
    locks: str = "patient"


def guard(one: Guard) -> None:
    """Refuse such rows, also where two do at once what only together is wrong."""
    said = f"{one.name}: {one.said}"
    if is_sqlite():
        for what, moment in (("insert", "INSERT"), ("update", f"UPDATE OF {one.column}")):
            op.execute(
                f"CREATE TRIGGER {one.name}_{what} BEFORE {moment} ON {one.table} "
                f"WHEN {one.refused} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION greenchannel_{one.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        # Whoever merges, refers or erases her at this moment is waited for, and seen afterwards.
        f"BEGIN PERFORM 1 FROM {one.locks} WHERE id = NEW.{one.key} FOR NO KEY UPDATE; "
        f"IF {one.refused} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {one.name} BEFORE INSERT OR UPDATE OF {one.column} ON {one.table} "
        f"FOR EACH ROW EXECUTE FUNCTION greenchannel_{one.name}()"
    )


def drop_guard(one: Guard) -> None:
    """Take it away from a table that stays."""
    if is_sqlite():
        op.execute(f"DROP TRIGGER {one.name}_insert")
        op.execute(f"DROP TRIGGER {one.name}_update")
    else:
        op.execute(f"DROP TRIGGER {one.name} ON {one.table}")
        op.execute(f"DROP FUNCTION greenchannel_{one.name}()")
