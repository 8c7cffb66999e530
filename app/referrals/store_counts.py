"""Statements that count referrals; exercises are left out."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.events.tables import StatusEvent
from app.referrals.states import OPEN, WAITING
from app.referrals.tables import Offer, Referral

__all__ = ["oldest_open_offer", "open_by_status", "overdue"]


def open_by_status(session: Session) -> dict[str, int]:
    """Return how many are open, by status; a status without any is there with 0."""
    found = session.exec(
        select(Referral.status, func.count())
        .where(col(Referral.status).in_(OPEN), ~col(Referral.drill))
        .group_by(Referral.status)
    )
    return {status.value: 0 for status in OPEN} | dict(found.all())


def overdue(session: Session, *, at: datetime) -> tuple[int, datetime | None]:
    """Return how many are past their deadline, and the earliest of those deadlines."""
    found = session.exec(
        select(func.count(), func.min(Referral.deadline_at)).where(
            col(Referral.status).in_(OPEN), ~col(Referral.drill), col(Referral.deadline_at) < at
        )
    ).one()
    return found[0], found[1]


def oldest_open_offer(session: Session) -> datetime | None:
    """Return since when the oldest unanswered offer waits."""
    return session.exec(
        select(func.min(StatusEvent.at))
        .select_from(Offer)
        .join(Referral, col(Referral.id) == col(Offer.referral_id))
        .join(
            StatusEvent,
            (col(StatusEvent.machine) == col(Offer.machine))
            & (col(StatusEvent.subject_id) == col(Offer.id))
            & (col(StatusEvent.seq) == 1),
        )
        .where(col(Offer.status).in_(WAITING), ~col(Referral.drill))
    ).one()
