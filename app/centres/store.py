"""Every statement on places and reservations."""

import uuid
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from app.centres.tables import ACTIVE, Place, Reservation

__all__ = ["claim", "free_places", "release"]


def free_places(session: Session, facility_id: str) -> dict[str, int]:
    """Return how many places of each kind are in service and not reserved at a facility."""
    counted = (
        select(Place.kind, func.count())
        .where(
            Place.facility_id == facility_id,
            col(Place.in_service),
            col(Place.reservation_id).is_(None),
        )
        .group_by(Place.kind)
    )
    return {kind: int(number) for kind, number in session.exec(counted)}


def claim(
    session: Session, reservation_id: uuid.UUID, *, facility_id: str, kind: str
) -> uuid.UUID | None:
    """Give a reservation one free place of a kind; None if there is none.

    The place row is what is fought for: whoever changes it from free has it, and the count of
    rows changed says who that was. Who loses one place tries the next, so that nobody is refused
    while a place is free.
    """
    is_free = (col(Place.in_service), col(Place.reservation_id).is_(None))
    first = (
        select(Place.id)
        .where(Place.facility_id == facility_id, Place.kind == kind, *is_free)
        .order_by(Place.label)
        .limit(1)
    )
    while (place_id := session.exec(first).first()) is not None:
        taken = session.exec(
            update(Place)
            .where(col(Place.id) == place_id, *is_free)
            .values(reservation_id=reservation_id)
        )
        if taken.rowcount:
            return place_id
    return None


def release(session: Session, reservation_id: uuid.UUID, *, at: datetime) -> bool:
    """End a reservation and free its place; False if it had ended before."""
    ended = session.exec(
        update(Reservation)
        .where(col(Reservation.id) == reservation_id, col(Reservation.status).in_(ACTIVE))
        .values(status="released", released_at=at)
    )
    if not ended.rowcount:
        return False
    session.exec(
        update(Place).where(col(Place.reservation_id) == reservation_id).values(reservation_id=None)
    )
    return True
