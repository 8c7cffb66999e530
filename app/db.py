"""The database: one code path for SQLite and PostgreSQL.

SQLite keeps everything on one machine: WAL, every commit on disk, and one writer at a time. A
transaction that will write says so when it begins (``BEGIN IMMEDIATE``), and writers queue in front
of the file (:mod:`app.queueing`): SQLite itself polls, and lets some of them starve. PostgreSQL is
asked for READ COMMITTED; no promise rests on the isolation, each rests on a constraint. Whoever
only reads says so too, and both refuse what would be written then.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, IntegrityError
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session

from app.audit.tracing import TracedSession
from app.errors import NoDatabaseError
from app.keys.keyring import KeyRing
from app.keys.words import KEYS
from app.queueing import WRITER_WAIT_S, WriterQueue
from app.tables_all import TABLES

__all__ = ["NEWS", "Database", "broken_rule", "open_database"]

SQLITE, POSTGRESQL = "sqlite", "postgresql"
MEMORY = (None, "", ":memory:")
"""What is in memory is lost with the process; nothing may be promised there."""
BUSY_MS = 10_000
AT_WORK = 20
"""Connections that are kept: as many as requests are let in at once, and the worker's."""
LOCK_MS, STATEMENT_MS, IDLE_MS = 2_000, 5_000, 10_000


@dataclass(frozen=True, slots=True)
class _Begins:
    """How a transaction begins, and how long one of SQLite waits for others, in milliseconds."""

    statement: str = "BEGIN"
    busy_ms: int = BUSY_MS
    reads: bool = False


_BEGINS: ContextVar[_Begins] = ContextVar("begins", default=_Begins())  # noqa: B039  frozen
SET_TO = "greenchannel.begins"
NEWS = "greenchannel.news"
"""Under which a session holds whether it has written something that screens are told of."""


