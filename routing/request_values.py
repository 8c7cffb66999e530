"""What a request says, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from facilities.capacity import PlaceKind
from geodata.site import Site
from routing.triage.case import Case

__all__ = [
    "Closed",
    "PlanItem",
    "PlanRequest",
    "Request",
    "Reserve",
    "Slowed",
    "Transport",
    "Vehicle",
    "VehicleKind",
]

Closed: TypeAlias = frozenset[frozenset[str]]
Slowed: TypeAlias = frozenset[tuple[frozenset[str], int]]
"""Pairs, and how many seconds longer the road takes."""


@dataclass(frozen=True, slots=True)
class Transport:
    """What the sender has for the road; None is not stated (R-COST-03 has the defaults)."""

    sender_vehicle: bool | None
    sender_escort: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Request:
    """One patient at one place.

    ``origin_facility`` is None where she is not in a facility of the registry; ``closed`` holds
    pairs of neighbouring counties, ``slowed`` such pairs with seconds, ``exclude`` facilities not
    to be offered. ``booked_facility`` is where her birth is booked; it moves nothing in the
    ranking.
    """

    case: Case
    origin: Site
    origin_facility: str | None
    origin_county: str
    closed: Closed
    exclude: frozenset[str]
    transport: Transport
    booked_facility: str | None = None
    slowed: Slowed = frozenset()


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One request of a plan; ``priority`` None = by its rows, ``frozen_to`` None = not placed."""

    id: str
    request: Request
    priority: int | None
    frozen_to: str | None


class VehicleKind(StrEnum):
    """What a vehicle of a plan is."""

    AMBULANCE = "ambulance"
    OB_TEAM = "ob_team"
    NEO_TEAM = "neo_team"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle or team; ``free_from`` None = free now."""

    id: str
    at_facility_id: str
    kind: VehicleKind
    free_from: datetime | None


@dataclass(frozen=True, slots=True)
class Reserve:
    """``n`` places kept: in a plan for priority 1, ahead of labour for emergencies every week."""

    facility_id: str
    kind: PlaceKind
    n: int


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Requests that wait at ``now``; ``vehicles`` None = as many as are needed."""

    items: tuple[PlanItem, ...]
    closed: Closed
    reserve: tuple[Reserve, ...]
    vehicles: tuple[Vehicle, ...] | None
    now: datetime
    slowed: Slowed = frozenset()
