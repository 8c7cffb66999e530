"""What case files answer over HTTP."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "AssessedOut",
    "CaseAssessmentOut",
    "CaseColourOut",
    "CaseCounsellingOut",
    "CaseDeliveryOut",
    "CaseDueOut",
    "CaseEntryOut",
    "CaseEventLineOut",
    "CaseFileLineOut",
    "CaseFileOut",
    "CaseFilesOut",
    "CaseGlassOut",
    "CaseGlassesOut",
    "CaseHandoverLineOut",
    "CasePlanOut",
    "CaseReferralOut",
    "CaseReportOut",
    "CaseScreeningOut",
    "CaseTurnOut",
    "CaseVisitOut",
    "DueFileOut",
    "DueFilesOut",
    "FileOfSeveralOut",
    "ReferralDraftOut",
    "SeveralFilesOut",
    "StatedFactOut",
]


class CaseFileLineOut(BaseModel):
    """A file as it stands in a list; nothing says who she is."""

    id: uuid.UUID
    version: int
    number: str
    status: str
    colour: str | None
    purple: bool
    screening: str | None
    case_managed: bool
    reasons: Sequence[str]
    has_clinician: bool
    no_clinician_since: datetime | None
    residence_county: str
    home_county: str
    township: str | None
    edd: date | None
    booked_facility_id: str | None
    next_step: str | None
    next_due_at: datetime | None
    overdue: bool


class CaseFilesOut(BaseModel):
    """A page of files; ``next`` is the cursor of the following one."""

    items: Sequence[CaseFileLineOut]
    next: str | None


class AssessedOut(CaseFileLineOut):
    """A file after an assessment; ``outcome`` is what became of the colour, ``refused`` why not.

    ``open`` are the rows that nobody has answered: with any the assessment is incomplete.
    """

    assessment_id: uuid.UUID
    found: str | None
    found_purple: bool
    outcome: str
    refused: Sequence[str]
    rules: Sequence[str]
    open: Sequence[str]
    ask_next: Sequence[str]


class CaseEventLineOut(BaseModel):
    """A step of the file."""

    status: str
    at: datetime
    reason: str | None


class CaseDueOut(BaseModel):
    """What is owed, by whom, by which rule and when; without a time nobody knows how far she is."""

    rule: str
    kind: str
    owed_by: uuid.UUID
    warn_at: datetime | None
    due_at: datetime | None
    warned: bool
    overdue: bool


class DueFileOut(CaseFileLineOut):
    """A file in a worklist with the lines that put it there.

    ``name`` and ``because``, what leads her colour, are told where names are asked for.
    """

    owed: Sequence[CaseDueOut]
    name: str | None = None
    because: Sequence[str] = ()


class DueFilesOut(BaseModel):
    """A page of a worklist; ``next`` is the cursor of the following one."""

    items: Sequence[DueFileOut]
    next: str | None
    counts: Mapping[str, int] | None = Field(
        None,
        description="How many of the files in your sight stand in each worklist; None where it was "
        "not asked: that is no 0",
    )


class CaseEntryOut(BaseModel):
    """What every entry says; ``counts`` is false of one that was corrected."""

    id: uuid.UUID
    happened_at: datetime
    entered_at: datetime
    by_org: uuid.UUID
    corrects: uuid.UUID | None
    counts: bool


class CaseScreeningOut(CaseEntryOut):
    """A screening with its items; ``contradicted`` of those found were answered no by hand."""

    result: str
    found: Sequence[str]
    left_open: Sequence[str]
    contradicted: Sequence[str]


class KnownFactOut(BaseModel):
    """A fact that an answer is read from, and when it was stated."""

    name: str
    value: bool | int | float | str
    at: datetime


class KnownItemOut(BaseModel):
    """An item of the screening form that the facts of the file answer; unknown ones have none."""

    rule: str
    answer: bool
    facts: Sequence[KnownFactOut]


class CaseAssessmentOut(CaseEntryOut):
    """An assessment as it was made (R-COLOUR-012)."""

    colour: str
    purple: bool
    is_full: bool
    rule_set: str
    assessor: str | None
    facts: Mapping[str, object]
    conditions: Sequence[str]
    undetermined: Sequence[str]
    ruled_out: Sequence[str]


class CaseColourOut(BaseModel):
    """A step of the standing colour; one that went down says by whose word and why."""

    colour: str
    purple: bool
    at: datetime
    assessment_id: uuid.UUID | None
    named: bool
    reason: str | None


class CasePlanOut(CaseEntryOut):
    """A plan."""

    kind: str
    made_with: uuid.UUID | None
    agreed_by: str | None
    may_continue: bool | None
    rank: str | None
    woman_informed: bool | None
    text: str | None


class CaseVisitOut(CaseEntryOut):
    """One word about a visit."""

    kind: str
    status: str
    plan_id: uuid.UUID | None
    planned_for: date | None
    findings: Mapping[str, object] | None
    contact: str | None
    unstable: bool | None
    changed: bool


class CaseReportOut(CaseEntryOut):
    """A report that was sent."""

    kind: str
    to_org: uuid.UUID
    content: str | None


class CaseCounsellingOut(CaseEntryOut):
    """What was offered, and her answer."""

    subject: str
    answer: str
    said: str | None


class CaseDeliveryOut(CaseEntryOut):
    """A birth."""

    mode: str
    live_born: int
    stillborn: int
    facility_id: str | None
    elsewhere: str | None
    trial_of_labour: bool | None
    ruptured: bool | None


class CaseTurnOut(BaseModel):
    """Who is or was responsible."""

    name: str | None
    org_id: uuid.UUID
    from_at: datetime
    to_at: datetime | None


class CaseHandoverLineOut(BaseModel):
    """An offer of the file to another county."""

    id: uuid.UUID
    from_county: str
    to_county: str
    offered_at: datetime
    answer: str | None
    answered_at: datetime | None
    note: str | None
    reason: str | None


class CaseReferralOut(BaseModel):
    """A referral of hers; with ``newborn_id`` that of one of her newborns."""

    referral_id: uuid.UUID
    newborn_id: uuid.UUID | None
    at: datetime


class CaseFileOut(CaseFileLineOut):
    """The whole of a file; who she is is asked for by her record, and written down."""

    patient_id: uuid.UUID
    as_what: Sequence[str]
    registered_at: datetime
    registered_org: uuid.UUID
    lmp: date | None
    weeks: str | None
    fetus_count: int | None
    come_by: date | None
    delivered_at: datetime | None
    discharged_at: datetime | None
    ended_because: str | None
    events: Sequence[CaseEventLineOut]
    due: Sequence[CaseDueOut]
    clinicians: Sequence[CaseTurnOut]
    colours: Sequence[CaseColourOut]
    screenings: Sequence[CaseScreeningOut]
    assessments: Sequence[CaseAssessmentOut]
    plans: Sequence[CasePlanOut]
    visits: Sequence[CaseVisitOut]
    reports: Sequence[CaseReportOut]
    counselling: Sequence[CaseCounsellingOut]
    deliveries: Sequence[CaseDeliveryOut]
    handovers: Sequence[CaseHandoverLineOut]
    verified_by: Sequence[str]
    referrals: Sequence[uuid.UUID]
    referred: Sequence[CaseReferralOut]
    newborns: Sequence[uuid.UUID]
    screening_known: Sequence[KnownItemOut]


class StatedFactOut(BaseModel):
    """A fact of a file and when it was stated."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    value: bool | int | float | str
    at: datetime
    is_old: bool = Field(description="Ask again before you rely on it")
    is_taken: bool = Field(
        description="False: so old that it is unknown again, and not in the request"
    )


