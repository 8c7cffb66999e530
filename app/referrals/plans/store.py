"""Every statement on joint plans, and on the referrals they are made for."""

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from app.referrals.plans.tables import JointPlan
from app.referrals.states import OfferStatus, PlanStatus, ReferralStatus
from app.referrals.tables import Offer, Recommendation, Referral

__all__ = [
    "applied_lately",
    "declined",
    "last_recommendations",
    "on_the_way",
    "plan_locked",
    "plan_within",
    "plans_within",
]

S = ReferralStatus
ON_THE_WAY = (S.REQUESTED, S.MATCHED, S.OFFERED, S.ACCEPTED)


def on_the_way(session: Session, area: str, *, drill: bool) -> Sequence[Referral]:
    """Return who waits in an area or has not arrived yet, in the order of asking."""
    return session.exec(
        select(Referral)
        .where(
            col(Referral.county).startswith(area, autoescape=True),
            col(Referral.status).in_(ON_THE_WAY),
            Referral.drill == drill,
        )
        .order_by(col(Referral.id))
    ).all()


def last_recommendations(
    session: Session, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Recommendation]:
    """Return what each of some referrals was matched with last."""
    last = (
        select(Recommendation.referral_id, func.max(Recommendation.number).label("number"))
        .where(col(Recommendation.referral_id).in_(list(ids)))
        .group_by(col(Recommendation.referral_id))
        .subquery()
    )
    found = session.exec(
        select(Recommendation).join(
            last,
            (col(Recommendation.referral_id) == last.c.referral_id)
            & (col(Recommendation.number) == last.c.number),
        )
    )
    return {one.referral_id: one for one in found}


def declined(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Return which centres have said no to each of some referrals, by whatever ranking."""
    found: dict[uuid.UUID, set[str]] = {}
    rows = session.exec(
        select(Offer.referral_id, Offer.facility_id).where(
            col(Offer.referral_id).in_(list(ids)), Offer.status == OfferStatus.DECLINED
        )
    )
    for referral_id, facility_id in rows:
        found.setdefault(referral_id, set()).add(facility_id)
    return found


def applied_lately(session: Session, *, before: datetime) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return the plans applied since a day before a moment, and the referrals of each.

    A day is longer than any transaction: one that was under way at the moment, and took its time
    before it, is not overlooked.
    """
    found = session.exec(
        select(JointPlan.id, JointPlan.versions).where(
            JointPlan.status == PlanStatus.APPLIED,
            col(JointPlan.decided_at) > before - timedelta(days=1),
        )
    )
    return {key: frozenset(map(uuid.UUID, json.loads(versions))) for key, versions in found}


def plan_within(session: Session, plan_id: uuid.UUID, area: str) -> JointPlan | None:
    """Return a plan if it is one of an area."""
    return session.exec(select(JointPlan).where(JointPlan.id == plan_id, _within(area))).first()


def plan_locked(session: Session, plan_id: uuid.UUID, area: str) -> JointPlan | None:
    """Return a plan of an area that nobody else decides on until this transaction ends."""
    return session.exec(
        select(JointPlan)
        .where(JointPlan.id == plan_id, _within(area))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def plans_within(
    session: Session, area: str, *, before: uuid.UUID | None, most: int
) -> Sequence[JointPlan]:
    """Return plans of an area that were made before one, the last one first."""
    asked = select(JointPlan).where(_within(area))
    if before is not None:
        asked = asked.where(col(JointPlan.id) < before)
    return session.exec(asked.order_by(col(JointPlan.id).desc()).limit(most)).all()


def _within(area: str) -> ColumnElement[bool]:
    return col(JointPlan.division).startswith(area, autoescape=True)
