"""Statements of what a journey asks of a referral: how she was at first, and who brings her."""

import uuid

from sqlmodel import Session, col, select

from app.referrals.party_tables import Party
from app.referrals.states import Capacity
from app.referrals.tables import Recommendation

__all__ = ["escort_of", "first_recommendation"]


def first_recommendation(session: Session, referral_id: uuid.UUID) -> Recommendation | None:
    """Return what a referral was matched with first: how she was when somebody called."""
    return session.exec(
        select(Recommendation)
        .where(Recommendation.referral_id == referral_id)
        .order_by(col(Recommendation.number))
        .limit(1)
    ).first()


def escort_of(session: Session, referral_id: uuid.UUID) -> uuid.UUID | None:
    """Return who brings her besides the sender, the last one who took it over."""
    return session.exec(
        select(Party.org_id)
        .where(
            Party.referral_id == referral_id,
            Party.capacity == Capacity.TRANSPORT,
            col(Party.to_at).is_(None),
        )
        .order_by(col(Party.id).desc())
        .limit(1)
    ).first()
