"""Every statement on changes.

On PostgreSQL a number is handed out before its transaction commits, and so is the number of the
transaction: a row may come to be seen after one with a higher number of either kind. Below the
oldest transaction that is still running nothing more can come; rows are shown up to there, in the
order (transaction, number). What is shown later belongs to a transaction that was running or had
not begun, and so stands behind everything that was shown. By the number alone this would be wrong:
of two transactions the earlier may draw the later number.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    true,
)
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, col, select

from app.live.states import Cursor
from app.live.tables import Change

__all__ = ["add", "after", "edge", "newest", "oldest", "prune"]


_LAST = 2**63 - 1


def add(session: Session, row: Change) -> None:
    """Write a change, with the transaction that writes it."""
    values = row.model_dump(exclude={"number", "written_in"})
    session.execute(insert(Change).values(**values, written_in=_this_transaction(session)))


def edge(session: Session) -> Cursor:
    """Return behind what all that is still to come will stand: where somebody new begins."""
    if _is_sqlite(session):
        return Cursor(0, session.exec(select(func.max(Change.number))).one() or 0)
    return Cursor(session.execute(select(_oldest_running())).scalar_one() - 1, _LAST)


def after(session: Session, cursor: Cursor, *, most: int) -> Sequence[Change]:
    """Return what has been shown to nobody who stands there, in the order of the stream."""
    behind = or_(
        col(Change.written_in) > cursor.written_in,
        and_(
            col(Change.written_in) == cursor.written_in,
            col(Change.number) > cursor.number,
        ),
    )
    return session.exec(
        select(Change)
        .where(behind, _settled(session))
        .order_by(col(Change.written_in), col(Change.number))
        .limit(most)
    ).all()


def newest(session: Session) -> Cursor | None:
    """Return the last change that may be shown."""
    found = session.exec(
        select(Change.written_in, Change.number)
        .where(_settled(session))
        .order_by(col(Change.written_in).desc(), col(Change.number).desc())
        .limit(1)
    ).first()
    return None if found is None else Cursor(found[0], found[1] or 0)


def oldest(session: Session) -> Cursor | None:
    """Return the first change that is kept."""
    found = session.exec(
        select(Change.written_in, Change.number)
        .order_by(col(Change.written_in), col(Change.number))
        .limit(1)
    ).first()
    return None if found is None else Cursor(found[0], found[1] or 0)


def prune(session: Session, before: datetime, *, most: int) -> int:
    """Delete the first changes of the stream as far as they are old; how many.

    The last of them stays: it tells who comes back from before it that something is missing.
    """
    first = session.exec(
        select(Change.number, Change.at)
        .where(_settled(session))
        .order_by(col(Change.written_in), col(Change.number))
        .limit(most + 1)
    ).all()
    old = [number for number, _ in takewhile(lambda row: row[1] < before, first)]
    session.exec(delete(Change).where(col(Change.number).in_(old[:-1])))
    return len(old[:-1])


def _settled(session: Session) -> ColumnElement[bool]:
    """Return what makes a change one before which nothing more can come."""
    return true() if _is_sqlite(session) else col(Change.written_in) < _oldest_running()


def _oldest_running() -> ColumnElement[int]:
    return cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)


def _this_transaction(session: Session) -> ColumnElement[int]:
    if _is_sqlite(session):
        return literal(0, Integer)
    return cast(cast(func.pg_current_xact_id(), Text), BigInteger)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
