"""Every statement on referrals and their events."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.referrals.tables import Offer, Recommendation, Referral, StatusEvent

__all__ = [
    "add",
    "events_of",
    "last_event",
    "last_recommendation",
    "locked",
    "offer_of",
    "offers_of",
]


def add(session: Session, *rows: Referral | StatusEvent | Recommendation | Offer) -> None:
    """Write rows now, so that what the database refuses is refused here."""
    session.add_all(rows)
    session.flush()


def locked(session: Session, referral_id: uuid.UUID) -> Referral | None:
    """Return a referral that nobody else moves until this transaction ends."""
    return session.exec(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def events_of(session: Session, machine: str, subject_id: uuid.UUID) -> Sequence[StatusEvent]:
    """Return the chain of one thing, first event first."""
    return session.exec(
        select(StatusEvent)
        .where(StatusEvent.machine == machine, StatusEvent.subject_id == subject_id)
        .order_by(col(StatusEvent.seq))
    ).all()


def last_event(session: Session, machine: str, subject_id: uuid.UUID) -> StatusEvent | None:
    """Return where a chain ends."""
    return session.exec(
        select(StatusEvent)
        .where(StatusEvent.machine == machine, StatusEvent.subject_id == subject_id)
        .order_by(col(StatusEvent.seq).desc())
        .limit(1)
    ).first()


def last_recommendation(session: Session, referral_id: uuid.UUID) -> Recommendation | None:
    """Return what a referral was matched with last."""
    return session.exec(
        select(Recommendation)
        .where(Recommendation.referral_id == referral_id)
        .order_by(col(Recommendation.number).desc())
        .limit(1)
    ).first()


def offer_of(session: Session, offer_id: uuid.UUID) -> Offer | None:
    """Return an offer; who moves it locks its referral first."""
    return session.get(Offer, offer_id)


def offers_of(session: Session, referral_id: uuid.UUID) -> Sequence[Offer]:
    """Return all offers of a referral as they are now, by the order of the ranking."""
    return session.exec(
        select(Offer)
        .where(Offer.referral_id == referral_id)
        .order_by(col(Offer.rank), col(Offer.id))
        .execution_options(populate_existing=True)
    ).all()
