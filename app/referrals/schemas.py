"""What goes in and out of referrals and offers over HTTP."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, WithJsonSchema

from app.answers import READ_AS
from app.calculators.schemas import BookedOut
from app.centres.schemas import SupplyOut, WorkItemOut
from app.referrals.line_schemas import Model, ReferralLineOut, WordOut, WorklistLineOut
from app.referrals.states import CancelReason, ChoiceReason, CloseReason, DeclineCode, StayReason
from app.roads.schemas import RoadSaidOut

__all__ = [
    "AcceptanceOut",
    "AskIn",
    "BreakGlassIn",
    "BrokenGlassOut",
    "BrokenGlassesOut",
    "CancelIn",
    "CaseReviewIn",
    "CaseReviewOut",
    "CloseIn",
    "ConfirmIn",
    "DeclineIn",
    "InsideIn",
    "MatchIn",
    "OfferOut",
    "OffersOut",
    "OutsideIn",
    "ReferralIn",
    "ReferralOut",
    "ReviewIn",
    "SpokenYesIn",
    "StayIn",
    "WorklistOut",
]

Short = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Why = Annotated[str, StringConstraints(min_length=4, max_length=500, strip_whitespace=True)]
County = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


Asked = Annotated[
    dict[str, object],
    WithJsonSchema({"type": "object", READ_AS: "RecommendationRequest"}),
    Field(description="As for POST /recommendations; read by the same reader, with every fault"),
]


class RaiseIn(Model):
    """A priority that the sender raises; it is never lowered (R-PRIO-02)."""

    priority: Literal[1, 2]
    because: Short


class TakeOverIn(Model):
    """An open referral of the same patient that was raised elsewhere by mistake."""

    number: Short
    because: Literal["entered_by_mistake", "patient_is_here"]


class ChosenIn(Model):
    """A centre that is asked before all others, and why not the first of the ranking."""

    facility_id: Short
    because: ChoiceReason


class FormIn(Model):
    """The printed form that this is entered from, and when it was filled in."""

    number: Short
    happened_at: AwareDatetime


class ReferralIn(Model):
    """A request for a destination. Only ``request`` has to be there."""

    request: Asked
    patient_id: uuid.UUID | None = Field(None, description="None enters somebody without identity")
    home_county: County | None = None
    said_by: Short | None = Field(None, description="Who spoke it, where you enter it for another")
    raised: RaiseIn | None = None
    takes_over: TakeOverIn | None = None
    chosen: ChosenIn | None = Field(None, description="Asked first, whatever its rank")
    form: FormIn | None = None
    drill: bool = False


class MatchIn(Model):
    """What is known now; a new ranking is made of it."""

    request: Asked
    diverting: bool = False


class CancelIn(Model):
    """Why a request is taken back."""

    reason: CancelReason


class CloseIn(Model):
    """How a referral ended."""

    reason: CloseReason


class StayIn(Model):
    """Why she stays and the expert team comes."""

    reason: StayReason


class ConfirmIn(Model):
    """Which word, entered by somebody else, is confirmed."""

    what: Literal["request", "acceptance", "arrival", "hand_over"]


class OutsideIn(Model):
    """A hospital outside the network that takes her."""

    institution: Short
    said_by: Short


class InsideIn(Model):
    """The hospital of the same medical community that takes her."""

    facility_id: Short


class AskIn(Model):
    """A centre that is asked by name."""

    facility_id: Short
    because: ChoiceReason | None = Field(
        None, description="Why it is asked out of its turn; it reads it with the question"
    )


class SpokenYesIn(Model):
    """A yes that was spoken by telephone."""

    facility_id: Short
    said_by: Short


class DeclineIn(Model):
    """A no; two of the reasons have to say which."""

    code: DeclineCode
    detail: Short | None = Field(
        None,
        description="no_capability: codes of capabilities with ; between. no_bed_diverting_to: the "
        "facility_id of the centre with a bed. Nothing for the other reasons",
    )


class BreakGlassIn(Model):
    """The number of a referral that is not yours, and why you have to see it."""

    number: Short
    reason: Why
    minutes: int = Field(60, ge=5, le=240)


class ReviewIn(Model):
    """What the review of a broken glass came to."""

    justified: bool


class BrokenGlassOut(Model):
    """Somebody looks at a referral that is not theirs; ``by_login`` is told to who reviews it."""

    id: uuid.UUID
    referral_id: uuid.UUID
    by_login: str | None = None
    reason: str | None
    from_at: datetime
    until: datetime
    reviewed_at: datetime | None
    justified: bool | None


class BrokenGlassesOut(Model):
    """Broken glasses, those that nobody has reviewed first."""

    items: list[BrokenGlassOut]
    next: str | None


class OfferOut(Model):
    """One centre is asked; until it says yes it sees no more of her than this."""

    id: uuid.UUID
    version: int
    referral_id: uuid.UUID
    number: str
    drill: bool
    priority: int
    facility_id: str
    nobody_signed_up: bool = Field(
        description="Nobody there has an account that works and could answer: ring it"
    )
    rank: int
    chosen_because: ChoiceReason | None = Field(
        description="Why it is asked out of its turn, where a person said so; told to that centre, "
        "to who sends and to who coordinates, and to no other centre"
    )
    why: list[str] = Field(description="Why she comes there, by the ranking; codes")
    within: str | None
    status: str
    asked_at: datetime
    answer_by: datetime | None
    overdue: bool
    yours: bool = Field(description="Your answer is wanted")
    origin: str | None
    origin_name: str | None = Field(
        description="What her institution is called where it is no facility of the registry"
    )
    minutes: Mapping[str, object] | None
    places: list[Mapping[str, object]]
    over_capacity: bool
    patient_kind: str
    language: str | None
    interpreter_needed: bool | None
    weeks: str | None = Field(
        description="How far on she is, or how far on a newborn was born, as it was stated; None "
        "where nobody said so"
    )
    delivered: bool | None = Field(description="Of a mother; None where nobody said so")
    assessment: Mapping[str, object]
    decline_code: str | None
    decline_detail: str | None


class OffersOut(Model):
    """Offers to a centre, those that wait for an answer first."""

    items: list[OfferOut]


class EventOut(Model):
    """One move, by whom."""

    to: str
    at: datetime
    device_at: datetime | None
    by_org: uuid.UUID
    by_role: str | None
    said_by: str | None
    reason: str | None


class CaseReviewIn(Model):
    """What was learned; about care and ways, nobody's fault."""

    learned: Annotated[
        str, StringConstraints(min_length=4, max_length=4_000, strip_whitespace=True)
    ]


