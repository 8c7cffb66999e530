"""The answer to many requests, field by field as the interface writes it (contract.md 2.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.problem import Status
from routing.triage.need import Seat

__all__ = ["Added", "Against", "Assigned", "Baseline", "Blocking", "Plan", "Tier", "Waiting"]


@dataclass(frozen=True, slots=True)
class Tier:
    """What one priority reached, in minutes.

    ``objective`` is the sum of ``cost_min`` of those placed. ``bound``: with as many waiting, no
    plan of this tier costs less, given what the tiers above reached; None where nothing is proven.
    Both leave out the tie-break of 0.0001 min per rank, which the solver adds to every cost.
    """

    priority: int
    placed: int
    waiting: int
    objective: float
    bound: float | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where one request goes; ``facility_id`` None where she waits.

    ``places`` over capacity are the seats to ask for, they take no place that is counted;
    ``cost_min`` None for a frozen place that is no way any more.
    """

    request_id: str
    priority: int
    facility_id: str | None
    cost_min: float | None
    over_capacity: bool
    places: tuple[Seat, ...]
    vehicle_id: str | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blocking:
    """One thing that keeps a request waiting, and at which centres."""

    code: str
    kind: str | None
    facility_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """What would have to be added: ``n`` of a kind at a facility, ``also`` at the same time."""

    code: str
    facility_id: str | None
    kind: str | None
    n: int
    also: tuple["Added", ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request without a destination; ``smallest_relaxation`` lists equal ones, three at most."""

    request_id: str
    blocking: tuple[Blocking, ...]
    smallest_relaxation: tuple[Added, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What one priority reaches when everybody decides alone, in minutes."""

    priority: int
    placed: int
    waiting: int
    objective: float


@dataclass(frozen=True, slots=True)
class Against:
    """A simple rule applied to the same requests, places, vehicles and costs."""

    tiers: tuple[Baseline, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan for all requests.

    ``optimal`` is said only when every tier is proven over every way of every request. Each
    request stands once in ``assignments``, in the order asked; those that wait also in ``waiting``.
    """

    status: Status
    proven: bool
    tiers: tuple[Tier, ...]
    seed: int
    assignments: tuple[Assigned, ...]
    waiting: tuple[Waiting, ...]
    against: Mapping[str, Against]
    solve_ms: float
