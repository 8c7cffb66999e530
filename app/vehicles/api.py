"""Vehicles over HTTP. They are taken and given back with the journey that needs them."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers import takes
from app.body import sent
from app.keys.words import told
from app.performing import Done, LookDep, PerformDep, VersionDep
from app.vehicles import schemas
from app.vehicles.service import add_vehicle, cover_left, list_vehicles, set_state
from app.vehicles.tables import Vehicle
from app.work import Work

__all__ = ["router", "shown_vehicle"]

router = APIRouter(tags=["vehicles"])

CREATED = 201


@router.get("/vehicles", response_model=schemas.VehiclesOut)
def list_own_vehicles(see: LookDep) -> Response:
    """List your ambulances, incubators and teams, and which cover is left."""

    def act(work: Work) -> Done:
        cover = cover_left(work.session, work.actor.org_id)
        return Done(
            schemas.VehiclesOut(
                items=[shown_vehicle(work, one) for one in list_vehicles(work)],
                cover=[schemas.CoverOut.model_validate(one) for one in cover],
            )
        )

    return see(act)


@router.post(
    "/vehicles",
    status_code=CREATED,
    response_model=schemas.VehicleOut,
    openapi_extra=takes(schemas.NewVehicleIn),
)
def enter_vehicle(
    asked: Annotated[schemas.NewVehicleIn, Depends(sent(schemas.NewVehicleIn))], perform: PerformDep
) -> Response:
    """Enter a vehicle of your organisation."""

    def act(work: Work) -> Done:
        made = add_vehicle(
            work,
            asked.kind,
            asked.label,
            equipment=asked.equipment,
            crew=asked.crew,
            phone=asked.phone,
        )
        return Done(shown_vehicle(work, made), CREATED)

    return perform(act)


@router.post(
    "/vehicles/{vehicle_id}/state",
    response_model=schemas.VehicleOut,
    openapi_extra=takes(schemas.StateIn),
)
def say_vehicle_state(
    vehicle_id: uuid.UUID,
    said: Annotated[schemas.StateIn, Depends(sent(schemas.StateIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Say that a vehicle is here, away or out of service."""

    def act(work: Work) -> Done:
        return Done(
            shown_vehicle(
                work,
                set_state(work, vehicle_id, said.state, back_at=said.back_at, read=read),
            )
        )

    return perform(act)


def shown_vehicle(work: Work, one: Vehicle) -> schemas.VehicleOut:
    """Return a vehicle as its organisation sees it."""
    return schemas.VehicleOut(
        id=one.id,
        version=one.version,
        kind=one.kind,
        label=one.label,
        facility_id=one.facility_id,
        equipment=[piece for piece in one.equipment.split(";") if piece],
        crew=told(work.session, one, "crew") or "",
        phone=told(work.session, one, "phone"),
        state=one.state,
        back_at=one.back_at,
        taken=one.trip_id is not None,
    )
