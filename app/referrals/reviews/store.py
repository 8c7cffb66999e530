"""Every statement on reviews."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.referrals.reviews.tables import CaseReview
from app.writing import write

__all__ = ["add", "locked", "open_of", "opened"]


def add(session: Session, row: CaseReview) -> None:
    """Write it now, so that what the database refuses is refused here."""
    write(session, row)


def opened(session: Session, referral_id: uuid.UUID, what: str) -> bool:
    """Tell whether there is such a review of a referral, open or closed."""
    asked = select(CaseReview.id).where(
        CaseReview.referral_id == referral_id, CaseReview.what == what
    )
    return session.exec(asked).first() is not None


def locked(session: Session, review_id: uuid.UUID) -> CaseReview | None:
    """Return a review that nobody else changes until this transaction ends."""
    return session.exec(
        select(CaseReview)
        .where(CaseReview.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def open_of(session: Session, org_id: uuid.UUID) -> Sequence[CaseReview]:
    """Return what an organisation has to review, the next due first; nothing leaves by age."""
    return session.exec(
        select(CaseReview)
        .where(CaseReview.owner_org == org_id, col(CaseReview.closed_at).is_(None))
        .order_by(col(CaseReview.due_at), col(CaseReview.id))
    ).all()
