"""Who has said no to her: no ranking asks such a centre by itself, a person may (R-REF-02).

A no counts while she is asked for. Where she stayed and is asked for again, the search is another.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.referrals import store
from app.referrals.states import OFFER, REFERRAL, OfferStatus, ReferralStatus

__all__ = ["No", "said_no"]

OVER = frozenset({OfferStatus.DECLINED, OfferStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class No:
    """One of the reasons that there are, and when it was said."""

    code: str
    at: datetime


def said_no(session: Session, referral_id: uuid.UUID) -> Mapping[str, No]:
    """Return the last no of each centre that has said one and was not asked again since."""
    offers = store.offers_of(session, referral_id)
    asked = {one.facility_id for one in offers if OfferStatus(one.status) not in OVER}
    refused = [
        one
        for one in sorted(offers, key=lambda offer: offer.id)
        if one.status == OfferStatus.DECLINED and one.facility_id not in asked
    ]
    if not refused:
        return {}
    since = _asked_for(session, referral_id)
    found = {}
    for one in refused:
        at = store.events_of(session, OFFER, one.id)[-1].at
        if at >= since:
            found[one.facility_id] = No(str(one.decline_code), at)
    return found


def _asked_for(session: Session, referral_id: uuid.UUID) -> datetime:
    """Return since when she is asked for, without a stay between."""
    moves = store.events_of(session, REFERRAL, referral_id)
    return [one.at for one in moves if one.to_status == ReferralStatus.REQUESTED][-1]
