"""Every statement on what stands beside the lines of a list, for all of them at once."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.events.tables import StatusEvent
from app.referrals.party_tables import SpokenWord
from app.referrals.states import REFERRAL, WAITING
from app.referrals.tables import Offer, Recommendation

__all__ = ["begun_at", "last_ranked", "waited_for", "words_of_all"]


def words_of_all(
    session: Session, keys: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[SpokenWord]]:
    """Return what was spoken by telephone of several referrals, the first word of each first."""
    found: dict[uuid.UUID, list[SpokenWord]] = {}
    asked = select(SpokenWord).where(col(SpokenWord.referral_id).in_(keys))
    for word in session.exec(asked.order_by(col(SpokenWord.id))):
        found.setdefault(word.referral_id, []).append(word)
    return found


def waited_for(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[str]]:
    """Return which centres have not answered, of several referrals, by the order of asking."""
    found: dict[uuid.UUID, list[str]] = {}
    asked = select(Offer.referral_id, Offer.facility_id).where(
        col(Offer.referral_id).in_(keys), col(Offer.status).in_(WAITING)
    )
    for key, facility_id in session.exec(asked.order_by(col(Offer.rank), col(Offer.id))):
        found.setdefault(key, []).append(facility_id)
    return found


def begun_at(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """Return when several referrals were begun."""
    asked = select(StatusEvent.subject_id, StatusEvent.at).where(
        StatusEvent.machine == REFERRAL,
        col(StatusEvent.subject_id).in_(keys),
        StatusEvent.seq == 1,
    )
    return dict(session.exec(asked).all())


def last_ranked(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Return the keys of the last rankings of several referrals; a row itself is long."""
    asked = select(Recommendation.referral_id, Recommendation.id).where(
        col(Recommendation.referral_id).in_(keys)
    )
    return dict(session.exec(asked.order_by(col(Recommendation.number))).all())
