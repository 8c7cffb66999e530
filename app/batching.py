"""Many things of one kind in one transaction, each with the record that it would have alone.

A batch has parts: what one line of a file begins, say. Rows that are new wait until the end and go
into the database by one statement a table, past the object layer; the record gets the entries that
a transaction for each part would have written, with the digests of that part's rows. Nothing in a
part finds by a statement what a part before it wrote: parts speak of different things, and whoever
makes them sees to that. After an error nothing of the batch is there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from sqlalchemy.orm.attributes import instance_state
from sqlmodel import Session, SQLModel

from app.audit.statements import covered
from app.audit.tracing import Traced, trace_apart, write_apart
from app.writing import PUT_BY, Rows, Waiting, place_of, waiting_in

__all__ = ["Batch", "SharedRowError", "batch"]


class SharedRowError(Exception):
    """A part has written a row that a part before it wrote: they are not for one batch."""


class Batch:
    """Parts that are written together."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._parts: list[tuple[Rows, Traced]] = []
        self._last: tuple[Rows, Traced] = {}, Traced()
        self._written: set[int] = set()

    @contextmanager
    def part(self) -> Iterator[None]:
        """Begin a part; it ends with the block, and after an error nothing of it is kept.

        Raises
        ------
        SharedRowError
            It speaks of what another part speaks of.
        """
        kept = False
        try:
            with waiting_in(self._session) as rows, trace_apart(self._session) as traced:
                self._last = rows, traced
                yield
                if not self._written.isdisjoint(rows):
                    raise SharedRowError
                self._session.flush()
            self._written.update(rows)
            self._parts.append((rows, traced))
            kept = True
        finally:
            for one in self._put_by.values():
                one.part_ends(kept=kept)

    @property
    def is_clean(self) -> bool:
        """Whether the part that failed has changed nothing that was there before it."""
        rows, traced = self._last
        kept = self._session.dirty or traced.notes.touched
        return not kept and self._written.isdisjoint(rows)

    @property
    def _put_by(self) -> dict[str, Waiting]:
        found: dict[str, Waiting] = self._session.info[PUT_BY]
        return found

    def finish(self) -> None:
        """Write all parts, and what features have put by."""
        session = self._session
        new = _New(session)
        for rows, traced in self._parts:
            for row in rows.values():
                if instance_state(row).transient:
                    new.add(row, traced.new(row))
                else:
                    traced.changed(session, row)
        new.write()
        with trace_apart(session):  # known by its part already
            session.flush()
        for one in self._put_by.values():
            one.write(session)
        write_apart(session, [traced for _, traced in self._parts])


class _New:
    """Rows that go in by one statement a table, a table after those that its keys lead to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._of_sqlite = session.get_bind().dialect.name == "sqlite"
        self._stored: dict[type[SQLModel], list[Sequence[object]]] = {}
        self._rows: dict[type[SQLModel], list[dict[str, object]]] = {}

    def add(self, row: SQLModel, stored: Sequence[object] | None) -> None:
        """Take a row; ``stored`` is what SQLite holds of it, which need not be made again."""
        kind = type(row)
        if stored is not None and self._of_sqlite and _is_whole(kind):
            self._stored.setdefault(kind, []).append(stored)
        else:
            held = row.__dict__
            columns = {name: held[name] for name in kind.model_fields}
            self._rows.setdefault(kind, []).append(columns)

    def write(self) -> None:
        """Write them."""
        connection = self._session.connection()
        for kind in sorted({*self._stored, *self._rows}, key=place_of):
            if stored := self._stored.get(kind):
                connection.exec_driver_sql(_inserting(kind), [tuple(one) for one in stored])
            if rows := self._rows.get(kind):
                connection.execute(kind.__table__.insert(), rows)  # type: ignore[attr-defined]


@cache
def _inserting(kind: type[SQLModel]) -> str:
    """Return the statement of SQLite for whole rows, their columns in the order of their names."""
    table = str(kind.__tablename__)
    names = covered()[table].names
    places = ", ".join("?" for _ in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608  no values


@cache
def _is_whole(kind: type[SQLModel]) -> bool:
    """Whether the digest of a row is over all its columns."""
    of = covered().get(str(kind.__tablename__))
    return of is not None and len(of.names) == len(of.table.columns)


@contextmanager
def batch(session: Session) -> Iterator[Batch]:
    """Write what the parts of the block begin at its end."""
    session.info[PUT_BY] = {}
    made = Batch(session)
    try:
        yield made
        made.finish()
    finally:
        del session.info[PUT_BY]
