"""Who would see what is sent: a question to a place without accounts is seen by nobody.

Nobody hinders asking such a place, it may be the right one. It is said, so that it is rung.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts.states import ANSWERING, COMMISSIONS, ON_DUTY
from app.accounts.store_signed_up import (
    divisions_without,
    emergency_services,
    facilities_with,
)

__all__ = ["emergency_service", "nobody_at", "offices_without_anybody"]


def emergency_service(
    session: Session, county: str, beside: uuid.UUID, *, at: datetime
) -> uuid.UUID | None:
    """Return the 120 of a county, else of its prefecture, else of a hospital's community.

    None where nobody could see a call: ring 120.
    """
    near = (county, f"{county[:4]}00")
    found = emergency_services(session, near, beside, at=at)
    order = {division: place for place, division in enumerate(near)}
    ranked = sorted(found, key=lambda org: order.get(org.division, len(near)))
    return ranked[0].id if ranked else None


def nobody_at(session: Session, facility_ids: Collection[str], *, at: datetime) -> frozenset[str]:
    """Return those of the facilities in which nobody could see an offer and answer it."""
    return frozenset(facility_ids) - facilities_with(session, facility_ids, ANSWERING, at=at)


def offices_without_anybody(session: Session, *, at: datetime) -> Sequence[str]:
    """Return the divisions whose commission has no duty officer: nobody there sees a step climb."""
    return divisions_without(session, COMMISSIONS, ON_DUTY, at=at)
