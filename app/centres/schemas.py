"""What goes in and out of centres over HTTP."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.centres.states import CentreKind, PlaceState

__all__ = [
    "BloodIn",
    "BloodOut",
    "BloodsOut",
    "CapacityReportIn",
    "CapacityReportOut",
    "CapacityReportsOut",
    "CatchmentOut",
    "CatchmentsOut",
    "DesignationIn",
    "DesignationOut",
    "DesignationsOut",
    "DiversionIn",
    "DiversionOut",
    "DiversionsOut",
    "DutyIn",
    "DutyOut",
    "DutyTurnsOut",
    "NoteIn",
    "NoteOut",
    "NotesOut",
    "PlacesOut",
    "SettleIn",
    "SupplyOut",
    "WorkItemOut",
]

Short = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, le=2_000)]
Minutes = Annotated[int, Field(ge=0, le=2_880)]


class Sent(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """Read from a row."""

    model_config = ConfigDict(from_attributes=True)


class LineIn(Sent):
    """Places of one kind: staffed, and free for the next patient."""

    kind: Code
    in_service: Count
    free: Count
    as_of: AwareDatetime | None = None


class CapacityReportIn(Sent):
    """Figures of several kinds, or "no change": what the system shows is so."""

    facility_id: Code
    lines: Annotated[Sequence[LineIn], Field(max_length=20)] = ()
    no_change: bool = False
    source: Annotated[str, StringConstraints(max_length=200)] = ""


class CountedOut(Shown):
    """What holds after a report; ``contradictions`` wait to be settled by a person."""

    in_service: int
    held: int
    blocked: int
    free: int
    applied: bool
    contradictions: Sequence[str]


class CapacityReportOut(BaseModel):
    """What holds now, by kind of place."""

    facility_id: str
    kinds: dict[str, CountedOut]


class ReportedOut(Shown):
    """What a hospital said of one kind of place, for which moment, and when it came."""

    id: uuid.UUID
    kind: str
    in_service: int
    free: int
    as_of: datetime
    received_at: datetime
    by_org: uuid.UUID


class CapacityReportsOut(BaseModel):
    """The last 30 days; the last that came first."""

    facility_id: str
    items: Sequence[ReportedOut]
    next: str | None


class PlaceOut(Shown):
    """One place; ``referral_id`` is for whom it is kept."""

    label: str
    state: PlaceState
    referral_id: uuid.UUID | None


class PlacesOfKindOut(Shown):
    """Places of one kind as they are now.

    ``assumed`` where the hospital never reported any. ``places`` one by one is for the hospital
    itself, null for others.
    """

    kind: str
    in_service: int
    held: int
    blocked: int
    free: int
    assumed: bool
    as_of: datetime | None
    received_at: datetime | None
    contradictions: Sequence[str]
    places: Sequence[PlaceOut] | None


class PlacesOut(BaseModel):
    """All kinds of place that a hospital has."""

    facility_id: str
    kinds: Sequence[PlacesOfKindOut]


class DiversionIn(Sent):
    """A centre asks to be passed over; no kinds is all of it."""

    reason: Code
    until: AwareDatetime
    kinds: Annotated[Sequence[Code], Field(max_length=20)] = ()
    from_at: AwareDatetime | None = None


class DiversionOut(Shown):
    """Planned patients are passed over, emergencies never."""

    id: uuid.UUID
    facility_id: str
    kind: str
    reason: str
    from_at: datetime
    until_at: datetime
    ended_at: datetime | None
    declared_at: datetime
    by_name: str


class DiversionsOut(BaseModel):
    """Newest first."""

    items: Sequence[DiversionOut]


class NoteIn(Sent):
    """A capability is there or is not, until a time, and who said so."""

    capability: Code
    available: bool
    until: AwareDatetime
    said_by: Short
    from_at: AwareDatetime | None = None


class NoteOut(Shown):
    """The last word on a capability for these hours."""

    id: uuid.UUID
    facility_id: str
    capability: str
    available: bool
    from_at: datetime
    until_at: datetime
    said_by: str
    declared_at: datetime
    by_name: str


class NotesOut(BaseModel):
    """Those in force."""

    items: Sequence[NoteOut]


class DutyIn(Sent):
    """Who answers for a facility, or for a division by its code."""

    facility_id_or_adcode: Code
    role: Code
    person_name: Short
    phone: Annotated[str, StringConstraints(min_length=3, max_length=40, strip_whitespace=True)]
    from_at: AwareDatetime
    until: AwareDatetime


class DutyOut(Shown):
    """A turn of the roster."""

    id: uuid.UUID
    facility_id_or_adcode: str
    role: str
    person_name: str
    phone: str
    from_at: datetime
    until_at: datetime


class DutyTurnsOut(BaseModel):
    """Who is on duty now, by role, who came last first."""

    items: Sequence[DutyOut]


class DesignationIn(Sent):
    """A decision of the commission; no level ends the designation."""

    kind: CentreKind
    level: Code | None
    valid_from: date
    valid_to: date | None = None
    document: Short


class DesignationOut(Shown):
    """One line of the history."""

    id: uuid.UUID
    facility_id: str
    kind: str
    level: str | None
    valid_from: str
    valid_to: str | None
    document: str
    recorded_at: datetime
    by_name: str


class DesignationsOut(BaseModel):
    """Oldest first."""

    items: Sequence[DesignationOut]


class CatchmentOut(BaseModel):
    """Which centre a county's patients belong to; assumed where nobody assigned one."""

    kind: str
    rank: int
    facility_id: str
    valid_from: date | None
    valid_to: date | None
    source: str
    assumed: bool


