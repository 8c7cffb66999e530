"""Shapes of the reference data."""

from typing import Literal

from pydantic import BaseModel, Field

__all__ = [
    "AliveOut",
    "CapabilitiesOut",
    "DataQualityOut",
    "DivisionsOut",
    "FacilitiesOut",
    "FacilityOut",
    "FactsOut",
    "PolicyOut",
    "RulesOut",
    "StatusOut",
    "StatuszOut",
    "TownshipsOut",
]


class FacilityPlaceOut(BaseModel):
    """Places of one kind at one facility."""

    kind: str
    in_service: int
    free: int | None
    as_of: str | None
    free_from: str | None
    assumed: bool
    source: str


class FacilityOut(BaseModel):
    """One facility; every level and capability says how far it can be trusted.

    Outside the province ``county`` is the id of the hub it stands at, ``prefecture`` is null.
    """

    facility_id: str
    name_zh: str
    name_en: str
    county: str
    prefecture: str | None
    out_of_province: bool
    lon: float | None
    lat: float | None
    coord_quality: str
    tier: str
    kind: str
    grade: str | None
    maternal_level: str | None
    neonatal_level: str | None
    ward_level: str | None
    level_trust: str
    is_rescue_centre: bool
    capabilities: dict[str, str]
    phone: str | None
    status: str
    designation: str
    source: str
    places: list[FacilityPlaceOut]


class FacilitiesOut(BaseModel):
    """One page of facilities; ``next`` is the cursor of the page after it."""

    items: list[FacilityOut]
    next: str | None


class CapabilityOut(BaseModel):
    """What a facility may be able to do; ``kind`` is for whom."""

    code: str
    kind: str
    label_zh: str
    label_en: str


class CapabilitiesOut(BaseModel):
    """All capabilities, in the order of the table."""

    items: list[CapabilityOut]


class DoubtOut(BaseModel):
    """One kind of doubt; ``found`` are codes of what ``about`` says, null where it is a count."""

    code: str
    state: Literal["ok", "warn", "problem"]
    count: int
    about: Literal["facility", "division", "rule"] | None
    found: list[str]


class DataQualityOut(BaseModel):
    """Every kind of doubt, also those of which nothing was found; the gravest first."""

    items: list[DoubtOut]


class DivisionOut(BaseModel):
    """A prefecture or a county."""

    adcode: str
    name_zh: str
    name_en: str
    level: str
    parent: str | None
    population: int | None
    births: float | None


class DivisionsOut(BaseModel):
    """Divisions in the order of their codes."""

    items: list[DivisionOut]


class TownshipOut(BaseModel):
    """A township or village of the table of places."""

    place_id: str
    name_zh: str


class TownshipsOut(BaseModel):
    """All that the table of places has of a county, by id; none where nobody has imported one."""

    items: list[TownshipOut]


class FactValueOut(BaseModel):
    """An allowed value with its labels."""

    code: str
    label_zh: str
    label_en: str


class FactOut(BaseModel):
    """One fact of the data dictionary."""

    name: str
    type: str
    unit: str
    minimum: float | None
    maximum: float | None
    values: list[FactValueOut]
    group: str
    label_zh: str
    label_en: str
    leading_for: list[str]
    computed: bool


class FactsOut(BaseModel):
    """The data dictionary."""

    items: list[FactOut]


class RuleOut(BaseModel):
    """One row of the rule tables."""

    id: str
    table: str
    name_zh: str
    name_en: str
    status: str
    scope: str
    source: str
    content_hash: str
    in_use: bool
    needs_signature: bool
    signed_by: str | None
    signed_at: str | None


class RulesOut(BaseModel):
    """The rule set in use."""

    rule_set: str
    unsigned_rules: int
    items: list[RuleOut]


class PolicySideOut(BaseModel):
    """Whether a division has a centre for mothers or for newborns."""

    status: str
    facility_ids: list[str]


class PolicyRowOut(BaseModel):
    """One prefecture or county."""

    adcode: str
    name_zh: str
    name_en: str
    level: str
    maternal: PolicySideOut
    newborn: PolicySideOut


class PolicyOut(BaseModel):
    """P-13c: every prefecture and county has both rescue centres, or has not."""

    items: list[PolicyRowOut]


class ReachGapOut(BaseModel):
    """The nearest centre of a level (M1 to M3, N1 to N3) and above, and the minutes by day."""

    level: int
    status: Literal["within", "beyond", "none"]
    facility_id: str | None
    minutes: int | None


class BedGapOut(BaseModel):
    """Rescue beds of the maternal centres in a county against what is needed.

    That is the larger of the norm of their levels (R-CENTRE-13) and what births need (R-CAP-01).
    """

    status: Literal["met", "below", "unknown"]
    found: int | None
    needed: int
    by_norm: int
    by_births: int
    per_1000_births: float | None
    assumed: bool


class CountyGapOut(BaseModel):
    """What a county lacks; ``births`` is a year's."""

    adcode: str
    births: int
    maternal: list[ReachGapOut]
    newborn: list[ReachGapOut]
    beds: BedGapOut


class CountyGapsOut(BaseModel):
    """Every county; within ``within_min`` a centre is near enough (R-TIME-02)."""

    within_min: int
    items: list[CountyGapOut]


class StatusOut(BaseModel):
    """What runs here; hospitals outside the province are counted apart."""

    version: str
    training: bool
    rule_set: str
    unsigned_rules: int
    facilities: int
    rescue_centres: int
    out_of_province: int
    counties: int
    imported: list[str]
    started_at: str
    now: str


class LookOut(BaseModel):
    """One thing that was looked at; ``value`` counts, or is in seconds where ``in_s``."""

    code: str
    level: Literal["ok", "attention", "alarm"]
    value: int | None
    in_s: bool


class ReasonOut(LookOut):
    """Why it is not all good, and what to do."""

    text: str


class StorageOut(BaseModel):
    """The database: which kind, at which step, and the step that this version needs."""

    kind: Literal["sqlite", "postgresql"] | None
    step: str | None
    head: str
    answers: bool
    write_s: float | None
    clock_off_s: float | None
    disk_free: float


class FiguresOut(BaseModel):
    """What the database tells, in seconds and counts; exercises are not counted."""

    open_by_status: dict[str, int]
    overdue: int
    oldest_overdue_s: int
    oldest_open_offer_s: int | None
    deadlines: dict[str, int]
    notices: dict[str, int]
    workers: int
    beat_s: int | None
    backup_s: int | None = Field(description="Since the last backup; null = none is known")
    verify_s: int | None = Field(description="Since everything was last checked")
    verify_found: bool
    verify_codes: dict[str, int] = Field(description="Findings of the worker's last check, by code")
    unsealed_s: int
    age_s: int


class StatuszOut(StatusOut):
    """What runs here, whether it is well, and why not. Nothing of a person."""

    overall: Literal["ok", "attention", "alarm"]
    reasons: list[ReasonOut]
    looks: list[LookOut]
    storage: StorageOut
    figures: FiguresOut | None


class AliveOut(BaseModel):
    """The process runs, or its data are loaded."""

    status: str
