"""What goes in and out of case files over HTTP.

The answers of commands are kept for repetitions, so none of them holds words that were given.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.case_files.acts.entering import Entered
from app.case_files.acts.planning import Judgement
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
from routing.care.rows_deciding import Rank

__all__ = [
    "CaseAssessmentIn",
    "CaseClinicianIn",
    "CaseCounsellingIn",
    "CaseDeliveryIn",
    "CaseDischargeIn",
    "CaseDowngradeIn",
    "CaseFileIn",
    "CaseGlassIn",
    "CaseGlassReviewIn",
    "CaseHandoverAnswerIn",
    "CaseHandoverIn",
    "CaseHomeIn",
    "CaseLookupIn",
    "CaseNewbornAtIn",
    "CasePlanIn",
    "CaseReferToIn",
    "CaseReportIn",
    "CaseScreeningIn",
    "CaseVisitIn",
    "EndFileIn",
    "EntryIn",
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
    township: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
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
    """A plan; of orange and red it is made with the higher centre (R-CASE-03).

    A judgement whether the pregnancy may continue says where (``made_with``) and by whom
    (``agreed_by``) it was made; that it may not is said by a physician of deputy chief rank or
    above, with the woman informed (R-MGMT-RED).
    """

    kind: PlanKind
    text: Said
    made_with: Code | None = None
    agreed_by: MaySay = None
    may_continue: bool | None = None
    rank: Rank | None = None
    woman_informed: bool | None = None

    def judgement(self) -> Judgement | None:
        """Return what was judged; None of a plan."""
        if self.may_continue is None:
            return None
        return Judgement(
            may_continue=self.may_continue,
            rank=self.rank,
            woman_informed=self.woman_informed is True,
        )


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
    trial: Facts = Field(default_factory=dict)


class CaseReportIn(EntryIn):
    """A report to the institution in charge."""

    kind: ReportKind
    content: Said


class CaseCounsellingIn(EntryIn):
    """What was offered to a woman of 35 or more, and her answer."""

    subject: Subject
    answer: Answer
    said: Said


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
    ruptured: bool | None = None


class CaseDischargeIn(Model):
    """When she went home; None is now."""

    happened_at: AwareDatetime | None = None


class CaseHomeIn(Model):
    """By which day she comes again; None where nobody has said."""

    come_by: date | None = None


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


class CaseGlassReviewIn(Model):
    """What the review of a look came to."""

    justified: bool
