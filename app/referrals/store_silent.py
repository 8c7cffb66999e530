"""Which centres do not answer: those that nobody was reached at in the last hour (R-TRUST-02)."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import and_, bindparam, not_, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.centres.tables import CapacityReport
from app.events.tables import StatusEvent
from app.referrals.states import OFFER, OfferStatus
from app.referrals.tables import Offer, Referral

__all__ = ["silent_lines"]

LAST = timedelta(hours=1)
ANSWERS = (OfferStatus.SEEN, OfferStatus.ACCEPTED, OfferStatus.DECLINED)
ENDED_FOR_IT = (OfferStatus.LAPSED, OfferStatus.WITHDRAWN)


def silent_lines(session: Session, now: datetime) -> frozenset[str]:
    """Return the facilities where an offer ran out unseen in the last hour, and nobody said a word.

    Whoever looked at an offer, answered one or reported places since then is there. A drill says
    nothing of a line.
    """
    since = now - LAST
    ran_out = session.exec(_ran_out(), params={"since": since, "now": now}).all()
    if not ran_out:
        return frozenset()
    answered = select(Offer.facility_id).join(
        StatusEvent,
        and_(
            col(StatusEvent.machine) == OFFER,
            col(StatusEvent.subject_id) == col(Offer.id),
            col(StatusEvent.to_status).in_(ANSWERS),
            col(StatusEvent.at) > since,
        ),
    )
    reported = select(CapacityReport.facility_id).where(col(CapacityReport.received_at) > since)
    there = {
        *session.exec(answered.where(col(Offer.facility_id).in_(ran_out))),
        *session.exec(reported.where(col(CapacityReport.facility_id).in_(ran_out))),
    }
    return frozenset(ran_out) - there


@cache
def _ran_out() -> SelectOfScalar[str]:
    """Return what finds the facilities where an offer ran out unseen, built once."""
    last = and_(
        col(StatusEvent.machine) == OFFER,
        col(StatusEvent.subject_id) == col(Offer.id),
        col(StatusEvent.seq) == col(Offer.last_seq),
    )
    unseen_at_its_end = and_(
        col(Offer.status).in_(ENDED_FOR_IT),
        col(StatusEvent.from_status) == OfferStatus.OFFERED,
        col(StatusEvent.at) >= col(Offer.deadline_at),
    )
    return (
        select(Offer.facility_id)
        .join(StatusEvent, last)
        .join(Referral, col(Referral.id) == col(Offer.referral_id))
        .where(
            col(Offer.deadline_at) > bindparam("since"),
            col(Offer.deadline_at) <= bindparam("now"),
            not_(col(Referral.drill)),
            or_(col(Offer.status) == OfferStatus.OFFERED, unseen_at_its_end),
        )
        .distinct()
    )
