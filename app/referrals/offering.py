"""From a stored ranking to a centre that has said yes.

Centres are asked in its order, one or several at a time (R-ROUTE-07). The first yes takes all
places in the same transaction; whoever says yes when the places are gone, or when somebody else was
first, changes nothing. Losing moves on to the next centre of the same ranking: nothing is solved
twice, nothing is locked while solving.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.centres.errors import PlaceLostError
from app.centres.service import hold_seats
from app.errors import NotFoundError
from app.keys.words import put
from app.referrals import store
from app.referrals.errors import DeclineRefusedError, not_allowed
from app.referrals.events import Hand, follow
from app.referrals.kept import read
from app.referrals.new_offers import ASKING, ask_next, locked_referral, waits
from app.referrals.service import Watch, advance
from app.referrals.states import (
    DECLINE_CODES,
    OFFER_NEXT,
    WAITING,
    OfferStatus,
    ReferralStatus,
)
from app.referrals.tables import Offer, Recommendation, Referral

__all__ = [
    "Answered",
    "accept",
    "decline",
    "hold_as_ranked",
    "lapse",
    "see",
    "withdraw",
    "withdraw_one",
]

ASKED_BY_NAME = {"over_capacity": False}
OVER = frozenset({OfferStatus.DECLINED, OfferStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer.

    ``accepted`` tells whether this centre takes her. ``lost`` names the place that was gone, and
    ``asked_instead`` the centres of the same ranking that are asked now.
    """

    accepted: bool
    lost: PlaceLostError | None = None
    asked_instead: tuple[str, ...] = ()


def accept(
    session: Session,
    offer_id: uuid.UUID,
    *,
    by: Hand,
    at: datetime,
    held_until: datetime | None,
    watch: Watch,
    if_lost: Watch,
    reason: str | None = None,
    is_there: bool = False,
) -> Answered:
    """Say yes for a centre: all seats are held, all other offers withdrawn.

    Parameters
    ----------
    by
        Who enters it: the centre, or whoever rang and was told yes.
    watch, if_lost
        Who looks after her once she is accepted, and where the place is gone and the search goes
        on; then its deadline is also that of the next answer.
    is_there
        She is at the door: she is taken in, place or not.

    Raises
    ------
    TransitionError
        Another centre was first, or the offer is over; nothing was changed.
    """
    offer, referral = _both(session, offer_id)
    if OfferStatus.ACCEPTED not in OFFER_NEXT[offer.status]:
        # What became of her since is not told to a centre that is asked no more.
        raise not_allowed(offer.machine, offer.status, OfferStatus.ACCEPTED)
    if referral.status not in ASKING:
        raise not_allowed(referral.machine, referral.status, ReferralStatus.ACCEPTED)
    row = _row(session, offer)
    try:
        _hold(session, referral, row, offer.facility_id, at=at, until=held_until)
    except PlaceLostError as lost:
        if is_there:
            return _taken_in(session, referral, offer, by=by, at=at, watch=watch, reason=reason)
        _move(session, offer, OfferStatus.WITHDRAWN, by=by, at=at, reason="place_lost")
        instead = ask_next(
            session,
            referral.id,
            most=1,
            by=by,
            at=at,
            answer_by=if_lost.deadline_at,
            watch=if_lost,
        )
        _back_if_nobody_is_asked(session, referral, by=by, at=at, watch=if_lost)
        return Answered(False, lost, tuple(one.facility_id for one in instead))
    return _taken_in(session, referral, offer, by=by, at=at, watch=watch, reason=reason)


def hold_as_ranked(
    session: Session,
    referral: Referral,
    facility_id: str,
    *,
    at: datetime,
    until: datetime | None,
) -> None:
    """Hold what she needs at a centre that nobody has to ask, as the ranking has it.

    Raises
    ------
    PlaceLostError
        There is no place; nothing is held.
    """
    found = store.last_recommendation(session, referral.id)
    if found is None:
        raise not_allowed(referral.machine, referral.status, ReferralStatus.ACCEPTED)
    row = store.last_row(session, referral.id, facility_id) or _by_name(session, found)
    _hold(session, referral, row, facility_id, at=at, until=until)


def _hold(
    session: Session,
    referral: Referral,
    row: Mapping[str, object],
    facility_id: str,
    *,
    at: datetime,
    until: datetime | None,
) -> None:
    """Hold every seat unless she may come to a full centre; a drill takes none (R-DRILL-01)."""
    if row["over_capacity"] or referral.drill:
        return
    hold_seats(
        session,
        referral.id,
        _seats(row),
        facility_id=facility_id,
        province=referral.province,
        at=at,
        until=until,
    )


