"""Every statement on exercises."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.events.tables import StatusEvent
from app.referrals.states import REFERRAL, ReferralStatus
from app.referrals.tables import Offer, Referral

__all__ = ["drills", "first_times", "offers"]


def drills(session: Session, area: str, since: datetime, until: datetime) -> Sequence[Referral]:
    """Return the exercises that were begun in an area in a time."""
    return session.exec(
        select(Referral)
        .join(
            StatusEvent,
            (col(StatusEvent.subject_id) == col(Referral.id))
            & (col(StatusEvent.machine) == REFERRAL)
            & (col(StatusEvent.to_status) == ReferralStatus.DRAFT),
        )
        .where(
            col(Referral.drill),
            col(Referral.county).startswith(area, autoescape=True),
            col(StatusEvent.at) >= since,
            col(StatusEvent.at) < until,
        )
        .order_by(col(Referral.id))
    ).all()


def offers(session: Session, referral_ids: Sequence[uuid.UUID]) -> Sequence[Offer]:
    """Return whom some referrals were offered to, in the order of asking."""
    return session.exec(
        select(Offer).where(col(Offer.referral_id).in_(referral_ids)).order_by(col(Offer.id))
    ).all()


def first_times(
    session: Session, subjects: Sequence[uuid.UUID]
) -> dict[tuple[uuid.UUID, str], datetime]:
    """Return when each of some things first came to each status."""
    found = session.exec(
        select(StatusEvent.subject_id, StatusEvent.to_status, func.min(StatusEvent.at))
        .where(col(StatusEvent.subject_id).in_(subjects))
        .group_by(col(StatusEvent.subject_id), col(StatusEvent.to_status))
    )
    return {(subject, status): at for subject, status, at in found}
