"""What goes in and out of case files over HTTP.

The answers of commands are kept for repetitions, so none of them holds words that were given.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.case_files.entering import Entered
from app.case_files.states import (
    Answer,
    Contact,
    DeliveryMode,
    EndReason,
    HandoverAnswer,
    PlanKind,
    ReportKind,
    Subject,
    VisitKind,
    VisitStatus,
)
from app.patients.states import IdentityKind

__all__ = [
    "AssessedOut",
    "CaseAssessmentIn",
    "CaseClinicianIn",
    "CaseCounsellingIn",
    "CaseDeliveryIn",
    "CaseDeliveryPlaceIn",
    "CaseDischargeIn",
    "CaseDowngradeIn",
    "CaseFileIn",
    "CaseFileLineOut",
    "CaseFileOut",
    "CaseFilesOut",
    "CaseHandoverAnswerIn",
    "CaseHandoverIn",
    "CaseLookupIn",
    "CasePlanIn",
    "CaseReferToIn",
    "CaseReportIn",
    "CaseScreeningIn",
    "CaseVisitIn",
    "EndFileIn",
    "ReferralDraftOut",
]

Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Said = Annotated[Words, Field(repr=False)]
MaySay = Annotated[Words | None, Field(repr=False)]
Facts = Annotated[Mapping[str, bool | int | float | str], Field(repr=False)]
LONGEST_LOOK_MIN = 240


class Model(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class EntryIn(Model):
    """When it happened, where that is not now, and the entry that it corrects."""

    happened_at: AwareDatetime | None = None
    corrects: uuid.UUID | None = None

    def entered(self) -> Entered:
        """Return it as the services take it."""
        return Entered(self.happened_at, self.corrects)


class CaseFileIn(Model):
    """A woman at her first visit; of the two days one is enough."""

    patient_id: uuid.UUID
    residence_county: Code
    home_county: Code | None = None
    lmp: date | None = None
    edd: date | None = None
    fetus_count: Annotated[int, Field(ge=1, le=9)] | None = None
    facts: Facts = Field(default_factory=dict)


class CaseScreeningIn(EntryIn):
    """The screening form: facts, and by hand the items that no fact can express."""

    facts: Facts = Field(default_factory=dict)
    answers: Mapping[str, bool] = Field(default_factory=dict)


class CaseReferToIn(Model):
    """Where she is assessed."""

    facility_id: Code


class CaseAssessmentIn(EntryIn):
    """An assessment; with ``because`` the assessor lets a lower colour stand, or green at first.

    ``ruled_out`` are rows of the colour table that the assessor answers with no by hand, where no
    fact can: the area of a valve that is not narrow.
    """

    facts: Facts
    ruled_out: Annotated[list[Code], Field(max_length=200)] = Field(default_factory=list)
    because: MaySay = None


class CaseDowngradeIn(Model):
    """Why the colour comes down to what was found last; the clinician is who says so."""

    because: Said


class CaseClinicianIn(Model):
    """Who is responsible from now on: a colleague by login name, else the caller.

    ``nobody`` says that who was responsible is so no more.
    """

    login: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    nobody: bool = False


class CasePlanIn(EntryIn):
    """A plan; of orange and red it is made with the higher centre (R-CASE-03)."""

    kind: PlanKind
    text: Said
    made_with: Code | None = None
    agreed_by: MaySay = None


class CaseVisitIn(EntryIn):
    """One word about a visit."""

    kind: VisitKind
    status: VisitStatus
    plan_id: uuid.UUID | None = None
    planned_for: date | None = None
    findings: Annotated[Mapping[str, object] | None, Field(repr=False)] = None
    contact: Contact | None = None
    unstable: bool | None = None
    changed: bool = False


class CaseReportIn(EntryIn):
    """A report to the institution in charge."""

    kind: ReportKind
    content: Said


class CaseCounsellingIn(EntryIn):
    """What was offered to a woman of 35 or more, and her answer."""

    subject: Subject
    answer: Answer
    said: Said


class CaseDeliveryPlaceIn(Model):
    """Where she gives birth, and by which day she comes to live near it."""

    facility_id: Code
    come_by: date | None = None


class CaseNewbornAtIn(Model):
    """One newborn; None where nobody looked at a clock."""

    born_at: AwareDatetime | None = None


class CaseDeliveryIn(EntryIn):
    """A birth: newborns that are entered now, and those that are patients already."""

    mode: DeliveryMode
    newborns: Annotated[list[CaseNewbornAtIn], Field(max_length=9)] = Field(default_factory=list)
    newborn_ids: Annotated[list[uuid.UUID], Field(max_length=9)] = Field(default_factory=list)
    stillborn: Annotated[int, Field(ge=0, le=9)] = 0
    facility_id: Code | None = None
    elsewhere: MaySay = None
    trial_of_labour: bool | None = None


class CaseDischargeIn(Model):
    """When she went home; None is now."""

    happened_at: AwareDatetime | None = None


class CaseHandoverIn(Model):
    """The county where she lives now, and a word to it."""

    to_county: Code
    note: MaySay = None


class CaseHandoverAnswerIn(Model):
    """What the county says; a no has a reason."""

    answer: HandoverAnswer
    reason: MaySay = None


class EndFileIn(Model):
    """How a file ends before its time, and why."""

    how: EndReason
    because: Said


class CaseGlassIn(Model):
    """Why the glass is broken, and for how many minutes."""

    reason: Said
    minutes: Annotated[int, Field(ge=1, le=LONGEST_LOOK_MIN)] = 60


class CaseLookupIn(Model):
    """By what a file is looked for, in the body: an address is written into logs."""

    number: Annotated[Code | None, Field(repr=False)] = None
    identity_kind: IdentityKind | None = None
    id_number: Annotated[Words | None, Field(repr=False)] = None
    phone: Annotated[Words | None, Field(repr=False)] = None
    break_glass: CaseGlassIn | None = None


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
    """What is owed, by which rule and when; without a time nobody knows how far she is."""

    rule: str
    kind: str
    warn_at: datetime | None
    due_at: datetime | None
    overdue: bool


class CaseEntryOut(BaseModel):
    """What every entry says; ``counts`` is false of one that was corrected."""

    id: uuid.UUID
    happened_at: datetime
    entered_at: datetime
    by_org: uuid.UUID
    corrects: uuid.UUID | None
    counts: bool


class CaseScreeningOut(CaseEntryOut):
    """A screening with its items."""

    result: str
    found: Sequence[str]
    left_open: Sequence[str]


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
    newborns: Sequence[uuid.UUID]


class ReferralDraftOut(BaseModel):
    """What an emergency request of a filed woman begins with; the sender adds what is new."""

    version: int
    case_file_id: uuid.UUID
    number: str
    patient_id: uuid.UUID
    home_county: str
    request: Mapping[str, object]
    colour: str | None
    purple: bool
    weeks: str | None
    booked_facility_id: str | None
    responsible: CaseTurnOut | None
    emergency_plan: str | None


class CaseGlassReviewIn(Model):
    """What the review of a look came to."""

    justified: bool


class CaseGlassOut(BaseModel):
    """Somebody looks, or looked, at a file that is not theirs."""

    id: uuid.UUID
    file_id: uuid.UUID
    user_id: uuid.UUID
    reason: str | None
    from_at: datetime
    until: datetime
    reviewed_at: datetime | None
    justified: bool | None


class CaseGlassesOut(BaseModel):
    """Looks through broken glass, those that nobody has reviewed first."""

    items: Sequence[CaseGlassOut]
    next: str | None
