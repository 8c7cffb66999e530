"""What may be done with ambulances, incubators and escort teams.

A vehicle is taken like a place: whoever changes its row from free has it. Nobody waits for one
before leaving: a mother goes with the best escort there is (R-ESC-01).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.centres.errors import NotYoursError, ReportRefusedError
from app.centres.speaking import speaking_for_division
from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.words import put
from app.vehicles import store
from app.vehicles.errors import StaleVehicleError, VehicleGoneError
from app.vehicles.states import FREE, VehicleKind, VehicleState
from app.vehicles.tables import Vehicle, VehicleTrip
from app.work import Work

__all__ = [
    "Cover",
    "add_vehicle",
    "cover_left",
    "give_back",
    "give_back_all",
    "list_vehicles",
    "own_vehicle",
    "set_state",
    "take",
    "taken_by",
    "vehicles_for_plan",
]

PLANNED_KINDS = (VehicleKind.AMBULANCE, VehicleKind.OB_TEAM, VehicleKind.NEO_TEAM)
"""What a joint plan sends; an incubator goes along with one of them."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What is left of one kind at an organisation: free now, of how many in service, next back."""

    kind: str
    free: int
    in_service: int
    next_back_at: datetime | None


def add_vehicle(
    work: Work,
    kind: VehicleKind,
    label: str,
    *,
    equipment: Sequence[str] = (),
    crew: str = "",
    phone: str | None = None,
) -> Vehicle:
    """Enter a vehicle of the actor's organisation; it stands there and is free.

    Raises
    ------
    ReportRefusedError
        It has no name, one that is taken, or a piece of equipment with ``;`` in it.
    """
    actor = work.actor
    checks = (
        (not label.strip(), "no_name"),
        (any(";" in piece or not piece.strip() for piece in equipment), "unknown_code"),
        (
            store.vehicle_by_label(work.session, actor.org_id, label.strip()) is not None,
            "name_taken",
        ),
    )
    faults = tuple(code for wrong, code in checks if wrong)
    if faults:
        raise ReportRefusedError(faults)
    made = Vehicle(
        province=actor.province,
        home_org=actor.org_id,
        facility_id=actor.facility_id,
        kind=kind.value,
        label=label.strip(),
        equipment=";".join(piece.strip() for piece in equipment),
    )
    put(work.session, made, crew=crew.strip() or None, phone=phone)
    work.session.add(made)
    work.session.flush()
    return made


def list_vehicles(work: Work) -> Sequence[Vehicle]:
    """Return the vehicles of the actor's organisation."""
    return store.of_organisation(work.session, work.actor.org_id)


def set_state(
    work: Work,
    vehicle_id: uuid.UUID,
    state: VehicleState,
    *,
    back_at: datetime | None = None,
    read: int | None = None,
) -> Vehicle:
    """Say that a vehicle is here, away without one of our patients, or out of service.

    Parameters
    ----------
    read
        The version that was read; None asks for none.

    Raises
    ------
    StaleVehicleError
        Something became of it since it was read.
    VehicleGoneError
        It carries a patient by the ledger: that ends by giving it back.
    """
    found = own_vehicle(work, vehicle_id, locked=True)
    if read is not None and read != found.version:
        raise StaleVehicleError(vehicle_id, read=read, now=found.version)
    if found.trip_id is not None:
        raise VehicleGoneError(found.label, found.state, _free(work.session, found.home_org))
    found.state = state.value
    found.back_at = None if state is VehicleState.AVAILABLE else back_at
    found.version += 1
    work.session.add(found)
    work.session.flush()
    return found


