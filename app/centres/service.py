"""What may be done with the places of a centre."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.centres import store
from app.centres.errors import PlaceLostError
from app.centres.tables import Reservation
from app.db_types import new_key

__all__ = ["hold_for_good", "hold_seats", "let_go", "places_held", "taken_up", "with_places_held"]


def hold_seats(
    session: Session,
    referral_id: uuid.UUID,
    seats: Mapping[str, str],
    *,
    facility_id: str,
    province: str,
    at: datetime,
    until: datetime | None,
) -> tuple[Reservation, ...]:
    """Hold a place for every seat of a referral at one centre, or none at all.

    Parameters
    ----------
    seats
        Kind of place of each seat: ``{"mother": "OB_RESCUE_BED", "newborn_1": "NEO_L2B"}``.
    until
        When the hold ends by itself; None is never.

    Raises
    ------
    PlaceLostError
        A seat has no place; those that were taken before it are given back.
    """
    held = []
    with session.begin_nested():
        # By kind: two who want the same kinds take them in the same order.
        for seat, kind in sorted(seats.items(), key=lambda one: (one[1], one[0])):
            key = new_key()
            place_id = store.claim(session, key, facility_id=facility_id, kind=kind)
            if place_id is None:
                raise PlaceLostError(facility_id, seat, kind)
            line = Reservation(
                id=key,
                province=province,
                place_id=place_id,
                referral_id=referral_id,
                seat=seat,
                held_at=at,
                held_until=until,
            )
            session.add(line)
            session.flush()
            held.append(line)
    return tuple(held)


def let_go(session: Session, referral_id: uuid.UUID, *, at: datetime) -> int:
    """Free every place that is promised to a referral; how many that were."""
    lines = store.active_of(session, referral_id)
    for line in lines:
        store.release(session, line.id, at=max(at, line.held_at))
    return len(lines)


def taken_up(session: Session, referral_id: uuid.UUID) -> None:
    """Note that she lies in the places that were promised to her."""
    store.occupy(session, referral_id)


def hold_for_good(session: Session, referral_id: uuid.UUID) -> None:
    """Keep what is promised to her without an end: she is on the road (R-STATE-13)."""
    store.never_expires(session, referral_id)


def with_places_held(session: Session, referral_ids: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return which of some referrals have their places promised; a hold is of all seats or none."""
    return frozenset(store.holders(session, referral_ids))


def places_held(session: Session, referral_id: uuid.UUID) -> int:
    """Return how many places are promised to a referral."""
    return len(store.active_of(session, referral_id))