class Database:
    """One database; ``url`` chooses which.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql+psycopg://…``; ``postgresql://`` is taken for the latter.
    wait_s : float
        So long a writer of a SQLite file waits for its turn, in seconds.
    """

    session_type: type[Session] = TracedSession
    """What writes; it keeps account of every row (:mod:`app.audit.tracing`)."""
    keys: KeyRing | None = None
    """What words of people are sealed with; every transaction knows it."""

    def __init__(self, url: str, *, wait_s: float = WRITER_WAIT_S) -> None:
        address = make_url(url)
        if address.drivername == POSTGRESQL:
            address = address.set(drivername=f"{POSTGRESQL}+psycopg")
        # Keys lead from table to table: all of them are known before the first statement.
        self.tables = TABLES
        self.is_sqlite = address.get_backend_name() == SQLITE
        self.engine = create_engine(
            address, hide_parameters=True, **_options(address.get_backend_name())
        )
        self._wait_s = wait_s
        self._bells: frozenset[Callable[[], object]] = frozenset()
        self._queue = (
            WriterQueue(Path(address.database)) if self.is_sqlite and address.database else None
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
        # Not by an event of the engine: where there is one, every statement asks for others.
        begin = _begin_sqlite if self.is_sqlite else _begin_postgres
        self.engine.dialect.do_begin = begin  # type: ignore[assignment, method-assign]

    @contextmanager
    def writing(self, *, wait_s: float | None = None) -> Iterator[Session]:
        """Open a transaction that may write; committed at the end, undone by any error.

        Parameters
        ----------
        wait_s : float | None
            So long its turn, or on PostgreSQL each statement, may take; None is as always.

        Raises
        ------
        DatabaseBusyError
            Others wrote to the file for longer than one waits.
        NestedWriteError
            This thread writes to the same file already.
        """
        turn = self._queue.turn(wait_s or self._wait_s) if self._queue else nullcontext()
        known = {KEYS: self.keys}
        opened = self.session_type(self.engine, expire_on_commit=False, info=known)
        with turn, opened as session, session.begin():
            _begin(session, _Begins("BEGIN IMMEDIATE", int((wait_s or self._wait_s) * 1000)))
            if wait_s is not None and not self.is_sqlite:
                session.execute(text(f"SET LOCAL statement_timeout = {int(wait_s * 1000)}"))
            yield session
        if NEWS in session.info:
            for ring in self._bells:
                ring()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; the database refuses whatever else is tried."""
        with Session(self.engine, info={KEYS: self.keys}) as session, session.begin():
            _begin(session, _Begins(reads=True))
            yield session

    @contextmanager
    def telling(self, ring: Callable[[], object]) -> Iterator[None]:
        """Ring after every commit of news by this process, until the block ends.

        It is only a bell: it says nothing of what was written, and other processes do not hear it.
        """
        self._bells |= {ring}
        try:
            yield
        finally:
            self._bells -= {ring}

    def now(self, session: Session) -> datetime:
        """Return the time by the clock of the database, for every stamp and every deadline."""
        # Past the compiler: it is asked several times in every request.
        asked = session.connection().exec_driver_sql
        if self.is_sqlite:
            said = asked("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')").scalar_one()
            return datetime.fromisoformat(str(said))
        found = asked("SELECT clock_timestamp()").scalar_one()
        return cast("datetime", found).astimezone(UTC)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_database(url: str | None, *, wait_s: float = WRITER_WAIT_S) -> Database:
    """Open the database of the settings; nothing is asked of it yet.

    Raises
    ------
    NoDatabaseError
        None is named, or none that can be used. What it is called may hold a password and is not
        said.
    """
    try:
        address = make_url(url or "")
        in_memory = address.get_backend_name() == SQLITE and address.database in MEMORY
        if address.get_backend_name() not in (SQLITE, POSTGRESQL) or in_memory:
            raise NoDatabaseError
        return Database(str(url), wait_s=wait_s)
    except (ArgumentError, ValueError, ImportError):
        raise NoDatabaseError from None


def broken_rule(error: IntegrityError) -> str:
    """Return the name of the rule that a row would have broken, empty where it is not said.

    The message itself may hold values of the row and is never shown.
    """
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if name:
        return str(name)
    found = re.search(r"(?:constraint failed|index) ?:? ?'?([\w., ]+)", str(error.orig))
    return found[1].strip() if found else ""


def _options(backend: str) -> dict[str, Any]:
    if backend == SQLITE:
        patience = {"timeout": BUSY_MS / 1000, "isolation_level": None}
        return {"connect_args": patience, "pool_size": AT_WORK, "max_overflow": AT_WORK}
    limits = (
        f"-c lock_timeout={LOCK_MS} -c statement_timeout={STATEMENT_MS} "
        f"-c idle_in_transaction_session_timeout={IDLE_MS} -c timezone=UTC"
    )
    return {
        "isolation_level": "READ COMMITTED",
        "pool_pre_ping": True,
        "pool_size": AT_WORK,
        "max_overflow": AT_WORK,
        "connect_args": {"options": limits},
    }


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        f"busy_timeout = {BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(session: Session, how: _Begins) -> None:
    """Begin the transaction of a session now, in this way."""
    before = _BEGINS.set(how)
    try:
        session.connection()
    finally:
        _BEGINS.reset(before)


def _begin_sqlite(connection: PoolProxiedConnection) -> None:
    """Say at the beginning whether the transaction will write, so that it never has to give up."""
    driver, how = connection.driver_connection, _BEGINS.get()
    if driver is None:
        raise AssertionError("a transaction begins on a connection")
    # A connection is used again by others: what it is set to is known and not taken for granted.
    if connection.info.get(SET_TO) != how:
        driver.execute(f"PRAGMA query_only = {int(how.reads)}")
        driver.execute(f"PRAGMA busy_timeout = {how.busy_ms}")
        connection.info[SET_TO] = how
    driver.execute(how.statement)


def _begin_postgres(connection: PoolProxiedConnection) -> None:
    """Say with BEGIN itself that nothing will be written; None leaves it to the server."""
    driver, wanted = connection.driver_connection, True if _BEGINS.get().reads else None
    if driver is None:
        raise AssertionError("a transaction begins on a connection")
    if driver.read_only is not wanted:
        driver.read_only = wanted
