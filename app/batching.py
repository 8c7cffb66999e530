"""Many things of one kind in one transaction, each with the record that it would have alone.

A batch has parts: what one line of a file begins, say. Rows that are new wait until the end and go
into the database by one statement a table, past the object layer; the record gets the entries that
a transaction for each part would have written, with the digests of that part's rows. Nothing in a
part finds by a statement what a part before it wrote: parts speak of different things, and whoever
makes them sees to that. After an error nothing of the batch is there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel

from app.audit.tracing import Traced, trace_apart, write_apart
from app.writing import PUT_BY, Rows, Waiting, by_table, waiting_in

__all__ = ["Batch", "SharedRowError", "batch"]


class SharedRowError(Exception):
    """A part has written a row that a part before it wrote: they are not for one batch."""


class Batch:
    """Parts that are written together."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._parts: list[tuple[Rows, Traced]] = []
        self._written: set[int] = set()

    @contextmanager
    def part(self) -> Iterator[None]:
        """Begin a part; it ends with the block.

        Raises
        ------
        SharedRowError
            It speaks of what another part speaks of.
        """
        with waiting_in(self._session) as rows, trace_apart(self._session) as traced:
            yield
            self._session.flush()
        if not self._written.isdisjoint(rows):
            raise SharedRowError
        self._written.update(rows)
        self._parts.append((rows, traced))

    def finish(self) -> None:
        """Write all parts, and what features have put by."""
        session = self._session
        new: list[SQLModel] = []
        there: list[SQLModel] = []
        for rows, traced in self._parts:
            for row in rows.values():
                is_new = inspect(row).transient
                (new if is_new else there).append(row)
                traced.note(session, row, is_new=is_new)
        run = session.connection().execute
        for rows_of_one in by_table(new):
            run(
                type(rows_of_one[0]).__table__.insert(),  # type: ignore[attr-defined]
                [_columns(row) for row in rows_of_one],
            )
        with trace_apart(session):  # known by its part already
            session.flush()
        waiting: dict[str, Waiting] = session.info[PUT_BY]
        for one in waiting.values():
            one.write(session)
        write_apart(session, [traced for _, traced in self._parts])


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


def _columns(row: SQLModel) -> dict[str, object]:
    """Return the columns of a row that is not in the database yet."""
    held = row.__dict__
    return {name: held[name] for name in type(row).model_fields}
