"""Every statement on vehicles and their trips."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from app.accounts.tables import Organisation
from app.vehicles.states import FREE, VehicleState
from app.vehicles.tables import Vehicle, VehicleTrip

__all__ = [
    "active_trip",
    "active_trips_of",
    "claim",
    "division_of",
    "end_trip",
    "of_organisation",
    "of_plan",
    "put_back",
    "vehicle",
    "vehicle_by_label",
]


_NEXT = col(Vehicle.version) + 1


def vehicle(session: Session, key: uuid.UUID, *, locked: bool = False) -> Vehicle | None:
    """Return one vehicle as it stands in this transaction; locked until it ends where asked."""
    asked = select(Vehicle).where(Vehicle.id == key).execution_options(populate_existing=True)
    return session.exec(asked.with_for_update() if locked else asked).one_or_none()


def division_of(session: Session, org_id: uuid.UUID) -> str:
    """Return where an organisation belongs."""
    return session.exec(select(Organisation.division).where(Organisation.id == org_id)).one()


def vehicle_by_label(session: Session, org_id: uuid.UUID, label: str) -> Vehicle | None:
    """Return a vehicle of an organisation by what it is called there."""
    return session.exec(
        select(Vehicle).where(Vehicle.home_org == org_id, Vehicle.label == label)
    ).one_or_none()


def of_organisation(session: Session, org_id: uuid.UUID) -> Sequence[Vehicle]:
    """Return the vehicles of an organisation by kind and name."""
    return session.exec(
        select(Vehicle)
        .where(Vehicle.home_org == org_id)
        .order_by(Vehicle.kind, Vehicle.label)
        .execution_options(populate_existing=True)
    ).all()


def claim(
    session: Session, key: uuid.UUID, trip_id: uuid.UUID, *, back_at: datetime | None
) -> bool:
    """Take a vehicle that is at home; the count of rows changed says who has it."""
    taken = session.exec(
        update(Vehicle)
        .where(col(Vehicle.id) == key, col(Vehicle.state) == FREE, col(Vehicle.trip_id).is_(None))
        .values(state=VehicleState.AWAY.value, trip_id=trip_id, back_at=back_at, version=_NEXT)
    )
    return bool(taken.rowcount)


def active_trip(session: Session, vehicle_id: uuid.UUID) -> VehicleTrip | None:
    """Return who has a vehicle by the ledger."""
    return session.exec(
        select(VehicleTrip).where(
            VehicleTrip.vehicle_id == vehicle_id, col(VehicleTrip.given_back_at).is_(None)
        )
    ).one_or_none()


def active_trips_of(session: Session, referral_id: uuid.UUID) -> Sequence[VehicleTrip]:
    """Return the vehicles that a referral has taken."""
    return session.exec(
        select(VehicleTrip)
        .where(VehicleTrip.referral_id == referral_id, col(VehicleTrip.given_back_at).is_(None))
        .order_by(col(VehicleTrip.id))
    ).all()


def end_trip(session: Session, trip_id: uuid.UUID, *, at: datetime) -> bool:
    """End a trip; false where somebody did before."""
    ended = session.exec(
        update(VehicleTrip)
        .where(col(VehicleTrip.id) == trip_id, col(VehicleTrip.given_back_at).is_(None))
        .values(given_back_at=at)
    )
    return bool(ended.rowcount)


def put_back(
    session: Session, trip_id: uuid.UUID, *, state: VehicleState, back_at: datetime | None
) -> None:
    """Let go of the vehicle of a trip."""
    session.exec(
        update(Vehicle)
        .where(col(Vehicle.trip_id) == trip_id)
        .values(state=state.value, trip_id=None, back_at=back_at, version=_NEXT)
    )


def of_plan(session: Session, kinds: Sequence[str]) -> Sequence[Vehicle]:
    """Return what can be sent, at home or expected back, of these kinds, that stands somewhere."""
    return session.exec(
        select(Vehicle)
        .where(
            col(Vehicle.kind).in_(kinds),
            col(Vehicle.facility_id).is_not(None),
            col(Vehicle.state) != VehicleState.OUT_OF_SERVICE.value,
        )
        .order_by(col(Vehicle.id))
    ).all()