def take(
    work: Work,
    vehicle_id: uuid.UUID,
    referral_id: uuid.UUID,
    *,
    back_at: datetime | None = None,
) -> tuple[VehicleTrip, tuple[Cover, ...]]:
    """Take a vehicle for a referral; tell which cover is left where it stood (R-ESC-03).

    Parameters
    ----------
    back_at
        When it is expected home; None where nobody knows.

    Returns
    -------
    tuple[VehicleTrip, tuple[Cover, ...]]
        Taken again for the same referral it is the same trip.

    Raises
    ------
    VehicleGoneError
        Somebody else was first, or it is out of service.
    NotFoundError
        There is none, or it belongs to another organisation: no list shows it.
    """
    found = own_vehicle(work, vehicle_id)
    key = new_key()
    if not store.claim(work.session, vehicle_id, key, back_at=back_at):
        there = store.active_trip(work.session, vehicle_id)
        if there is not None and there.referral_id == referral_id:
            return there, cover_left(work.session, found.home_org)
        now = _known(work.session, vehicle_id)
        raise VehicleGoneError(now.label, now.state, _free(work.session, now.home_org))
    trip = VehicleTrip(
        id=key,
        province=found.province,
        vehicle_id=vehicle_id,
        referral_id=referral_id,
        taken_at=work.now,
        back_at=back_at,
        by_org=work.actor.org_id,
    )
    put(work.session, trip, by_name=work.actor.name)
    work.session.add(trip)
    work.session.flush()
    return trip, cover_left(work.session, found.home_org)


def give_back(
    session: Session, trip: VehicleTrip, *, at: datetime, home_at: datetime | None = None
) -> None:
    """End a trip; the vehicle is free, or on its way home until ``home_at``."""
    if not store.end_trip(session, trip.id, at=max(at, trip.taken_at)):
        return
    on_the_way = home_at is not None and home_at > at
    state = VehicleState.AWAY if on_the_way else VehicleState.AVAILABLE
    store.put_back(session, trip.id, state=state, back_at=home_at if on_the_way else None)


def give_back_all(
    session: Session, referral_id: uuid.UUID, *, at: datetime, home_at: datetime | None = None
) -> tuple[uuid.UUID, ...]:
    """Give back whatever a referral has taken; which vehicles those were."""
    trips = store.active_trips_of(session, referral_id)
    for trip in trips:
        give_back(session, trip, at=at, home_at=home_at)
    return tuple(trip.vehicle_id for trip in trips)


def taken_by(session: Session, referral_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return the vehicles that a referral has."""
    return tuple(trip.vehicle_id for trip in store.active_trips_of(session, referral_id))


def cover_left(session: Session, org_id: uuid.UUID) -> tuple[Cover, ...]:
    """Return what an organisation has left, by kind; a kind of which it has none is not listed."""
    cover = []
    vehicles = store.of_organisation(session, org_id)
    for kind in VehicleKind:
        there = [
            one
            for one in vehicles
            if one.kind == kind and one.state != VehicleState.OUT_OF_SERVICE.value
        ]
        if any(one.kind == kind for one in vehicles):
            back = [one.back_at for one in there if one.back_at is not None]
            free = sum(one.state == FREE for one in there)
            cover.append(Cover(kind.value, free, len(there), min(back, default=None)))
    return tuple(cover)


def vehicles_for_plan(session: Session, now: datetime) -> list[dict[str, str]]:
    """Return the vehicles of all centres as a joint plan reads them (contract 2.3).

    One that is away counts from when it is expected back; where nobody knows when, or that time has
    passed and nobody has seen it, it is left out: a plan must not send what may not be there.
    """
    found = []
    for one in store.of_plan(session, [kind.value for kind in PLANNED_KINDS]):
        if one.state == FREE:
            free_from = now
        elif one.back_at is not None and one.back_at > now:
            free_from = one.back_at
        else:
            continue
        found.append(
            {
                "id": str(one.id),
                "at_facility_id": str(one.facility_id),
                "kind": one.kind,
                "free_from": free_from.isoformat(),
            }
        )
    return found


def _known(session: Session, vehicle_id: uuid.UUID, *, locked: bool = False) -> Vehicle:
    found = store.vehicle(session, vehicle_id, locked=locked)
    if found is None:
        raise NotFoundError("vehicle", str(vehicle_id))
    return found


def own_vehicle(work: Work, vehicle_id: uuid.UUID, *, locked: bool = False) -> Vehicle:
    """Return a vehicle of the actor's organisation, or of one in the area of a duty officer."""
    found = _known(work.session, vehicle_id, locked=locked)
    if found.home_org != work.actor.org_id:
        try:
            speaking_for_division(work, store.division_of(work.session, found.home_org))
        except NotYoursError:
            raise NotFoundError("vehicle", str(vehicle_id)) from None
    return found


def _free(session: Session, org_id: uuid.UUID) -> dict[str, int]:
    return {cover.kind: cover.free for cover in cover_left(session, org_id)}
