"""Every statement on how institutions ask and answer: counts, never a referral. No exercises."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from app.accounts.tables import Organisation
from app.events.tables import StatusEvent
from app.referrals.states import OFFER, REFERRAL, OfferStatus, ReferralStatus
from app.referrals.tables import Offer, Referral

__all__ = ["declines", "raises"]


def raises(
    session: Session, whose: ColumnElement[bool], since: datetime, until: datetime
) -> Sequence[tuple[str | None, str, int, int]]:
    """Return facility, name, requests and how many of them were raised, by institution."""
    raised = func.count().filter(col(Referral.raised_because).is_not(None))
    return session.exec(
        select(Organisation.facility_id, Organisation.name_zh, func.count(), raised)
        .select_from(Referral)
        .join(Organisation, col(Organisation.id) == col(Referral.origin_org))
        .join(
            StatusEvent,
            (col(StatusEvent.subject_id) == col(Referral.id))
            & (col(StatusEvent.machine) == REFERRAL)
            & (col(StatusEvent.to_status) == ReferralStatus.DRAFT),
        )
        .where(
            whose,
            ~col(Referral.drill),
            col(StatusEvent.at) >= since,
            col(StatusEvent.at) < until,
        )
        .group_by(col(Organisation.id), col(Organisation.facility_id), col(Organisation.name_zh))
        .order_by(col(Organisation.facility_id), col(Organisation.id))
    ).all()


def declines(
    session: Session, whose: ColumnElement[bool], since: datetime, until: datetime
) -> Sequence[tuple[str, str | None, int]]:
    """Return facility, code and number of the noes that were said in a time."""
    return session.exec(
        select(Offer.facility_id, Offer.decline_code, func.count())
        .join(Referral, col(Referral.id) == col(Offer.referral_id))
        .join(Organisation, col(Organisation.facility_id) == col(Offer.facility_id))
        .join(
            StatusEvent,
            (col(StatusEvent.subject_id) == col(Offer.id))
            & (col(StatusEvent.machine) == OFFER)
            & (col(StatusEvent.to_status) == OfferStatus.DECLINED),
        )
        .where(
            whose,
            ~col(Referral.drill),
            col(StatusEvent.at) >= since,
            col(StatusEvent.at) < until,
        )
        .group_by(col(Offer.facility_id), col(Offer.decline_code))
        .order_by(col(Offer.facility_id), col(Offer.decline_code))
    ).all()
