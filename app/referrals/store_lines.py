"""Every statement on what stands beside the lines of a list, for all of them at once."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.events.store import begun
from app.events.tables import StatusEvent
from app.referrals.falling import Move
from app.referrals.party_tables import SpokenWord
from app.referrals.states import OFFER, REFERRAL, WAITING
from app.referrals.tables import Offer, Recommendation, Referral

__all__ = [
    "asked_at",
    "last_ranked",
    "moves_of_all",
    "referrals_of_all",
    "waited_for",
    "words_of_all",
]


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


def moves_of_all(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[Move]]:
    """Return the moves of several referrals, the first one of each first."""
    asked = select(
        StatusEvent.subject_id, StatusEvent.from_status, StatusEvent.to_status, StatusEvent.at
    ).where(StatusEvent.machine == REFERRAL, col(StatusEvent.subject_id).in_(keys))
    found: dict[uuid.UUID, list[Move]] = {}
    for key, before, to, at in session.exec(asked.order_by(col(StatusEvent.seq))):
        found.setdefault(key, []).append((before, to, at))
    return found


def last_ranked(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Return the keys of the last rankings of several referrals; a row itself is long."""
    asked = select(Recommendation.referral_id, Recommendation.id).where(
        col(Recommendation.referral_id).in_(keys)
    )
    return dict(session.exec(asked.order_by(col(Recommendation.number))).all())


def referrals_of_all(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Referral]:
    """Return referrals by key."""
    found = session.exec(select(Referral).where(col(Referral.id).in_(keys)))
    return {referral.id: referral for referral in found}


def asked_at(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """Return when offers were made, also those that this transaction has made itself."""
    mine = {key: begun(session, OFFER, key) for key in keys}
    found = {key: chain[0].at for key, chain in mine.items() if chain}
    others = [key for key in keys if key not in found]
    if not others:
        return found
    asked = select(StatusEvent.subject_id, StatusEvent.at).where(
        StatusEvent.machine == OFFER,
        StatusEvent.seq == 1,
        col(StatusEvent.subject_id).in_(others),
    )
    return found | dict(session.exec(asked).all())