class CatchmentsOut(BaseModel):
    """Of one county, today, mothers before newborns, by rank."""

    county: str
    items: Sequence[CatchmentOut]


class UnitsIn(Sent):
    """Units of one component and group."""

    component: Code
    blood_group: Code
    units: Annotated[int, Field(ge=0, le=10_000)]
    as_of: AwareDatetime


class BloodIn(Sent):
    """What a county's store says it has, and how it gets to a hospital."""

    county: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    lines: Annotated[Sequence[UnitsIn], Field(min_length=1, max_length=50)]
    source: Short
    courier_phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    courier_min: Minutes | None = None


class BloodOut(Shown):
    """The last word on one component and group."""

    county: str
    component: str
    blood_group: str
    units: int
    as_of: datetime
    courier_phone: str | None
    courier_min: int | None
    source: str


class BloodsOut(BaseModel):
    """Of one county's store."""

    items: Sequence[BloodOut]


class StockLineOut(BaseModel):
    """Units of one component and group as a store said last, and how far that can be believed."""

    component: str
    blood_group: str
    units: int
    as_of: datetime
    age_min: int
    trust: str
    source: str


class CourierOut(BaseModel):
    """Who brings it; None where the store did not say."""

    phone: str | None
    minutes: int | None
    as_of: datetime


class StoreOut(BaseModel):
    """One county's store; ``said`` is `units`, `units_old`, `empty` or `nothing`."""

    county: str
    use: str = Field(description="`origin`, `first_stop` or `nearest_life_saving`")
    facility_id: str | None
    said: str
    lines: Sequence[StockLineOut]
    courier: CourierOut | None


class SupplyOut(BaseModel):
    """Which blood stores to ring (R-BLOOD-01)."""

    because: Sequence[str]
    stores: Sequence[StoreOut]
    nothing_known: bool


class WorkItemOut(Shown):
    """A hospital and the ledger contradict each other; until it is settled the ledger counts."""

    id: uuid.UUID
    code: str
    facility_id: str
    kind: str
    opened_at: datetime
    owner_org: uuid.UUID
    deadline_at: datetime
    closed_at: datetime | None
    closed_because: str | None
    yours: bool = Field(False, description="Your organisation owns it now; else it went up")

    @classmethod
    def of(cls, item: object, org_id: uuid.UUID) -> "WorkItemOut":
        """Return one as an organisation sees it."""
        found = cls.model_validate(item)
        return found.model_copy(update={"yours": found.owner_org == org_id})


class SettleIn(Sent):
    """How it was settled; new figures go into a report of their own."""

    because: Literal[
        "counted_again", "report_was_wrong", "patient_not_in_ledger", "place_out_of_use"
    ]
