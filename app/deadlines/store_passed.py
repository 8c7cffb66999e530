"""Statements on when what is still to be done fell due first."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import and_, case, func, or_
from sqlmodel import Session, col, select, update

from app.deadlines.tables import Deadline

__all__ = ["first_due", "let_pass"]


def first_due(
    session: Session, subjects: Collection[uuid.UUID], kinds: Collection[str], *, at: datetime
) -> Mapping[uuid.UUID, Mapping[str, datetime]]:
    """Return when what is open and has passed fell due first, by subject and kind.

    A deadline that was done and set anew leaves its row. The rows before the kind was called off
    last belong to what is settled.
    """
    if not subjects or not kinds:
        return {}
    row, among = Deadline, (col(Deadline.subject_id).in_(subjects), col(Deadline.kind).in_(kinds))
    is_open = and_(col(row.done_at).is_(None), col(row.cancelled_at).is_(None))
    stands = (
        select(
            col(row.subject_id),
            col(row.kind),
            func.max(row.cancelled_at).label("settled_at"),
        )
        .where(*among)
        .group_by(col(row.subject_id), col(row.kind))
        .having(func.max(case((is_open, 1), else_=0)) == 1)
        .subquery()
    )
    passed = or_(
        and_(is_open, col(row.due_at) <= at),
        and_(
            col(row.done_at).is_not(None),
            or_(stands.c.settled_at.is_(None), col(row.done_at) > stands.c.settled_at),
        ),
    )
    of_kind = and_(col(row.subject_id) == stands.c.subject_id, col(row.kind) == stands.c.kind)
    asked = (
        select(col(row.subject_id), col(row.kind), func.min(row.due_at))
        .join(stands, of_kind)
        .where(*among, passed)
        .group_by(col(row.subject_id), col(row.kind))
    )
    found: dict[uuid.UUID, dict[str, datetime]] = {}
    for subject, kind, due_at in session.exec(asked):
        found.setdefault(subject, {})[kind] = due_at
    return found


def let_pass(session: Session, subject_id: uuid.UUID, kind: str, *, at: datetime) -> None:
    """Mark what has passed as done, as who does it when it is due would have."""
    session.exec(
        update(Deadline)
        .where(
            col(Deadline.subject_id) == subject_id,
            col(Deadline.kind) == kind,
            col(Deadline.done_at).is_(None),
            col(Deadline.cancelled_at).is_(None),
            col(Deadline.due_at) <= at,
        )
        .values(done_at=at, dead_at=None, lease_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
    )
