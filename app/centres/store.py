"""Every statement on places and reservations."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Text, and_, cast, func, not_
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.centres.tables import ACTIVE, CapacityReport, Place, Reservation, WorkItem

__all__ = [
    "active_of",
    "alone_with",
    "claim",
    "counted",
    "counted_text",
    "free_places",
    "held_since",
    "holders",
    "latest_report",
    "latest_reports",
    "never_expires",
    "occupy",
    "open_items",
    "places_and_holders",
    "places_locked",
    "read_counted",
    "release",
    "reports_since",
]


def free_places(session: Session, facility_id: str) -> dict[str, int]:
    """Return how many places of each kind can be claimed at a facility."""
    counted = (
        select(Place.kind, func.count())
        .where(
            Place.facility_id == facility_id,
            _free(),
        )
        .group_by(Place.kind)
    )
    return {kind: int(number) for kind, number in session.exec(counted)}


def counted(session: Session) -> list[tuple[str, str, int, int]]:
    """Return facility, kind, places in service and places that can be claimed, for all of them."""
    return read_counted(counted_text(session))


def counted_text(session: Session) -> str:
    """Return what :func:`counted` does as one text; who knows it already need not read it.

    One line instead of some six hundred: SQLite lets another thread go on after every line, and it
    is asked in every request.
    """
    found = session.connection().execute(_counting(session.get_bind().dialect.name == "sqlite"))
    return str(found.scalar_one() or "[]")


def read_counted(text: str) -> list[tuple[str, str, int, int]]:
    """Return the lines of a text of :func:`counted_text`."""
    return [(facility, kind, n, free) for facility, kind, n, free in json.loads(text)]


@cache
def _counting(of_sqlite: bool) -> SelectOfScalar[str]:
    """Return what counts the places, built once."""
    lines = (
        select(
            col(Place.facility_id).label("facility_id"),
            col(Place.kind).label("kind"),
            func.count().filter(col(Place.in_service)).label("in_service"),
            func.count().filter(_free()).label("free"),
        )
        .group_by(col(Place.facility_id), col(Place.kind))
        .order_by(col(Place.facility_id), col(Place.kind))
        .subquery()
    )
    of = lines.c.facility_id, lines.c.kind, lines.c.in_service, lines.c.free
    if of_sqlite:
        return select(func.json_group_array(func.json_array(*of)))
    return select(cast(func.json_agg(func.json_build_array(*of)), Text))


def latest_reports(session: Session) -> Sequence[CapacityReport]:
    """Return the report that speaks of the latest moment, for each facility and kind of a place.

    One look into the index each: the history grows without end, the places do not.
    """
    of = select(Place.facility_id, Place.kind).distinct().subquery()
    latest = (
        select(CapacityReport.id)
        .where(CapacityReport.facility_id == of.c.facility_id, CapacityReport.kind == of.c.kind)
        .order_by(col(CapacityReport.as_of).desc(), col(CapacityReport.received_at).desc())
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )
    return session.exec(
        select(CapacityReport)
        .select_from(of)
        .join(CapacityReport, col(CapacityReport.id) == latest)
    ).all()


def claim(
    session: Session, reservation_id: uuid.UUID, *, facility_id: str, kind: str
) -> uuid.UUID | None:
    """Give a reservation one free place of a kind; None if there is none.

    The place row is what is fought for: whoever changes it from free has it, and the count of
    rows changed says who that was. Who loses one place tries the next, so that nobody is refused
    while a place is free.
    """
    is_free = _free()
    first = (
        select(Place.id)
        .where(Place.facility_id == facility_id, Place.kind == kind, is_free)
        .order_by(Place.label)
        .limit(1)
    )
    # One that nobody fights for right now; only where there is none, wait for those who do.
    while (place_id := session.exec(first.with_for_update(skip_locked=True)).first()) or (
        place_id := session.exec(first).first()
    ):
        taken = session.exec(
            update(Place)
            .where(col(Place.id) == place_id, is_free)
            .values(reservation_id=reservation_id)
        )
        if taken.rowcount:
            return place_id
    return None


def _free() -> ColumnElement[bool]:
    """Return what makes a place one that can be claimed."""
    return and_(
        col(Place.in_service), not_(col(Place.blocked)), col(Place.reservation_id).is_(None)
    )


def alone_with(session: Session, facility_id: str, kind: str) -> None:
    """Let nobody else report on a kind at a facility until this transaction ends.

    There may be no row yet that could be locked; SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        asked = select(func.hashtextextended(f"places:{facility_id}:{kind}", 0))
        session.exec(select(func.pg_advisory_xact_lock(asked.scalar_subquery())))