class ReferralDraftOut(BaseModel):
    """What an emergency request of a filed woman begins with; the sender adds what is new."""

    version: int
    case_file_id: uuid.UUID
    number: str
    patient_id: uuid.UUID
    home_county: str
    request: Mapping[str, object]
    facts: list[StatedFactOut] = Field(description="What the file knows of her, each with its age")
    colour: str | None
    purple: bool
    weeks: str | None
    booked_facility_id: str | None
    responsible: CaseTurnOut | None
    emergency_plan: str | None


class FileOfSeveralOut(BaseModel):
    """One of several files under a telephone number: enough to tell them apart, and no name."""

    number: str
    status: str
    colour: str | None
    residence_county: str
    weeks: str | None
    patient_id: uuid.UUID | None = Field(description="None of a file that is not yours to see")


class SeveralFilesOut(BaseModel):
    """Several women are reached under a number; choose one by the number of her file."""

    count: int
    files: list[FileOfSeveralOut] = Field(
        description="Those that you see; behind a broken glass all of them"
    )


class CaseGlassOut(BaseModel):
    """Somebody looks, or looked, at a file that is not theirs."""

    id: uuid.UUID
    file_id: uuid.UUID
    file_number: str
    user_id: uuid.UUID
    by_login: str | None = None
    reason: str | None
    from_at: datetime
    until: datetime
    reviewed_at: datetime | None
    justified: bool | None


class CaseGlassesOut(BaseModel):
    """Looks through broken glass, those that nobody has reviewed first."""

    items: Sequence[CaseGlassOut]
    next: str | None
