"""Sessions that keep account of every row they write, so that no feature has to remember it.

Whatever a session of :meth:`app.db.Database.writing` inserts, updates or deletes, row by row or by
statement, is noted. Before it commits, the digest of each row as it stands then is written into
the entry of the act that was recorded, or into one of its own. A row that changes in any other way
no longer agrees with the record, whoever changed it.

Rows that were inserted are taken as they were written. All others are read again: two who changed
different columns of one row know each half of it. What goes past the session, ``text()`` and
statements on the connection, is not noted and will be found as a change behind the back.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, cast

from sqlalchemy import event, inspect
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import Mapper, ORMExecuteState, UOWTransaction
from sqlmodel import Session

from app.audit import store
from app.audit.memory import as_stored, in_memory
from app.audit.statements import Covered, covered
from app.audit.states import GONE, LANES, NOBODY, Said, key_of, lane, row_digest

if TYPE_CHECKING:
    from sqlalchemy import Result, Table
    from sqlalchemy.orm import SessionTransaction
    from sqlalchemy.sql.dml import UpdateBase

__all__ = ["Traced", "TracedSession", "has_said", "retrace", "say", "trace_apart", "write_apart"]

AN_ENTRY = 1_000
"""So many rows in one entry; an import makes several."""
NOTES = "greenchannel.notes"
OF_NO_PROVINCE = "00"
Name = tuple[str, str]


@dataclass(slots=True)
class _Notes:
    """What one transaction has written and recorded so far."""

    said: dict[str, list[Said]] = field(default_factory=dict)
    fresh: dict[Name, object] = field(default_factory=dict)
    touched: dict[Name, tuple[object, ...]] = field(default_factory=dict)
    gone: set[Name] = field(default_factory=set)
    before: "dict[SessionTransaction, _Notes]" = field(default_factory=dict)

    def copied(self) -> "_Notes":
        """Return what is known now, for the part of a transaction that may be undone."""
        said = {chain: list(acts) for chain, acts in self.said.items()}
        return _Notes(said, dict(self.fresh), dict(self.touched), set(self.gone), self.before)


class TracedSession(Session):
    """A session that keeps account of what it writes."""


def say(session: Session, chain: str, said: Said) -> None:
    """Record an act or a look; it is written with the transaction, or not at all."""
    if not isinstance(session, TracedSession):
        raise RuntimeError("nothing is written down here; open the session with Database.writing()")
    _notes(session).said.setdefault(chain, []).append(said)


def has_said(session: Session) -> bool:
    """Tell whether an act or a look was recorded in this transaction so far."""
    return isinstance(session, TracedSession) and bool(_notes(session).said)


def retrace(session: Session, act: str, tables: tuple[str, ...]) -> int:
    """Take the rows of some tables for right as they stand; how many these are.

    For a step of the database that changes rows, and for one that was filled before there was a
    record. The entries say that it was done.
    """
    count = 0
    for name, of in covered().items():
        if name in tables:
            found = [
                (_province(of, row), [name, _key(of, row), row_digest(of.names, row)])
                for row in store.rows_of(session, of)
            ]
            count += len(found)
            _write(session, {}, found, act)
    return count


class Traced:
    """What one part of a transaction has written and recorded, where parts are written together."""

    def __init__(self) -> None:
        self.notes = _Notes()
        self.written: list[tuple[str, list[str]]] = []

    def changed(self, session: Session, row: object) -> None:
        """Note a row of this part that was there before, if it has changed."""
        name, key, of = _named(row)
        if of is not None and session.is_modified(row):
            self.notes.touched[name] = key

    def new(self, row: object) -> Sequence[object] | None:
        """Note a row that goes in now; return its columns as SQLite stores them, by their names.

        None where the database may hold others, or where the row is in no digest.
        """
        table: type = type(row)
        of, _ = _keys_of(table)
        if of is None:
            return None
        stored = as_stored(row)
        if stored is None:
            self.notes.fresh[_named(row)[0]] = row
            return None
        line = [of.table.name, _key(of, stored), row_digest(of.names, stored)]
        self.written.append((_province(of, stored), line))
        return stored


@contextmanager
def trace_apart(session: Session) -> Iterator[Traced]:
    """Keep account of what the block writes for itself; :func:`write_apart` records it."""
    traced, outer = Traced(), session.info.pop(NOTES, None)
    session.info[NOTES] = traced.notes
    try:
        yield traced
    finally:
        session.info.pop(NOTES, None)
        if outer is not None:
            session.info[NOTES] = outer


def write_apart(session: Session, parts: Sequence[Traced]) -> None:
    """Write the entries of parts whose rows are there, as transactions of their own would have."""
    again: dict[str, dict[str, tuple[object, ...]]] = {}
    unsure = [_unsure(part.notes) for part in parts]
    for names in unsure:
        for (table, key), values in names.items():
            again.setdefault(table, {})[key] = values
    found = {
        (line[0], line[1]): (province, line)
        for table, keys in again.items()
        for province, line in _read_again(session, covered()[table], keys, set())
    }
    chains: dict[str, list[tuple[Said, str | None]]] = {}
    for part, names in zip(parts, unsure, strict=True):
        lines = part.written + [found[name] for name in names if name in found]
        for chain, acts in _entries_of(session, part.notes.said, lines, NOBODY).items():
            chains.setdefault(chain, []).extend(acts)
    store.append_all(session, chains)


def _unsure(notes: _Notes) -> dict[Name, tuple[object, ...]]:
    """Return the keys of rows that have to be read to know how they stand."""
    return notes.touched | {name: _named(row)[1] for name, row in notes.fresh.items()}


def _named(row: object) -> tuple[Name, tuple[object, ...], Covered | None]:
    """Return what a row is called in the record, its key, and how it is covered."""
    table: type = type(row)
    of, names = _keys_of(table)
    held = row.__dict__
    key = tuple([held[name] for name in names])
    return ("", "") if of is None else (of.table.name, key_of(key)), key, of


@cache
def _keys_of(table: type) -> tuple[Covered | None, tuple[str, ...]]:
    """Return how a table is covered, and under which names its rows hold their key."""
    mapper: Mapper[object] = inspect(table)
    of = covered().get(str(cast("Table", mapper.local_table).name))
    return of, tuple(mapper.get_property_by_column(one).key for one in mapper.primary_key)


def _notes(session: Session) -> _Notes:
    found: _Notes | None = session.info.get(NOTES)
    if found is None:
        found = session.info[NOTES] = _Notes()
    return found


@event.listens_for(TracedSession, "after_flush")
def _flushed(session: Session, _work: UOWTransaction) -> None:
    notes = _notes(session)
    for rows, into in ((session.new, "new"), (session.dirty, "dirty"), (session.deleted, "gone")):
        for row in rows:
            mapper = inspect(row).mapper
            of = covered().get(str(mapper.local_table.name))
            if of is None:
                continue
            key = tuple(mapper.primary_key_from_instance(row))
            name = (of.table.name, key_of(key))
            if into == "new":
                notes.fresh[name] = row
            elif into == "gone" or (name not in notes.fresh and session.is_modified(row)):
                notes.touched[name] = key
            if into == "gone":
                notes.gone.add(name)


@event.listens_for(TracedSession, "do_orm_execute")
def _by_statement(state: ORMExecuteState) -> "Result[tuple[object, ...]] | None":
    """Let a statement that changes rows say which ones."""
    if not (state.is_update or state.is_delete or state.is_insert):
        return None
    statement = cast("UpdateBase", state.statement)
    of = covered().get(str(getattr(statement.table, "name", "")))
    if of is None:
        return None
    own = statement.returning_column_descriptions
    found = state.invoke_statement(statement=statement.returning(*of.key))
    rows = [tuple(row) for row in found]
    notes = _notes(state.session)  # type: ignore[arg-type]
    for row in rows:
        key = row[len(own) :]
        notes.touched[of.table.name, key_of(key)] = key
        if state.is_delete:
            notes.gone.add((of.table.name, key_of(key)))
    names = [str(one["name"]) for one in own]
    answer: Result[tuple[object, ...]] = IteratorResult(
        SimpleResultMetaData(names), iter([row[: len(own)] for row in rows])
    )
    answer.rowcount = len(rows)  # type: ignore[attr-defined]
    return answer


@event.listens_for(TracedSession, "before_commit")
def _committing(session: Session) -> None:
    """Write entries: what was recorded, with the digests of what was written."""
    if session.in_nested_transaction():
        return
    session.flush()
    notes = session.info.pop(NOTES, None)
    if notes is not None:
        _write(session, notes.said, list(_written(session, notes)), NOBODY)


@event.listens_for(TracedSession, "after_transaction_create")
def _part_begins(session: Session, transaction: "SessionTransaction") -> None:
    if transaction.nested:
        notes = _notes(session)
        notes.before[transaction] = notes.copied()


@event.listens_for(TracedSession, "after_soft_rollback")
def _undone(session: Session, transaction: "SessionTransaction") -> None:
    """Forget what was undone: its rows are not locked any more and may be changed by others."""
    notes = session.info.pop(NOTES, None)
    if transaction.nested and notes is not None and transaction in notes.before:
        session.info[NOTES] = notes.before[transaction]


def _written(session: Session, notes: _Notes) -> Iterator[tuple[str, list[str]]]:
    """Yield province, and table, key and digest, of every row as it stands."""
    again: dict[str, dict[str, tuple[object, ...]]] = {}
    own: dict[str, dict[str, tuple[object, ...]]] = {}
    for (table, key), values in notes.touched.items():
        again.setdefault(table, {})[key] = values
    for (table, key), row in notes.fresh.items():
        if key in again.get(table, ()) or row not in session:
            continue
        of = covered()[table]
        kept = in_memory(of, row)
        if kept is None:
            state = inspect(row)
            own.setdefault(table, {})[key] = tuple(state.mapper.primary_key_from_instance(row))
        else:
            yield _province(of, kept), [table, key, row_digest(of.names, kept)]
    for table, keys in again.items():
        yield from _read_again(session, covered()[table], keys, notes.gone)
    for table, keys in own.items():
        yield from _read_again(session, covered()[table], keys, notes.gone, own=True)


def _read_again(
    session: Session,
    of: Covered,
    keys: dict[str, tuple[object, ...]],
    gone: set[Name],
    *,
    own: bool = False,
) -> Iterator[tuple[str, list[str]]]:
    missing = set(keys)
    for row in store.rows_of(session, of, list(keys.values()), own=own):
        key = _key(of, row)
        missing.discard(key)
        yield _province(of, row), [of.table.name, key, row_digest(of.names, row)]
    # One that is missing and was not deleted was inserted and undone in part of the transaction.
    for key in sorted(missing):
        if (of.table.name, key) in gone:
            yield OF_NO_PROVINCE, [of.table.name, key, GONE]


def _key(of: Covered, row: Sequence[object]) -> str:
    return key_of(tuple([row[place] for place in of.places]))


def _province(of: Covered, row: Sequence[object]) -> str:
    return OF_NO_PROVINCE if of.province is None else str(row[of.province])


def _write(
    session: Session,
    said: dict[str, list[Said]],
    written: list[tuple[str, list[str]]],
    act: str,
) -> None:
    """Write the entries of a transaction, chain after chain in one order for everybody."""
    chains = _entries_of(session, said, written, act)
    for chain in sorted(chains):
        store.append(session, chain, chains[chain])


def _entries_of(
    session: Session,
    said: dict[str, list[Said]],
    written: list[tuple[str, list[str]]],
    act: str,
) -> dict[str, list[tuple[Said, str | None]]]:
    """Return entries by chain: what was recorded, and with which entry the rows are told."""
    chains: dict[str, list[tuple[Said, str | None]]] = {
        chain: [(one, None) for one in acts] for chain, acts in said.items()
    }
    if written:
        province = max(known for known, _ in written)
        rows = [line for _, line in written]
        parts = [
            json.dumps(rows[start : start + AN_ENTRY], ensure_ascii=False, separators=(",", ":"))
            for start in range(0, len(rows), AN_ENTRY)
        ]
        _place(session, chains, parts, Said(province, act))
    return chains


def _place(
    session: Session,
    chains: dict[str, list[tuple[Said, str | None]]],
    parts: list[str],
    instead: Said,
) -> None:
    """Give the rows to the first act that changed something, or to an entry of their own."""
    for acts in chains.values():
        for place, (one, _) in enumerate(acts):
            if not one.is_read:
                acts[place] = (one, parts[0])
                acts.extend((Said(one.province, NOBODY), part) for part in parts[1:])
                return
    of_sqlite = session.get_bind().dialect.name == "sqlite"
    own = lane(0 if of_sqlite else secrets.randbelow(LANES))
    chains[own] = chains.get(own, []) + [(instead, part) for part in parts]
