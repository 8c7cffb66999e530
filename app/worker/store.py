"""Every statement on the beat of workers."""

import uuid
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from app.worker.tables import WorkerBeat

__all__ = ["beat", "begin", "end", "latest"]


def begin(session: Session, *, province: str, place: str, at: datetime) -> uuid.UUID:
    """Note that a worker lives; the key of this life."""
    row = WorkerBeat(province=province, place=place, started_at=at, beat_at=at)
    session.add(row)
    session.flush()
    return row.id


def beat(session: Session, key: uuid.UUID, *, at: datetime) -> None:
    """Note that it still does."""
    session.exec(
        update(WorkerBeat)
        .where(col(WorkerBeat.id) == key, col(WorkerBeat.beat_at) <= at)
        .values(beat_at=at)
    )


def end(session: Session, key: uuid.UUID, *, at: datetime) -> None:
    """Note that it was stopped and did not die."""
    session.exec(update(WorkerBeat).where(col(WorkerBeat.id) == key).values(stopped_at=at))


def latest(session: Session, *, since: datetime) -> tuple[int, datetime | None]:
    """Return how many are not stopped and have beaten since then, and the last beat of all."""
    alive = select(func.count()).where(
        col(WorkerBeat.stopped_at).is_(None), col(WorkerBeat.beat_at) >= since
    )
    return session.exec(alive).one(), session.exec(select(func.max(WorkerBeat.beat_at))).one()
