"""One way of serving one request, and how she gets there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from facilities.capacity import PlaceKind

__all__ = ["COST_PARTS", "Driver", "Role", "TransportPlan", "Use", "Way"]

Driver = Literal["sender", "ems120", "receiver_team", "meet"]
Role = Literal["definitive", "first_stop"]

COST_PARTS = (
    "time_to_care",
    "late",
    "trust",
    "preference",
    "ward_step",
    "over_capacity",
    "lacks",
    "split",
    "cooling_lost",
)
"""Parts of ``cost_min`` in the order in which they are added up."""


@dataclass(frozen=True, slots=True)
class TransportPlan:
    """Who drives and when; ``back_min`` is the journey with the patient, both for a meeting.

    ``escort_short`` names the escort that should go with her and is not there (R-ESC-01).
    """

    by: Driver
    ready_min: float
    out_min: float
    back_min: float
    escort_short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """One place taken by one seat."""

    seat: str
    facility_id: str
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class Way:
    """One way of serving one request.

    Parameters
    ----------
    newborn_facility_id : str | None
        Where the newborn goes on to, only for a split pair (R-DEST-04).
    uses : tuple[Use, ...]
        Places taken; none over capacity, at a first stop and where no place is needed. A split
        pair may take one at one centre and be asked over capacity at the other.
    over_capacity : bool
        Takes one of the centre's placements over capacity in place of a place (R-DEST-02).
    fallback : bool
        Always possible for priority 1 (R-PRIO-04): the catchment centre over capacity, where no
        single centre can do it a split pair.
    cost : Mapping[str, float]
        Minutes by part, not rounded, in the order of :data:`COST_PARTS`.
    cost_min : float
        Their sum, rounded once to 0.1 min.
    position : int
        Rank of the centre in the request's own ranking, from 0; breaks ties in a plan.
    """

    facility_id: str
    newborn_facility_id: str | None
    role: Role
    uses: tuple[Use, ...]
    over_capacity: bool
    fallback: bool
    transport: TransportPlan
    cost: Mapping[str, float]
    cost_min: float
    position: int
