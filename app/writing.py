"""Writing rows: each at once, so that a refusal comes from where it is, or many together.

What a transaction begins nobody else sees before it commits. Rows of it that are written together,
at the end of a block, go table by table in the order in which their keys lead from one to another,
and one that is changed on the way is written once, as it stands at the end. Until then no statement
finds them: whoever reads in such a block asks for what others wrote.

Where many things of one kind are begun in one transaction (:mod:`app.batching`) whatever a feature
would write by a statement of its own waits too, in something that the feature puts by.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Protocol, TypeVar

from sqlmodel import Session, SQLModel

from app.db_types import metadata

__all__ = ["PUT_BY", "Rows", "Waiting", "place_of", "put_by", "together", "waiting_in", "write"]

WAITING = "rows_waiting"
PUT_BY = "put_by"
"""Under which a session holds what features put by, by name; only while a batch is written."""
Rows = dict[int, SQLModel]
"""Rows by what tells one object from another, in the order in which they were written."""


class Waiting(Protocol):
    """What a feature puts by until the end of a batch."""

    def part_ends(self, *, kept: bool) -> None:
        """Keep what the part that ends has put by, or let it go."""

    def write(self, session: Session) -> None:
        """Write all that was kept."""


Kind = TypeVar("Kind", bound=Waiting)


def write(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here; or with those waiting."""
    waiting: Rows | None = session.info.get(WAITING)
    if waiting is None:
        session.add_all(rows)
        session.flush()
    else:
        for row in rows:
            waiting[id(row)] = row


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Let what is written in the block be written at its end; after an error nothing is."""
    if WAITING in session.info:
        yield
        return
    with waiting_in(session) as waiting:
        yield
    by_table: dict[int, list[SQLModel]] = {}
    for row in waiting.values():
        by_table.setdefault(place_of(type(row)), []).append(row)
    for place in sorted(by_table):
        write(session, *by_table[place])


@contextmanager
def waiting_in(session: Session) -> Iterator[Rows]:
    """Let what is written in the block wait; the caller writes it."""
    waiting: Rows = {}
    session.info[WAITING] = waiting
    try:
        yield waiting
    finally:
        del session.info[WAITING]


def put_by(session: Session, name: str, make: Callable[[], Kind]) -> Kind | None:
    """Return what a feature has put by in this batch; None where none is being written."""
    known: dict[str, Waiting] | None = session.info.get(PUT_BY)
    if known is None:
        return None
    found = known.get(name)
    if found is None:
        found = known[name] = make()
    return found  # type: ignore[return-value]  # who gave the name gave the kind


def place_of(kind: type[SQLModel]) -> int:
    """Return the place of a table among those that its keys lead to."""
    return _places()[str(kind.__tablename__)]


@cache
def _places() -> dict[str, int]:
    return {table.name: place for place, table in enumerate(metadata.sorted_tables)}
