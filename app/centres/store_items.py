"""Every statement on what has to be settled by a person."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from app.centres.tables import WorkItem

__all__ = ["item_locked", "items_before"]


def item_locked(session: Session, item_id: uuid.UUID) -> WorkItem | None:
    """Return one, locked until the transaction ends."""
    return session.exec(
        select(WorkItem)
        .where(WorkItem.id == item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def items_before(
    session: Session, org_id: uuid.UUID, facility_id: str | None
) -> Sequence[WorkItem]:
    """Return what an organisation has to settle, or was the first to have to: the oldest first."""
    mine: list[ColumnElement[bool]] = [col(WorkItem.owner_org) == org_id]
    if facility_id is not None:
        mine.append(col(WorkItem.facility_id) == facility_id)
    return session.exec(
        select(WorkItem)
        .where(col(WorkItem.closed_at).is_(None), or_(*mine))
        .order_by(col(WorkItem.deadline_at), col(WorkItem.id))
    ).all()
