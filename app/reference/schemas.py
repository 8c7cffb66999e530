"""Shapes of the reference data."""

from pydantic import BaseModel

__all__ = [
    "AliveOut",
    "DivisionsOut",
    "FacilitiesOut",
    "FacilityOut",
    "FactsOut",
    "PolicyOut",
    "RulesOut",
    "StatusOut",
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


class AliveOut(BaseModel):
    """The process runs, or its data are loaded."""

    status: str
