"""What goes into and comes out of the calculators, for the documents of the interface.

Requests are read by ``routing.request``, which lists every fault; these models describe the
shape to other programmers, and tests hold them against real requests and answers.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.calculators.call_schemas import ASKS, RING, STOPS, AsksOut, CallOut, NewbornOut
from app.roads.schemas import RoadSaidOut

__all__ = [
    "AssessmentOut",
    "AssessmentRequest",
    "PlanOut",
    "PlanRequest",
    "ProblemOut",
    "RecommendationOut",
    "RecommendationRequest",
]

Patient = Literal["maternal", "newborn"]
FactValue = bool | int | float | str


class Model(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class SenderIn(Model):
    """The sending facility; what is given overrides the registry."""

    facility_id: str | None = None
    level: str | None = Field(None, examples=["M0"])
    grade: str | None = Field(None, examples=["G1"])
    neo: str | None = Field(None, examples=["N1"])
    capabilities: list[str] | None = None
    confirmed: bool | None = None


class AssessmentRequest(Model):
    """One patient; a fact that is missing is unknown, never normal."""

    patient: Patient | None = None
    facts: dict[str, FactValue] = Field(
        description="Names, units and ranges: GET /api/v1/facts",
        examples=[{"gestational_age_weeks": "34+3", "hdp": "preeclampsia_severe"}],
    )
    sender: SenderIn | None = None
    decided_at: AwareDatetime | None = None
    now: AwareDatetime | None = None


class OriginIn(Model):
    """Exactly one of facility, division, place or point."""

    facility_id: str | None = None
    adcode: str | None = Field(None, examples=["533324"])
    place_id: str | None = None
    lon: float | None = None
    lat: float | None = None
    crs: Literal["wgs84", "gcj02", "bd09"] | None = None


class TransportIn(Model):
    """What the sender has for the road."""

    sender_vehicle: bool | None = None
    sender_escort: list[str] | None = None


class RecommendationRequest(AssessmentRequest):
    """One patient at one place."""

    origin: OriginIn
    closed_roads: list[tuple[str, str]] | None = None
    slowed_roads: list[tuple[str, str, int]] | None = None
    exclude: list[str] | None = None
    transport: TransportIn | None = None
    booked_facility_id: str | None = Field(None, description="where her birth is booked")


class PlanItemIn(RecommendationRequest):
    """One request of a plan."""

    id: str
    priority: Literal[1, 2, 3] | None = None
    frozen_to: str | None = None


class ReserveIn(Model):
    """Places kept for priority 1."""

    facility_id: str
    kind: str
    n: int


class VehicleIn(Model):
    """A vehicle or a team."""

    id: str
    at_facility_id: str
    kind: Literal["ambulance", "ob_team", "neo_team"]
    free_from: AwareDatetime | None = None


class PlanRequest(Model):
    """Requests that wait at the same time."""

    requests: list[PlanItemIn]
    closed_roads: list[tuple[str, str]] | None = None
    slowed_roads: list[tuple[str, str, int]] | None = None
    reserve: list[ReserveIn] | None = None
    vehicles: list[VehicleIn] | None = None
    now: AwareDatetime | None = None


class ConditionOut(Model):
    """A true row of the colour table."""

    rule: str
    name_zh: str
    status: str


class PlannedDeliveryOut(Model):
    """Where this colour is delivered."""

    min_institution_grade: int
    preferred_institution_grade: int
    min_maternal_level: str


class PresumedOut(Model):
    """A row that counts until what is asked is answered."""

    row: str
    ask: list[str]
    stated: bool


class SeatOut(Model):
    """One place that one patient takes."""

    seat: str
    kind: str


class NeedOut(Model):
    """What the destination must have."""

    capabilities: list[str]
    preferred: list[str]
    min_maternal_level: str | None
    min_neonatal_level: str | None
    places: list[SeatOut]
    target_max_min: float | None
    hard_max_min: float | None
    escort: str | None
    never_bypass: bool


class MewcOut(Model):
    """Maternal Early Warning Criteria."""

    triggered: bool
    rules: list[str]
    missing: list[str]


class MeowsOut(Model):
    """Modified early obstetric warning system."""

    alarm: bool
    yellow: list[str]
    red: list[str]
    missing: list[str]


class ScoresOut(Model):
    """Early warning and transport scores."""

    mewc: MewcOut | None
    meows: MeowsOut | None
    trips: int | None


class DeadlineOut(Model):
    """Something that is due."""

    rule: str
    due_at: str
    overdue: bool


class AssessmentOut(BaseModel):
    """What this patient needs, and whether she may move."""

    colour: Literal["green", "yellow", "orange", "red"] | None
    purple: bool
    labels: list[str]
    incomplete: bool
    undetermined: list[str]
    ask_next: Annotated[list[str], Field(max_length=5)]
    conditions: list[ConditionOut]
    case_file: bool | None
    planned_delivery: PlannedDeliveryOut | None
    emergencies: list[str]
    presumed: list[PresumedOut]
    priority: Literal[1, 2, 3]
    need: NeedOut
    decision: str
    holds: list[str]
    first_actions: list[str]
    scores: ScoresOut
    deadlines: list[DeadlineOut]
    rule_set: str
    unsigned_rules: int
    cooling_window_missed: bool


class MinutesOut(Model):
    """A time with its band."""

    low: float
    expected: float
    high: float


class TransportOut(Model):
    """Who drives, and when."""

    by: Literal["sender", "ems120", "receiver_team", "meet"]
    ready_min: float
    out_min: float
    back_min: float
    escort_short: list[str]


class PlaceOut(SeatOut):
    """A place with the age of its figure."""

    free: int | None
    as_of: str | None
    age_min: float | None
    trust: Literal["fresh", "stale", "assumed"]


class RankedOut(BaseModel):
    """One destination."""

    rank: int
    facility_id: str
    name_zh: str
    role: Literal["definitive", "first_stop"]
    maternal_level: str | None
    neonatal_level: str | None
    phone: str | None
    minutes: MinutesOut
    km: float
    method: str
    transport: TransportOut
    time_to_care_min: float
    cost_min: float
    cost: dict[str, float]
    within: Literal["target", "hard", "late"] | None
    may_be_late: bool
    places: list[PlaceOut]
    capability_trust: dict[str, str]
    lacks: list[str]
    over_capacity: bool
    phone_first: bool
    why: list[str]
    newborn: NewbornOut | None


class ReasonOut(BaseModel):
    """Why a facility is not ranked."""

    code: str
    detail: list[str]


class BookedOut(BaseModel):
    """Whether the booked centre is still the right one, and if not why."""

    facility_id: str
    right: bool
    rank: int | None
    later_min: float | None
    because: list[ReasonOut]


class ExcludedOut(BaseModel):
    """A facility that is not ranked."""

    facility_id: str
    reasons: list[ReasonOut]


class AlternativeOut(BaseModel):
    """Another way; ``call_coordinator`` is always the last."""

    kind: str
    facility_id: str | None
    from_facility_id: str | None
    meet_adcode: str | None
    minutes: float | None
    phone: str | None
    note_code: str | None


class RecommendationOut(BaseModel):
    """Every facility is in ``ranking`` or in ``excluded``."""

    assessment: AssessmentOut
    booked: BookedOut | None
    ranking: list[RankedOut]
    excluded: list[ExcludedOut]
    alternatives: list[AlternativeOut]
    parallel_offers: int
    computed_ms: float
    roads: list[RoadSaidOut] = []
    ring: list[CallOut] | None = Field(None, description=RING)
    stops: list[CallOut] | None = Field(None, description=STOPS)
    asks: AsksOut | None = Field(None, description=ASKS)


class TierOut(BaseModel):
    """What one priority reached."""

    priority: int
    placed: int
    waiting: int
    objective: float
    bound: float | None


class AssignmentOut(BaseModel):
    """Where one request goes."""

    request_id: str
    priority: int
    facility_id: str | None
    cost_min: float | None
    over_capacity: bool
    places: list[SeatOut]
    vehicle_id: str | None
    why: list[str]


class WaitingOut(BaseModel):
    """A request without place: what blocks, and the least that would help."""

    request_id: str
    blocking: list[dict[str, object]]
    smallest_relaxation: list[dict[str, object]]


class PlanOut(BaseModel):
    """One plan for all requests."""

    status: Literal["optimal", "feasible", "fallback_greedy"]
    proven: bool
    tiers: list[TierOut]
    seed: int
    assignments: list[AssignmentOut]
    waiting: list[WaitingOut]
    against: dict[str, object]
    solve_ms: float
    roads: list[RoadSaidOut] = []


class FaultOut(Model):
    """One thing to correct."""

    field: str
    value: str
    code: str
    expected: str
    message: str


class ProblemOut(BaseModel):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[FaultOut] | None = None