class CaseReviewOut(Model):
    """The review of a death or a near-miss; what was learned is not repeated."""

    id: uuid.UUID
    referral_id: uuid.UUID
    number: str
    what: str
    opened_at: datetime
    due_at: datetime
    overdue: bool
    closed_at: datetime | None


class ReturnOut(Model):
    """She goes back to who sent her; what is to be done stands in the outcome of the referral."""

    id: uuid.UUID
    referral_id: uuid.UUID
    number: str
    from_org: uuid.UUID
    yours: bool = Field(description="She comes to you; otherwise you sent her back")
    drill: bool
    opened_at: datetime
    due_at: datetime
    overdue: bool
    taken_at: datetime | None


class WorklistOut(Model):
    """Open referrals in sight: first what is yours, then the rest, the next deadline first.

    Nothing leaves it by age.
    """

    now: datetime
    referrals: list[WorklistLineOut]
    offers: list[OfferOut]
    work_items: list[WorkItemOut] = Field(description="Bed counts that contradict each other")
    case_reviews: list[CaseReviewOut]
    returns: list[ReturnOut] = Field(description="Sent back and not seen yet")


class ReferralOut(ReferralLineOut):
    """A referral as its parties see it; a centre that is only asked sees an offer instead."""

    as_what: list[str]
    raised_because: str | None
    decided_at: datetime | None
    form_number: str | None
    happened_at: datetime | None
    patient_id: uuid.UUID
    language: str | None
    interpreter_needed: bool | None
    assessment: Mapping[str, object] | None
    booked: BookedOut | None = Field(
        description="Whether the centre where she is booked is still right, and if not why"
    )
    ranking: list[Mapping[str, object]] = Field(
        description="`declined` of a row is the no of that centre to her: its code, and when"
    )
    passed_over: int
    alternatives: list[Mapping[str, object]]
    blood: SupplyOut | None = Field(description="None where she needs no blood")
    silent_lines: Sequence[str] = Field(description="Where nobody had answered in the last hour")
    roads: Sequence[RoadSaidOut]
    ring: list[Mapping[str, object]]
    stops: list[Mapping[str, object]] = Field(
        description="How each hospital is reached that ``alternatives`` name as a stop on the way; "
        "it is rung, for its yes to a question would make it the destination"
    )
    community: list[str] | None = Field(
        description="Hospitals of one medical community with the sender, by `facility_id`: one of "
        "them takes her without being asked (R-GROUP-01). None where no destination is looked for, "
        "or to who sees no other centre"
    )
    offers: list[OfferOut]
    words: list[WordOut]
    events: list[EventOut]


class AcceptanceOut(ReferralLineOut):
    """What became of a yes. Where the place was gone, who is asked instead (status 409)."""

    accepted: bool
    places_held: int = Field(
        description="0 of an accepted one: no bed is kept, ring before she leaves"
    )
    lost: Mapping[str, object] | None
    asked_instead: list[str]
