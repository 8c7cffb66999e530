"""The figures of exercises: counts and times, who answered, and which county had none.

They are the only figures that exercises are in (R-DRILL-01).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.referrals.drills import store as drill_store
from app.referrals.states import OfferStatus, ReferralStatus
from app.referrals.tables import Offer, Referral

__all__ = ["DrillLine", "drills_between"]


@dataclass(frozen=True, slots=True)
class DrillLine:
    """One exercise. Minutes are counted from the request; None is not yet, or never."""

    county: str
    number: str
    requested_at: datetime
    priority: int
    status: str
    asked: int
    declined: int
    silent: int
    minutes_to_offer: float | None
    minutes_to_answer: float | None
    minutes_to_accept: float | None
    minutes_to_hand_over: float | None
    answered_by: tuple[str, ...]
    accepted_by: str | None


def drills_between(
    session: Session, area: str, since: datetime, until: datetime
) -> tuple[DrillLine, ...]:
    """Return the exercises that were begun in an area in a time, county by county."""
    referrals = drill_store.drills(session, area, since, until)
    ids = [one.id for one in referrals]
    offers = drill_store.offers(session, ids)
    times = drill_store.first_times(session, [*ids, *(offer.id for offer in offers)])
    lines = [
        _line(one, [offer for offer in offers if offer.referral_id == one.id], times)
        for one in referrals
    ]
    return tuple(sorted(lines, key=lambda line: (line.county, line.requested_at)))


Times = Mapping[tuple[uuid.UUID, str], datetime]


def _line(referral: Referral, offers: Sequence[Offer], times: Times) -> DrillLine:
    def minutes(*moments: datetime | None) -> float | None:
        there = [moment for moment in moments if moment is not None]
        if not there:
            return None
        return round((min(there) - start).total_seconds() / 60, 1)

    def answer(offer: Offer) -> datetime | None:
        return times.get((offer.id, OfferStatus.ACCEPTED)) or times.get(
            (offer.id, OfferStatus.DECLINED)
        )

    start = times[referral.id, ReferralStatus.DRAFT]
    accepted_at = times.get((referral.id, ReferralStatus.ACCEPTED))
    answered = sorted((one for one in offers if answer(one)), key=lambda one: str(answer(one)))
    return DrillLine(
        county=referral.county,
        number=referral.number,
        requested_at=start,
        priority=referral.priority,
        status=referral.status,
        asked=len(offers),
        declined=sum(one.status == OfferStatus.DECLINED for one in offers),
        silent=sum((one.id, OfferStatus.LAPSED) in times for one in offers),
        minutes_to_offer=minutes(*(times.get((one.id, OfferStatus.OFFERED)) for one in offers)),
        minutes_to_answer=minutes(*(answer(one) for one in offers)),
        minutes_to_accept=minutes(accepted_at),
        minutes_to_hand_over=minutes(times.get((referral.id, ReferralStatus.HANDED_OVER))),
        answered_by=tuple(dict.fromkeys(one.facility_id for one in answered)),
        accepted_by=None if accepted_at is None else referral.destination_id,
    )
