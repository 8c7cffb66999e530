"""Every statement on closed and slowed roads."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from app.roads.tables import RoadClosure
from app.writing import write

__all__ = ["add", "ahead", "in_force", "listed", "locked"]


def add(session: Session, row: SQLModel) -> None:
    """Write a row now."""
    write(session, row)


def in_force(session: Session, now: datetime) -> Sequence[RoadClosure]:
    """Return what holds at a moment, by pair."""
    return session.exec(
        select(RoadClosure)
        .where(
            col(RoadClosure.ended_at).is_(None),
            RoadClosure.from_at <= now,
            RoadClosure.until_at > now,
        )
        .order_by(RoadClosure.one, RoadClosure.other, col(RoadClosure.id))
    ).all()


def ahead(session: Session, province: str, now: datetime) -> Sequence[RoadClosure]:
    """Return what holds or is still to begin."""
    return session.exec(
        select(RoadClosure)
        .where(
            RoadClosure.province == province,
            col(RoadClosure.ended_at).is_(None),
            RoadClosure.until_at > now,
        )
        .order_by(col(RoadClosure.id))
    ).all()


def listed(
    session: Session,
    province: str,
    now: datetime,
    *,
    over: bool,
    before: uuid.UUID | None,
    most: int,
) -> Sequence[RoadClosure]:
    """Return what holds or is still to begin, or what is over, the last one first."""
    ends = func.coalesce(RoadClosure.ended_at, RoadClosure.until_at)
    asked = select(RoadClosure).where(
        RoadClosure.province == province, ends <= now if over else ends > now
    )
    if before is not None:
        asked = asked.where(col(RoadClosure.id) < before)
    return session.exec(asked.order_by(col(RoadClosure.id).desc()).limit(most)).all()


def locked(session: Session, key: uuid.UUID, province: str) -> RoadClosure | None:
    """Return a closure that nobody else ends until this transaction does."""
    return session.exec(
        select(RoadClosure)
        .where(RoadClosure.id == key, RoadClosure.province == province)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
