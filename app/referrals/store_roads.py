"""Which referrals a road may matter to."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.referrals.states import LOOKING, ReferralStatus
from app.referrals.tables import Referral

__all__ = ["not_departed"]


def not_departed(session: Session, province: str) -> Sequence[uuid.UUID]:
    """Return the keys of referrals that wait for a centre, or are accepted and have not left."""
    return session.exec(
        select(Referral.id)
        .where(
            Referral.province == province,
            col(Referral.status).in_((*LOOKING, ReferralStatus.ACCEPTED)),
            ~col(Referral.under_way),
        )
        .order_by(col(Referral.id))
    ).all()