def _taken_in(
    session: Session,
    referral: Referral,
    offer: Offer,
    *,
    by: Hand,
    at: datetime,
    watch: Watch,
    reason: str | None,
) -> Answered:
    """Write the yes of a centre, and withdraw what was asked of all others."""
    _move(session, offer, OfferStatus.ACCEPTED, by=by, at=at, reason=reason)
    for other in store.offers_of(session, referral.id):
        if other.id != offer.id and OfferStatus(other.status) not in OVER:
            _move(session, other, OfferStatus.WITHDRAWN, by=by, at=at, reason="taken")
    advance(session, referral.id, ReferralStatus.ACCEPTED, by=by, at=at, watch=watch)
    return Answered(True)


def see(session: Session, offer: Offer, *, by: Hand, at: datetime) -> None:
    """Note that the centre has looked at it."""
    _move(session, offer, OfferStatus.SEEN, by=by, at=at, reason=None)


def withdraw(
    session: Session,
    referral_id: uuid.UUID,
    *,
    by: Hand,
    at: datetime,
    reason: str,
    but: uuid.UUID | None = None,
) -> None:
    """Ask nobody any more; ``but`` is a ranking of which whoever is asked is asked on."""
    for offer in store.offers_of(session, referral_id):
        if OfferStatus.WITHDRAWN in OFFER_NEXT[offer.status] and offer.recommendation_id != but:
            _move(session, offer, OfferStatus.WITHDRAWN, by=by, at=at, reason=reason)


def withdraw_one(session: Session, offer: Offer, *, by: Hand, at: datetime, reason: str) -> None:
    """Ask one centre no more; the caller has locked the referral."""
    _move(session, offer, OfferStatus.WITHDRAWN, by=by, at=at, reason=reason)


def lapse(session: Session, referral_id: uuid.UUID, *, by: Hand, at: datetime) -> None:
    """Note which centres have not answered in time; a late yes is a yes all the same."""
    for offer in store.offers_of(session, referral_id):
        if offer.status in WAITING and offer.deadline_at is not None and offer.deadline_at <= at:
            _move(session, offer, OfferStatus.LAPSED, by=by, at=at, reason="silent")


def decline(
    session: Session,
    offer_id: uuid.UUID,
    code: str,
    *,
    by: Hand,
    at: datetime,
    watch: Watch,
    detail: str | None = None,
) -> None:
    """Say no for a centre, with one of the reasons that there are.

    Raises
    ------
    DeclineRefusedError
        It is none of them (R-REF-02).
    """
    if code not in DECLINE_CODES:
        raise DeclineRefusedError(code)
    offer, referral = _both(session, offer_id)
    had_accepted = offer.status == OfferStatus.ACCEPTED
    follow(session, offer, OfferStatus.DECLINED, by=by, at=at, reason=code)
    offer.decline_code = code
    put(session, offer, decline_detail=detail)
    store.add(session, offer)
    if had_accepted:
        advance(session, referral.id, ReferralStatus.MATCHED, by=by, at=at, watch=watch)
    _back_if_nobody_is_asked(session, referral, by=by, at=at, watch=watch)


def _both(session: Session, offer_id: uuid.UUID) -> tuple[Offer, Referral]:
    """Return an offer with its referral, the referral locked before the offer is looked at."""
    offer = store.offer_of(session, offer_id)
    if offer is None:
        raise NotFoundError("offer", str(offer_id))
    referral = locked_referral(session, offer.referral_id)
    session.refresh(offer)
    return offer, referral


def _move(
    session: Session,
    offer: Offer,
    wanted: OfferStatus,
    *,
    by: Hand,
    at: datetime,
    reason: str | None,
) -> None:
    follow(session, offer, wanted, by=by, at=at, reason=reason)
    store.add(session, offer)


def _back_if_nobody_is_asked(
    session: Session, referral: Referral, *, by: Hand, at: datetime, watch: Watch
) -> None:
    """Turn back to matched where no offer waits: somebody has to look for another way."""
    if referral.status == ReferralStatus.OFFERED and not waits(session, referral.id):
        advance(session, referral.id, ReferralStatus.MATCHED, by=by, at=at, watch=watch)


def _row(session: Session, offer: Offer) -> Mapping[str, object]:
    """Return the row of the ranking that an offer was made from, or what she needs."""
    found = store.recommendation_of(session, offer.recommendation_id)
    return store.ranked_row(session, offer) or _by_name(session, found)


def _by_name(session: Session, found: Recommendation) -> Mapping[str, object]:
    return {"places": read(session, found).places} | ASKED_BY_NAME


def _seats(row: Mapping[str, object]) -> dict[str, str]:
    """Return the kind of place of each seat."""
    places = row["places"]
    if not isinstance(places, list):
        raise TypeError("a row of a ranking lists places")
    return {str(place["seat"]): str(place["kind"]) for place in places}