def held_since(session: Session, facility_id: str, kind: str, moment: datetime) -> int:
    """Return how many places of a kind were promised after a moment and still are."""
    return session.exec(
        select(func.count())
        .select_from(Reservation)
        .join(Place, col(Place.id) == col(Reservation.place_id))
        .where(
            Place.facility_id == facility_id,
            Place.kind == kind,
            col(Reservation.status).in_(ACTIVE),
            col(Reservation.held_at) > moment,
        )
    ).one()


def places_locked(session: Session, facility_id: str, kind: str) -> list[Place]:
    """Return the places of a kind at a facility, by label; nobody claims one meanwhile."""
    found = session.exec(
        select(Place)
        .where(Place.facility_id == facility_id, Place.kind == kind)
        .order_by(Place.label)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


def places_and_holders(
    session: Session, facility_id: str
) -> Sequence[tuple[Place, Reservation | None]]:
    """Return the places of a facility with who has them, by kind and label."""
    asked = (
        select(Place, Reservation)
        .outerjoin(Reservation, col(Reservation.id) == col(Place.reservation_id))
        .where(Place.facility_id == facility_id)
        .order_by(Place.kind, Place.label)
    )
    return [(place, holder) for place, holder in session.exec(asked)]


def reports_since(
    session: Session, facility_id: str, since: datetime, *, before: uuid.UUID | None, most: int
) -> Sequence[CapacityReport]:
    """Return what a facility reported since then, the last that came first."""
    asked = select(CapacityReport).where(
        CapacityReport.facility_id == facility_id, col(CapacityReport.received_at) >= since
    )
    if before is not None:
        asked = asked.where(col(CapacityReport.id) < before)
    return session.exec(asked.order_by(col(CapacityReport.id).desc()).limit(most)).all()


def latest_report(session: Session, facility_id: str, kind: str) -> CapacityReport | None:
    """Return the report that speaks of the latest moment."""
    return session.exec(
        select(CapacityReport)
        .where(CapacityReport.facility_id == facility_id, CapacityReport.kind == kind)
        .order_by(col(CapacityReport.as_of).desc(), col(CapacityReport.received_at).desc())
        .limit(1)
    ).first()


def open_items(session: Session, facility_id: str, kind: str) -> dict[str, WorkItem]:
    """Return what has to be settled at a facility for a kind, by code."""
    found = session.exec(
        select(WorkItem).where(
            WorkItem.facility_id == facility_id,
            WorkItem.kind == kind,
            col(WorkItem.closed_at).is_(None),
        )
    )
    return {item.code: item for item in found}


def active_of(session: Session, referral_id: uuid.UUID) -> list[Reservation]:
    """Return what is promised to a referral."""
    found = session.exec(
        select(Reservation)
        .where(Reservation.referral_id == referral_id, col(Reservation.status).in_(ACTIVE))
        .order_by(Reservation.seat)
    )
    return list(found)


def holders(session: Session, referral_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of some referrals something is promised to."""
    return set(
        session.exec(
            select(Reservation.referral_id).where(
                col(Reservation.referral_id).in_(referral_ids),
                col(Reservation.status).in_(ACTIVE),
            )
        )
    )


def occupy(session: Session, referral_id: uuid.UUID) -> None:
    """Note that she has arrived and lies there."""
    session.exec(
        update(Reservation)
        .where(col(Reservation.referral_id) == referral_id, col(Reservation.status).in_(ACTIVE))
        .values(status="occupied")
    )


def never_expires(session: Session, referral_id: uuid.UUID) -> None:
    """Take the end from what is promised to a referral."""
    session.exec(
        update(Reservation)
        .where(col(Reservation.referral_id) == referral_id, col(Reservation.status).in_(ACTIVE))
        .values(held_until=None)
    )


def release(session: Session, reservation_id: uuid.UUID, *, at: datetime) -> bool:
    """End a reservation and free its place; False if it had ended before."""
    ended = session.exec(
        update(Reservation)
        .where(col(Reservation.id) == reservation_id, col(Reservation.status).in_(ACTIVE))
        .values(status="released", released_at=at)
    )
    if not ended.rowcount:
        return False
    place = session.exec(
        select(Place)
        .where(Place.reservation_id == reservation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if place is not None:
        place.reservation_id = None
        session.add(place)
        session.flush()
        _close_what_is_closed(session, place)
    return True


def _close_what_is_closed(session: Session, place: Place) -> None:
    """Close a place that was open only for who held it: its hospital says it has fewer."""
    said = latest_report(session, place.facility_id, place.kind)
    if said is None:
        return
    in_service = session.exec(
        select(func.count())
        .select_from(Place)
        .where(
            Place.facility_id == place.facility_id,
            Place.kind == place.kind,
            col(Place.in_service),
        )
    ).one()
    if in_service > said.in_service:
        place.in_service = False
        session.add(place)
        session.flush()
