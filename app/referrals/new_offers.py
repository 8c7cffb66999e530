"""New offers: to the next centres of the stored ranking, or to one that is asked by name."""

import uuid
from datetime import datetime

from sqlmodel import Session

from app.errors import NotFoundError
from app.referrals import store
from app.referrals.errors import not_allowed
from app.referrals.events import Hand, begin
from app.referrals.kept import read
from app.referrals.service import Watch, advance
from app.referrals.states import NEXT, WAITING, OfferStatus, ReferralStatus
from app.referrals.tables import Offer, Recommendation, Referral
from app.referrals.whom_to_ask import next_to_ask

__all__ = ["ASKING", "ask_next", "ask_one", "locked_referral", "waits"]

ASKING = (ReferralStatus.MATCHED, ReferralStatus.OFFERED)
BY_NAME = 1_000
"""The rank of a centre that was asked although no ranking has it."""


def ask_next(
    session: Session,
    referral_id: uuid.UUID,
    *,
    most: int,
    by: Hand,
    at: datetime,
    answer_by: datetime,
    watch: Watch,
    again: bool = False,
) -> tuple[Offer, ...]:
    """Ask the next centres of the ranking that nobody has asked yet; none where it is at its end.

    Parameters
    ----------
    most
        So many at once, by :func:`next_to_ask`.
    answer_by
        When an answer is due; nothing leaves the list by age, the offer lapses and is seen.
    again
        She was ranked again, and who is still asked from before counts among them.
    """
    referral = locked_referral(session, referral_id)
    found = store.last_recommendation(session, referral_id)
    if found is None or referral.status not in ASKING:
        raise not_allowed(referral.machine, referral.status, ReferralStatus.OFFERED)
    made = [
        _offer(session, found, facility_id, rank, by=by, at=at, answer_by=answer_by)
        for facility_id, rank in next_to_ask(session, found, most=most, at=at, again=again)
    ]
    if referral.status == ReferralStatus.MATCHED and (made or waits(session, referral_id)):
        advance(session, referral_id, ReferralStatus.OFFERED, by=by, at=at, watch=watch)
    return tuple(made)


def ask_one(
    session: Session,
    referral_id: uuid.UUID,
    facility_id: str,
    *,
    by: Hand,
    at: datetime,
    answer_by: datetime,
    watch: Watch,
    because: str | None = None,
) -> Offer:
    """Ask a centre by name: whoever decides it may know more than the ranking does.

    Parameters
    ----------
    because
        Why it is asked out of its turn, where that was said; it reads it with the question.

    Raises
    ------
    TransitionError
        The referral is not where centres are asked.
    """
    referral = locked_referral(session, referral_id)
    found = store.last_recommendation(session, referral_id)
    if found is None or referral.status not in (*ASKING, ReferralStatus.REQUESTED):
        raise not_allowed(referral.machine, referral.status, ReferralStatus.OFFERED)
    ranks = {str(row["facility_id"]): int(str(row["rank"])) for row in read(session, found).ranking}
    rank = ranks.get(facility_id, BY_NAME)
    offer = _offer(
        session, found, facility_id, rank, by=by, at=at, answer_by=answer_by, because=because
    )
    for wanted in (ReferralStatus.MATCHED, ReferralStatus.OFFERED):
        if wanted in NEXT[referral.status] and referral.status != wanted:
            advance(session, referral_id, wanted, by=by, at=at, watch=watch)
    return offer


def locked_referral(session: Session, referral_id: uuid.UUID) -> Referral:
    """Return a referral that nobody else moves until this transaction ends."""
    referral = store.locked(session, referral_id)
    if referral is None:
        raise NotFoundError("referral", str(referral_id))
    return referral


def waits(session: Session, referral_id: uuid.UUID) -> bool:
    """Whether any centre has still to answer."""
    return any(one.status in WAITING for one in store.offers_of(session, referral_id))


def _offer(
    session: Session,
    found: Recommendation,
    facility_id: str,
    rank: int,
    *,
    by: Hand,
    at: datetime,
    answer_by: datetime,
    because: str | None = None,
) -> Offer:
    offer = Offer(
        province=found.province,
        referral_id=found.referral_id,
        recommendation_id=found.id,
        facility_id=facility_id,
        rank=rank,
        status=OfferStatus.OFFERED,
        last_seq=1,
        deadline_at=answer_by,
        chosen_because=because,
    )
    begin(session, offer, by=by, at=at)
    store.add(session, offer)
    return offer
