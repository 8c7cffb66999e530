"""Writing rows: each at once, so that a refusal comes from where it is, or many together.

What a transaction begins nobody else sees before it commits. Rows of it that are written together,
at the end of a block, go table by table in the order in which their keys lead from one to another,
and one that is changed on the way is written once, as it stands at the end. Until then no statement
finds them: whoever reads in such a block asks for what others wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlmodel import Session, SQLModel

from app.db_types import metadata

__all__ = ["together", "write"]

WAITING = "rows_waiting"


def write(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here; or with those waiting."""
    waiting: dict[int, SQLModel] | None = session.info.get(WAITING)
    if waiting is None:
        session.add_all(rows)
        session.flush()
    else:
        waiting.update((id(row), row) for row in rows)


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Let what is written in the block be written at its end; after an error nothing is."""
    if WAITING in session.info:
        yield
        return
    waiting: dict[int, SQLModel] = {}
    session.info[WAITING] = waiting
    try:
        yield
    finally:
        del session.info[WAITING]
    by_table: dict[int, list[SQLModel]] = {}
    for row in waiting.values():
        by_table.setdefault(_places()[str(type(row).__tablename__)], []).append(row)
    for place in sorted(by_table):
        write(session, *by_table[place])


@cache
def _places() -> dict[str, int]:
    """Return the place of each table among those that its keys lead to."""
    return {table.name: place for place, table in enumerate(metadata.sorted_tables)}
