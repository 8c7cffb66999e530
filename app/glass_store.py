"""Statements on broken glasses: the same for looks at a referral and at a case file."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

__all__ = ["faults_of_review", "glass_of", "glasses"]


class Glass(Protocol):
    """What every table of broken glasses has."""

    id: uuid.UUID
    province: str
    user_id: uuid.UUID
    reviewed_at: datetime | None


G = TypeVar("G", bound=Glass)


def glasses(
    session: Session,
    table: type[G],
    province: str,
    *,
    after: tuple[bool, uuid.UUID] | None,
    most: int,
) -> Sequence[G]:
    """Return broken glasses of a province, those that nobody has reviewed first, newest first.

    ``after`` is whether the last one before was reviewed, and its key.
    """
    is_reviewed = col(table.reviewed_at).is_not(None)
    asked = select(table).where(table.province == province)
    if after is not None:
        was_reviewed, key = after
        later = col(table.id) < key
        asked = asked.where(and_(is_reviewed, later) if was_reviewed else or_(is_reviewed, later))
    return session.exec(asked.order_by(is_reviewed, col(table.id).desc()).limit(most)).all()


def glass_of(session: Session, table: type[G], glass_id: uuid.UUID, province: str) -> G | None:
    """Return one of a province, locked."""
    asked = select(table).where(table.id == glass_id, table.province == province)
    return session.exec(asked.with_for_update()).first()


def faults_of_review(row: Glass, by: uuid.UUID) -> list[str]:
    """Return what forbids a review: nobody reviews herself, and none is made twice."""
    checks = ((row.user_id == by, "own"), (row.reviewed_at is not None, "reviewed_before"))
    return [code for wrong, code in checks if wrong]
