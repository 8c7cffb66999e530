"""The answer to one request, field by field as the interface writes it (contract.md 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.triage.answer import Assessment
from routing.way import Role, TransportPlan

__all__ = [
    "STOPS",
    "Alternative",
    "Booked",
    "Excluded",
    "Minutes",
    "Newborn",
    "Place",
    "Ranked",
    "Reason",
    "Recommendation",
]

STOPS = ("nearest_life_saving", "stop_on_the_way")
"""Kinds of other ways that name a hospital which is no destination and may save her on the way."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Travel minutes with their band; ``high`` is rounded up."""

    low: int
    expected: int
    high: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place with the age of its figure; ``age_min`` None where nobody reported it."""

    seat: str
    kind: str
    free: int | None
    as_of: str | None
    age_min: int | None
    trust: str


@dataclass(frozen=True, slots=True)
class Newborn:
    """Where the newborn goes on to, and who is rung there (R-DEST-04)."""

    facility_id: str
    name_zh: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One destination.

    ``newborn`` is None where mother and newborn stay together; otherwise the places that are not
    the mother's are there.

    ``within`` is None without a time limit. ``lacks`` names what the need asks for and is not
    there, ``capability_trust`` how far each required capability that is there can be believed.
    """

    rank: int
    facility_id: str
    name_zh: str
    role: Role
    maternal_level: str | None
    neonatal_level: str | None
    phone: str | None
    minutes: Minutes
    km: float
    method: str
    transport: TransportPlan
    time_to_care_min: float
    cost_min: float
    cost: Mapping[str, float]
    within: str | None
    may_be_late: bool
    places: tuple[Place, ...]
    capability_trust: Mapping[str, str]
    lacks: tuple[str, ...]
    over_capacity: bool
    phone_first: bool
    why: tuple[str, ...]
    newborn: Newborn | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a facility is not ranked."""

    code: str
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A facility that is not ranked, with every reason."""

    facility_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """What is to be said first of the centre that is booked for her.

    ``rank`` is None where it is not ranked, ``later_min`` how much later than at the first
    definitive centre care begins there. ``because`` says what speaks against it, and names the
    first stop on the way to it.
    """

    facility_id: str
    right: bool
    rank: int | None
    later_min: float | None
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way; ``minutes`` None where no time is known."""

    kind: str
    facility_id: str | None
    from_facility_id: str | None
    meet_adcode: str | None
    minutes: int | None
    phone: str | None
    note_code: str | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Every facility is in ``ranking`` or in ``excluded``; ``alternatives`` is never empty.

    ``booked`` is None where the request names no booked centre.
    """

    assessment: Assessment
    booked: Booked | None
    ranking: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    alternatives: tuple[Alternative, ...]
    parallel_offers: int
    computed_ms: float
