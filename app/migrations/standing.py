"""Triggers by which an event and the row it is of move together, or not at all.

A row cannot stand where no event says: a key of the row sees to that. Here is the other direction.
An event lets its transaction end only if the row has come as far, and a row never goes back.
PostgreSQL asks at the end of the transaction. SQLite has no trigger that waits so long, but keys
that do: an event that is ahead of its row leaves a line with a key that leads nowhere, and the row
takes the line away when it follows.
"""

from alembic import op

from app.migrations.triggers import FUNCTION, is_sqlite

__all__ = [
    "AHEAD",
    "drop_ahead",
    "follow_events",
    "forget_events",
    "make_ahead",
    "unfollow_events",
]

AHEAD = "status_event_ahead"
"""On SQLite only, and empty whenever nobody writes."""
NOWHERE = 0


def make_ahead() -> None:
    """Make the table of events that are ahead of their rows, where one is needed."""
    if not is_sqlite():
        return
    op.execute(
        f"CREATE TABLE {AHEAD} (machine TEXT NOT NULL, subject_id TEXT NOT NULL, "
        f"seq INTEGER NOT NULL CHECK (seq > {NOWHERE}), "
        f"nowhere INTEGER NOT NULL DEFAULT {NOWHERE} CHECK (nowhere = {NOWHERE}), "
        "CONSTRAINT pk_status_event_ahead PRIMARY KEY (machine, subject_id, seq), "
        "CONSTRAINT fk_status_event_ahead FOREIGN KEY (machine, subject_id, nowhere) "
        f"REFERENCES {AHEAD} (machine, subject_id, seq) DEFERRABLE INITIALLY DEFERRED) STRICT"
    )


def drop_ahead() -> None:
    """Take that table away again."""
    if is_sqlite():
        op.execute(f"DROP TABLE {AHEAD}")


def follow_events(table: str) -> None:
    """Let the rows of a table, which is called like their machine, go where their events go."""
    _never_back(table)
    if is_sqlite():
        _paid_later(table)
    else:
        _asked_at_the_end(table)


def unfollow_events(table: str) -> None:
    """Take away what asks for the rows of a table, before the table goes."""
    of_table = "" if is_sqlite() else " ON status_event"
    op.execute(f"DROP TRIGGER {_name(table)}{of_table}")
    if is_sqlite():
        op.execute(f"DROP TRIGGER {table}_not_paid")
    else:
        op.execute(f"DROP FUNCTION greenchannel_moves_{table}()")


def forget_events(machine: str) -> None:
    """Take away the events and moves of a machine whose table is gone."""
    no_delete = "status_event_no_delete"
    if is_sqlite():
        op.execute(f"DROP TRIGGER {no_delete}")
    else:
        op.execute(f"ALTER TABLE status_event DISABLE TRIGGER {no_delete}")
    for table in ("status_event", "status_move"):
        op.execute(f"DELETE FROM {table} WHERE machine = '{machine}'")  # noqa: S608
    if is_sqlite():
        op.execute(
            f"CREATE TRIGGER {no_delete} BEFORE DELETE ON status_event "
            "BEGIN SELECT RAISE(ABORT, 'DELETE of status_event is not allowed'); END"
        )
    else:
        op.execute(f"ALTER TABLE status_event ENABLE TRIGGER {no_delete}")


def _name(table: str) -> str:
    return f"status_event_moves_{table}"


def _behind(table: str, event: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM {table} r WHERE r.id = {event}.subject_id "  # noqa: S608
        f"AND r.last_seq >= {event}.seq)"
    )


def _never_back(table: str) -> None:
    act = (
        f"BEGIN SELECT RAISE(ABORT, 'UPDATE of {table} is not allowed'); END"
        if is_sqlite()
        else f"EXECUTE FUNCTION {FUNCTION}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_way_back BEFORE UPDATE OF last_seq ON {table} FOR EACH ROW "
        f"WHEN (NEW.last_seq < OLD.last_seq) {act}"
    )


def _asked_at_the_end(table: str) -> None:
    function = f"greenchannel_moves_{table}"
    op.execute(
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_behind(table, 'NEW')} THEN "
        f"RAISE EXCEPTION '{table} has not moved with its event (fk_{_name(table)})' USING "
        f"ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_{_name(table)}'; "
        "END IF; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE CONSTRAINT TRIGGER {_name(table)} AFTER INSERT ON status_event "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"WHEN (NEW.machine = '{table}') EXECUTE FUNCTION {function}()"
    )


def _paid_later(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {_name(table)} AFTER INSERT ON status_event "  # noqa: S608
        f"WHEN NEW.machine = '{table}' AND {_behind(table, 'NEW')} "
        f"BEGIN INSERT INTO {AHEAD} (machine, subject_id, seq) "
        "VALUES (NEW.machine, NEW.subject_id, NEW.seq); END"
    )
    for what in ("INSERT", "UPDATE OF last_seq"):
        op.execute(
            f"CREATE TRIGGER {table}_follows_{what.split()[0].lower()} "  # noqa: S608
            f"AFTER {what} ON {table} "
            f"BEGIN DELETE FROM {AHEAD} WHERE machine = '{table}' "
            "AND subject_id = NEW.id AND seq <= NEW.last_seq; END"
        )
    # Nobody takes the line away but a row that has followed.
    op.execute(
        f"CREATE TRIGGER {table}_not_paid BEFORE DELETE ON {AHEAD} "
        f"WHEN OLD.machine = '{table}' AND {_behind(table, 'OLD')} "
        f"BEGIN SELECT RAISE(ABORT, 'DELETE of {AHEAD} is not allowed'); END"
    )
