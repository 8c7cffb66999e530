"""Triggers by which the database counts changes of the registry and reports of places."""

from alembic import op

from app.migrations.triggers import is_sqlite, unsealed

__all__ = ["COUNTED", "count_changes", "count_no_reports", "drop_counting"]

COUNTED = (
    "diversion",
    "capability_note",
    "duty_turn",
    "registry_line",
    "designation",
    "catchment",
    "facility_phone",
    "staff_count",
)
"""A change of these is a change of the registry."""
COUNT = "UPDATE registry_version SET version = version + 1"
COUNT_REPORTS = "UPDATE registry_version SET reports = reports + 1"
FUNCTION = "greenchannel_count_registry"
FUNCTION_REPORTS = "greenchannel_count_reports"


def count_changes() -> None:
    """Let every change of the registry be counted, whoever makes it, and every report."""
    for name, statement in ((FUNCTION, COUNT), (FUNCTION_REPORTS, COUNT_REPORTS)):
        if not is_sqlite():
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN {statement}; RETURN NULL; END $$"
            )
    for table in COUNTED:
        # Keys that turn under a line change nothing of it.
        for what in ("INSERT", f"UPDATE OF {', '.join(unsealed(table))}"):
            _counted(table, what, COUNT, FUNCTION)
    _counted("capacity_report", "INSERT", COUNT_REPORTS, FUNCTION_REPORTS)


def _counted(table: str, what: str, statement: str, function: str) -> None:
    name = f"{table}_counted_{what.split()[0].lower()}"
    op.execute(
        f"CREATE TRIGGER {name} AFTER {what} ON {table} BEGIN {statement}; END"
        if is_sqlite()
        else f"CREATE TRIGGER {name} AFTER {what} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


def count_no_reports() -> None:
    """Take the trigger off the table of reports, which an earlier step made."""
    of_table = "" if is_sqlite() else " ON capacity_report"
    op.execute(f"DROP TRIGGER capacity_report_counted_insert{of_table}")


def drop_counting() -> None:
    """Take away what the triggers called; they went with their tables."""
    if not is_sqlite():
        op.execute(f"DROP FUNCTION {FUNCTION}()")
        op.execute(f"DROP FUNCTION {FUNCTION_REPORTS}()")
