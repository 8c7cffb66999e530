"""Every statement on deadlines, by the clock of the database."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, text, type_coerce
from sqlalchemy.dialects.postgresql import Insert as InsertPostgresql
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as InsertSqlite
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select, update

from app.db_types import Moment, When
from app.deadlines.states import DEATHS, LEASE, WORKER_DIED
from app.deadlines.tables import IS_OPEN, Deadline
from app.writing import put_by

__all__ = [
    "again",
    "bury_lost",
    "call_off",
    "claim",
    "clock",
    "counted",
    "dead",
    "finish",
    "give_back",
    "is_any_due",
    "keep_hold",
    "know",
    "open_of",
    "payloads",
    "put",
    "put_all",
    "with_open",
]


KNOWN = "deadlines_known"
NAME = "deadlines"


def clock(session: Session) -> ColumnElement[datetime]:
    """Return the clock of the database, read where the statement runs."""
    if _is_sqlite(session):
        said = func.strftime("%Y-%m-%dT%H:%M:%f000+00:00", "now")
        return type_coerce(said, When())
    return type_coerce(func.clock_timestamp(), When())


def put(session: Session, row: Deadline, *, at: Moment) -> uuid.UUID:
    """Write a deadline, or move the open one of its kind and subject; return its key.

    Whoever had one in hand finds it moved. A dead letter that is set again lives again.
    """
    _forget(session, row.subject_id)
    waiting = put_by(session, NAME, _Waiting)
    if waiting is not None and isinstance(at, datetime):
        return waiting.put(row, at)
    values = _values(row) | {"set_at": at}
    statement = _putting(_is_sqlite(session)).values(values).returning(col(Deadline.id))
    key: uuid.UUID = session.execute(statement).scalar_one()
    return key


class _Waiting:
    """Deadlines that are set in a batch: the last word on each is written at its end."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, uuid.UUID], Deadline] = {}
        self.of_part: dict[tuple[str, uuid.UUID], Deadline] = {}

    def put(self, row: Deadline, at: datetime) -> uuid.UUID:
        """Set a deadline, or move the one that waits already; parts speak of different subjects."""
        there = self.of_part.setdefault((row.kind, row.subject_id), row)
        there.set_at, there.due_at, there.payload = at, row.due_at, row.payload
        return there.id

    def part_ends(self, *, kept: bool) -> None:
        """Keep the deadlines of a part with it, or let them go."""
        if kept:
            self.rows |= self.of_part
        self.of_part = {}

    def write(self, session: Session) -> None:
        """Write them, in one order for everybody."""
        waiting = self.rows | self.of_part
        self.rows, self.of_part = {}, {}
        if waiting:
            lines = [_values(row) | {"set_at": row.set_at} for _, row in sorted(waiting.items())]
            session.connection().execute(_putting(_is_sqlite(session)), lines)


def put_all(session: Session, rows: Sequence[Deadline]) -> None:
    """Write deadlines of one subject, or move its open ones, by the time they say they were set."""
    for row in rows[:1]:
        _forget(session, row.subject_id)
    if rows:
        lines = [_values(row) | {"set_at": row.set_at} for row in rows]
        session.connection().execute(_putting(_is_sqlite(session)), lines)


def know(session: Session, subject_id: uuid.UUID, rows: Sequence[Deadline]) -> None:
    """Keep in mind what is open of a subject that nobody else can see before this commits."""
    session.info.setdefault(KNOWN, {})[subject_id] = rows


def _forget(session: Session, subject_id: uuid.UUID) -> None:
    session.info.get(KNOWN, {}).pop(subject_id, None)


def _values(row: Deadline) -> dict[str, object]:
    return {
        "id": row.id,
        "province": row.province,
        "kind": row.kind,
        "subject_id": row.subject_id,
        "due_at": row.due_at,
        "payload": row.payload,
        "tries": 0,
    }


@cache
def _putting(of_sqlite: bool) -> InsertSqlite | InsertPostgresql:
    """Return what writes a deadline or moves it, built once."""
    insert = insert_sqlite if of_sqlite else insert_postgresql
    written = insert(Deadline)
    moved = {
        "set_at": written.excluded.set_at,
        "due_at": written.excluded.due_at,
        "payload": written.excluded.payload,
        "tries": 0,
        "next_try_at": None,
        "lease_until": None,
        "leased_by": None,
        "dead_at": None,
    }
    return written.on_conflict_do_update(
        index_elements=["kind", "subject_id"], index_where=text(IS_OPEN), set_=moved
    )


