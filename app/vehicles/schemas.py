"""What goes in and out of vehicles over HTTP."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.vehicles.states import VehicleKind, VehicleState

__all__ = ["CoverOut", "NewVehicleIn", "StateIn", "VehicleOut", "VehiclesOut"]

Short = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class Sent(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class NewVehicleIn(Sent):
    """An ambulance, an incubator or a team of the own organisation."""

    kind: VehicleKind
    label: Short
    equipment: Annotated[Sequence[Short], Field(max_length=50)] = ()
    crew: Annotated[str, StringConstraints(max_length=500)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None


class StateIn(Sent):
    """Where it is; with ``away`` when it is expected back."""

    state: VehicleState
    back_at: AwareDatetime | None = None


class VehicleOut(BaseModel):
    """One vehicle; ``taken`` tells that a referral has it."""

    id: uuid.UUID
    version: int
    kind: str
    label: str
    facility_id: str | None
    equipment: Sequence[str]
    crew: str
    phone: str | None
    state: str
    back_at: datetime | None
    taken: bool


class CoverOut(BaseModel):
    """What is left of one kind: free now, of how many in service, when the next is back."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    free: int
    in_service: int
    next_back_at: datetime | None


class VehiclesOut(BaseModel):
    """The vehicles of the own organisation, and which cover is left."""

    items: Sequence[VehicleOut]
    cover: Sequence[CoverOut]
