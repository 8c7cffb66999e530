"""Every statement on death reviews."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.referrals.review_tables import DeathReview

__all__ = ["add", "locked", "open_of"]


def add(session: Session, row: DeathReview) -> None:
    """Write it now, so that what the database refuses is refused here."""
    session.add(row)
    session.flush()


def locked(session: Session, review_id: uuid.UUID) -> DeathReview | None:
    """Return a review that nobody else changes until this transaction ends."""
    return session.exec(
        select(DeathReview)
        .where(DeathReview.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def open_of(session: Session, org_id: uuid.UUID) -> Sequence[DeathReview]:
    """Return what an organisation has to review, the next due first; nothing leaves by age."""
    return session.exec(
        select(DeathReview)
        .where(DeathReview.owner_org == org_id, col(DeathReview.closed_at).is_(None))
        .order_by(col(DeathReview.due_at), col(DeathReview.id))
    ).all()