def call_off(
    session: Session, subject_id: uuid.UUID, kinds: Collection[str] | None, *, at: Moment
) -> int:
    """Call off the open deadlines of a subject; how many that were."""
    if (waiting := put_by(session, NAME, _Waiting)) is not None:
        waiting.write(session)
    known: Sequence[Deadline] | None = session.info.get(KNOWN, {}).get(subject_id)
    if known is not None and kinds is not None and not any(one.kind in kinds for one in known):
        return 0
    _forget(session, subject_id)
    conditions = [col(Deadline.subject_id) == subject_id, _open()]
    if kinds is not None:
        conditions.append(col(Deadline.kind).in_(kinds))
    called = session.exec(
        update(Deadline)
        .where(*conditions)
        .values(cancelled_at=at, lease_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
    )
    return called.rowcount


def is_any_due(session: Session, kinds: Collection[str], *, at: datetime) -> bool:
    """Tell whether there is something to claim; a look that keeps nobody waiting."""
    return session.exec(select(Deadline.id).where(_due(kinds, at)).limit(1)).first() is not None


def claim(
    session: Session,
    kinds: Collection[str],
    *,
    by: uuid.UUID,
    at: datetime,
    most: int,
) -> Sequence[Deadline]:
    """Take some of what has fallen due, oldest first, and nothing that somebody else has."""
    some = (
        select(Deadline.id)
        .where(_due(kinds, at))
        .order_by(col(Deadline.due_at), col(Deadline.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = session.scalars(
        update(Deadline)
        .where(col(Deadline.id).in_(some))
        .values(lease_until=at + LEASE, leased_by=by, tries=col(Deadline.tries) + 1)
        .returning(col(Deadline.id))
        .execution_options(synchronize_session=False)
    ).all()
    return session.exec(
        select(Deadline)
        .where(col(Deadline.id).in_(taken))
        .order_by(col(Deadline.due_at), col(Deadline.id))
        .execution_options(populate_existing=True)
    ).all()


def bury_lost(session: Session, kinds: Collection[str], *, at: datetime) -> int:
    """Make dead letters of those over which worker after worker has died."""
    buried = session.exec(
        update(Deadline)
        .where(_due(kinds, at), col(Deadline.tries) >= DEATHS)
        .values(dead_at=at, lease_until=None, leased_by=None, last_error=WORKER_DIED)
        .execution_options(synchronize_session=False)
    )
    return buried.rowcount


def keep_hold(session: Session, keys: Collection[uuid.UUID], *, by: uuid.UUID, at: datetime) -> int:
    """Hold for another lease what is still in our hands; how many those are."""
    held = session.exec(
        update(Deadline)
        .where(col(Deadline.id).in_(keys), _open(), col(Deadline.leased_by) == by)
        .values(lease_until=at + LEASE)
        .execution_options(synchronize_session=False)
    )
    return held.rowcount


def finish(session: Session, key: uuid.UUID, *, by: uuid.UUID, at: datetime) -> bool:
    """Mark as done what is still in our hands; whether it was."""
    finished = session.exec(
        update(Deadline)
        .where(col(Deadline.id) == key, _open(), col(Deadline.leased_by) == by)
        .values(done_at=at, lease_until=None, leased_by=None, last_error=None)
        .execution_options(synchronize_session=False)
    )
    return bool(finished.rowcount)


def give_back(
    session: Session,
    key: uuid.UUID,
    *,
    by: uuid.UUID,
    error: str | None,
    next_try_at: datetime | None,
    dead_at: datetime | None,
) -> None:
    """Note that it failed, if it is still in our hands."""
    session.exec(
        update(Deadline)
        .where(col(Deadline.id) == key, _open(), col(Deadline.leased_by) == by)
        .values(
            last_error=error,
            next_try_at=next_try_at,
            dead_at=dead_at,
            lease_until=None,
            leased_by=None,
        )
        .execution_options(synchronize_session=False)
    )


def again(session: Session, key: uuid.UUID, province: str, *, at: datetime) -> bool:
    """Bring a dead letter of a province back to life; whether there was one."""
    revived = session.exec(
        update(Deadline)
        .where(
            col(Deadline.id) == key,
            col(Deadline.province) == province,
            _open(),
            col(Deadline.dead_at).is_not(None),
        )
        .values(dead_at=None, tries=0, next_try_at=at)
        .execution_options(synchronize_session=False)
    )
    return bool(revived.rowcount)


def dead(session: Session, province: str) -> Sequence[Deadline]:
    """Return the dead letters of a province, newest first."""
    return session.exec(
        select(Deadline)
        .where(Deadline.province == province, _open(), col(Deadline.dead_at).is_not(None))
        .order_by(col(Deadline.dead_at).desc(), col(Deadline.id))
    ).all()


def open_of(session: Session, subject_id: uuid.UUID) -> Sequence[Deadline]:
    """Return the open deadlines of a subject, the next one first."""
    known: Sequence[Deadline] | None = session.info.get(KNOWN, {}).get(subject_id)
    if known is not None:
        return known
    return session.exec(_OPEN_OF, params={"subject_id": subject_id}).all()


def open_of_kind(session: Session, kind: str, province: str) -> Sequence[Deadline]:
    """Return the open deadlines of a kind in a province, in the order in which they were set."""
    return session.exec(
        select(Deadline)
        .where(
            Deadline.kind == kind,
            Deadline.province == province,
            col(Deadline.done_at).is_(None),
            col(Deadline.cancelled_at).is_(None),
        )
        .order_by(col(Deadline.id))
    ).all()


def with_open(
    session: Session, subjects: Collection[uuid.UUID], kinds: Collection[str]
) -> frozenset[uuid.UUID]:
    """Return those subjects that have an open deadline of some kinds which will be done.

    A dead letter waits for a person and will not: who has nothing else is as good as without one.
    """
    found = select(Deadline.subject_id).where(
        col(Deadline.subject_id).in_(subjects),
        col(Deadline.kind).in_(kinds),
        _open(),
        col(Deadline.dead_at).is_(None),
    )
    return frozenset(session.exec(found))


def payloads(
    session: Session, kind: str, subjects: Collection[uuid.UUID]
) -> Sequence[tuple[uuid.UUID, str]]:
    """Return what the open deadlines of a kind carry, by subject."""
    if not subjects:
        return []
    found = select(Deadline.subject_id, Deadline.payload).where(
        col(Deadline.subject_id).in_(subjects), Deadline.kind == kind, _open()
    )
    return session.exec(found).all()


def counted(session: Session, *, at: datetime) -> tuple[int, int, int, datetime | None]:
    """Return how many wait, are overdue and are dead, and since when the oldest is overdue."""
    is_dead = col(Deadline.dead_at).is_not(None)
    overdue = and_(~is_dead, col(Deadline.due_at) <= at)
    found = session.exec(
        select(
            func.sum(case((is_dead, 0), else_=1)),
            func.sum(case((overdue, 1), else_=0)),
            func.sum(case((is_dead, 1), else_=0)),
            func.min(case((overdue, col(Deadline.due_at)))),
        ).where(_open())
    ).one()
    waiting, late, letters, oldest = found
    return int(waiting or 0), int(late or 0), int(letters or 0), oldest


def _open() -> ColumnElement[bool]:
    return and_(col(Deadline.done_at).is_(None), col(Deadline.cancelled_at).is_(None))


def _due(kinds: Collection[str], at: datetime) -> ColumnElement[bool]:
    """Return what makes a deadline one that can be taken at a moment."""
    return and_(
        col(Deadline.kind).in_(kinds),
        _open(),
        col(Deadline.dead_at).is_(None),
        col(Deadline.due_at) <= at,
        or_(col(Deadline.next_try_at).is_(None), col(Deadline.next_try_at) <= at),
        or_(col(Deadline.lease_until).is_(None), col(Deadline.lease_until) <= at),
    )


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


# Built once: building a statement costs more than running it.
_OPEN_OF = (
    select(Deadline)
    .where(col(Deadline.subject_id) == bindparam("subject_id"), _open())
    .order_by(col(Deadline.due_at), col(Deadline.id))
    .execution_options(populate_existing=True)
)
