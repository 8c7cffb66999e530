"""What somebody does who owns the database: the rows as they like, all refusals taken away."""

import contextlib
import uuid
from datetime import datetime, timedelta

from sqlalchemy import event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.audit.statements import covered
from app.db import Database
from app.db_types import metadata
from app.keys.words import KEYS

RECORD = ("audit_entry", "audit_chain", "audit_seal")


def owner(address):
    """The database without triggers, keys to other tables and checks; unique keys stay."""
    database = Database(address)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _loosened)
    return database


def _loosened(connection, _record):
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")


def take_refusals_away(session):
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        checks = session.execute(
            text(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint "
                "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
        ).all()
        for table, name in checks:
            session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
        return
    for (name,) in session.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ).all():
        session.execute(text(f"DROP TRIGGER {name}"))


@contextlib.contextmanager
def owned(address):
    """A session of the owner, all refusals away; undone at the end."""
    database = owner(address)
    known = {KEYS: database.keys}
    with database.engine.connect() as connection, Session(connection, info=known) as session:
        take_refusals_away(session)
        yield session
        session.rollback()
    database.close()


class Tamperer:
    """Edits, deletions and swaps at random places of all tables of which something is promised."""

    def __init__(self, session: Session, rng):
        self.session, self.rng = session, rng
        names = (*covered(), *RECORD)
        self.tables = [metadata.tables[name] for name in names]
        self.keys = {table.name: self._keys(table) for table in self.tables}
        self.tables = [table for table in self.tables if self.keys[table.name]]

    def _keys(self, table):
        asked = select(*table.primary_key.columns)
        return [tuple(row) for row in self.session.execute(asked)]

    def once(self, kind=None):
        """One change that is one; what was done, None where a unique key or a type refused it."""
        table = self.rng.choice(self.tables)
        kind = kind or self.rng.choice(("edit", "edit", "delete", "swap"))
        try:
            with self.session.begin_nested():
                return getattr(self, kind)(table)
        except DBAPIError:
            return None

    def row(self, table):
        key = self.rng.choice(self.keys[table.name])
        row = self.session.execute(select(table).where(self.at(table, key))).one()
        return key, row._mapping

    def at(self, table, key):
        found = True
        for column, value in zip(table.primary_key.columns, key, strict=True):
            found = (column == value) & found if found is not True else column == value
        return found

    def edit(self, table):
        key, row = self.row(table)
        column = self.rng.choice([one for one in table.columns if "untraced" not in one.info])
        value = self.other(table, column, row[column.name])
        if value == row[column.name]:
            return None
        self.session.connection().execute(
            update(table).where(self.at(table, key)).values({column: value})
        )
        return f"edit {table.name} {key} {column.name}: {row[column.name]!r} -> {value!r}"

    def delete(self, table):
        key, _ = self.row(table)
        self.session.connection().execute(table.delete().where(self.at(table, key)))
        return f"delete {table.name} {key}"

    def swap(self, table):
        (one, first), (two, second) = self.row(table), self.row(table)
        names = [
            column.name
            for column in table.columns
            if not column.primary_key and "untraced" not in column.info
        ]
        if self.rng.random() < 0.7:
            names = [self.rng.choice(names)]
        if all(first[name] == second[name] for name in names):
            return None
        for key, other in ((one, second), (two, first)):
            self.session.connection().execute(
                update(table).where(self.at(table, key)).values({n: other[n] for n in names})
            )
        return f"swap {table.name} {one} {two} {names}"

    def other(self, table, column, value):
        if column.nullable and value is not None and self.rng.random() < 0.2:
            return None
        if self.rng.random() < 0.3:
            return self.row(table)[1][column.name]
        if value is None:
            value = next(
                (row for row in self.session.execute(select(column)).scalars() if row is not None),
                None,
            )
        return self.changed(value)

    def changed(self, value):
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value + self.rng.choice((-1, 1, 1000))
        if isinstance(value, datetime):
            return value + timedelta(microseconds=self.rng.choice((-1, 1, 10**9)))
        if isinstance(value, uuid.UUID):
            return uuid.UUID(int=self.rng.getrandbits(128))
        if isinstance(value, str) and value:
            place = self.rng.randrange(len(value))
            letter = self.rng.choice("abc019 ")
            return value[:place] + letter + value[place + self.rng.randint(0, 1) :]
        return "x" if value == "" else value
