"""What goes in and out of journeys and papers over HTTP."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.patients.states import BornAgain
from app.referrals.line_schemas import NOT_CONFIRMED
from app.referrals.schemas import ReferralOut
from app.transfers.states import DivertReason, Drives, Identifier, NearMiss
from app.vehicles.schemas import CoverOut

__all__ = [
    "ArriveIn",
    "BirthIn",
    "BirthOut",
    "ConsentIn",
    "ConsentOut",
    "DepartIn",
    "DispatchIn",
    "DivertIn",
    "DossierOut",
    "HandOverIn",
    "HandoverIn",
    "HandoverOut",
    "HandoverSavedOut",
    "IdentityOut",
    "ObservationIn",
    "ObservationOut",
    "OutcomeIn",
    "OutcomeOut",
    "OutcomeSavedOut",
    "TransferLineOut",
    "TransferOut",
    "TransfersOut",
    "TripsOut",
]

Short = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=4_000, strip_whitespace=True)]
Minutes = Annotated[int, Field(ge=0, le=2_880)]
WHO_THERE = "Who at the receiving centre said so, where you are not of that centre"
Value = bool | int | float | str | None
Fields = Annotated[tuple[Short, ...], Field(max_length=60)]


class Model(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class DestinationIn(Model):
    """A facility of the registry, or an institution outside the network."""

    facility_id: Short | None = None
    outside: Short | None = None
    minutes: Minutes | None = Field(None, description="Where no ranking has the destination")


class DispatchIn(DestinationIn):
    """Who drives, with what and whom; no destination is the one that accepted or was asked."""

    referral_id: uuid.UUID
    drives: Drives
    vehicle: Short | None = None
    escort: Short | None = None
    vehicle_ids: Annotated[tuple[uuid.UUID, ...], Field(max_length=5)] = ()


class DepartIn(Model):
    """She leaves."""

    minutes: Minutes | None = Field(None, description="To the destination, where known better")


class ArriveIn(Model):
    """She is there; a body is needed where another says so for the centre."""

    said_by: Short | None = Field(None, description=WHO_THERE)


class DivertIn(DestinationIn):
    """Another destination on the way, and why."""

    reason: DivertReason


class HandOverIn(Model):
    """Two names, and which two identifiers were read aloud and matched."""

    giver: Short
    receiver: Short
    identifiers: Annotated[tuple[Identifier, ...], Field(max_length=8)] = Field(
        description="What was read aloud and matched, at least two"
    )
    said_by: Short | None = Field(None, description=WHO_THERE)


class ObservationIn(Model):
    """Vital signs on the way: facts of the data dictionary."""

    facts: dict[str, Value]
    happened_at: AwareDatetime


class BirthIn(Model):
    """A birth on the way."""

    births: Annotated[int, Field(ge=1, le=5)]
    happened_at: AwareDatetime
    although_delivered: BornAgain | None = Field(
        None, description="Why, where she has delivered already by what was stated or entered"
    )


class HandoverIn(Model):
    """The hand-over set (SBAR); what is known already need not be sent again.

    ``consent`` among the fields states nothing: who agreed is recorded by itself.
    """

    situation: dict[str, Value] = Field(default_factory=dict)
    background: dict[str, Value] = Field(default_factory=dict)
    assessment: dict[str, Value] = Field(default_factory=dict)
    request: dict[str, Value] = Field(default_factory=dict)
    unknown: Fields = Field((), description="`part.field`: asked for, and nobody knows")
    not_applicable: Fields = Field((), description="`part.field`: does not apply to her")


class ConsentIn(Model):
    """Who agreed, or who took it upon himself because nobody could."""

    given_by: Literal["patient", "family", "person_in_charge"]
    agreed: bool
    given_at: AwareDatetime
    in_charge: Short | None = None
    language: Short | None = None
    interpreter: Short | None = None


class OutcomeIn(Model):
    """What came of her."""

    result: Literal["discharged", "referred_back", "referred_on", "died", "still_admitted"]
    diagnosis: Long
    treatment: Long
    happened_at: AwareDatetime
    follow_up: Long | None = None
    see_by: AwareDatetime | None = Field(
        None, description="Of one who is referred back: by when who sent her sees her"
    )
    near_miss: Annotated[Sequence[NearMiss], Field(max_length=7)] | None = Field(
        None,
        description="Organs that failed or were about to (WHO near-miss); empty: she was none",
    )


class ObservationOut(Model):
    """What was observed on the way."""

    drill: bool
    id: uuid.UUID
    code: str
    facts: Mapping[str, object]
    trips: int | None = Field(description="Score of a newborn; None while an item is missing")
    happened_at: datetime
    entered_at: datetime


class BirthOut(Model):
    """A birth on the way, and the children as patients of their own."""

    drill: bool
    observation: ObservationOut
    newborns: list[uuid.UUID]


class TransferLineOut(Model):
    """A journey as it stands in a list; nothing of how she is."""

    drill: bool
    id: uuid.UUID
    version: int
    referral_id: uuid.UUID
    status: str
    drives: str
    destination: str | None
    expected_from: datetime | None
    expected_until: datetime | None


class TransfersOut(Model):
    """Journeys, page by page."""

    items: list[TransferLineOut]
    next: str | None


class TripsOut(Model):
    """The score of a newborn at the call, when it left and when it came (R-TRIPS)."""

    call: int | None
    departure: int | None
    arrival: int | None
    rise: int | None = Field(description="From call to arrival")
    quality_flag: bool | None = Field(
        description="Rose by 10 or more; for review of the journey, no verdict. None: not known"
    )


class TransferOut(TransferLineOut):
    """A journey."""

    vehicle: str | None
    escort: str | None
    vehicle_ids: list[uuid.UUID] = Field(description="Taken by her until she is there")
    note_codes: list[str] = Field(
        description="What to do besides: `ring_120`, nobody at 120 sees the call"
    )
    cover: list[CoverOut] = Field(description="What your organisation has left meanwhile")
    giver: str | None
    receiver: str | None
    identifiers: list[str] = Field(description="What was read aloud and matched")
    not_confirmed: list[str] = NOT_CONFIRMED
    responsible: Literal["sender", "destination"] = Field(
        description="The sending hospital until the receiver acknowledges (R-DUTY-01)"
    )
    times: Mapping[str, datetime]
    observations: list[ObservationOut]
    trips: TripsOut | None = Field(description="None for a mother, or where nothing was scored")
    warnings: list[str] = Field(
        description="Rows of the early warning score that stand in two readings (R-MEWC-10)"
    )


class HandoverSavedOut(Model):
    """A version of the hand-over set was kept, and what it lacks.

    What is in it is not repeated: whoever wrote it knows it.
    """

    drill: bool
    number: int
    missing: list[str]
    entered_at: datetime


class HandoverOut(HandoverSavedOut):
    """The last version of the hand-over set; ``missing`` is what is still stated nowhere."""

    content: Mapping[str, Mapping[str, object]]
    unknown: list[str]
    not_applicable: list[str]


class ConsentOut(Model):
    """Who agreed."""

    drill: bool
    given_by: str
    agreed: bool
    in_charge: str | None
    language: str | None
    interpreter: str | None
    given_at: datetime


class OutcomeSavedOut(Model):
    """An outcome was kept; what it says is not repeated."""

    drill: bool
    result: str
    happened_at: datetime


class OutcomeOut(OutcomeSavedOut):
    """What came of her."""

    diagnosis: str
    treatment: str
    follow_up: str | None
    near_miss: Sequence[str] | None = Field(description="None where nobody said")


class IdentityOut(Model):
    """Who she is; None where nobody knows."""

    kind: str
    identity_kind: str
    name: str | None
    id_number: str | None
    birth_date: str | None
    phone: str | None
    contact_name: str | None
    contact_phone: str | None
    language: str | None
    interpreter_needed: bool | None
    unknown: str | None


class DossierOut(ReferralOut):
    """A referral with who she is, her journeys and her papers, for those who may see it all."""

    progress: str
    asked: Mapping[str, object] | None = Field(
        description="The request of the last ranking: changed, it is sent again to `/match`. "
        "None where nothing was ranked, or where not all of her is seen"
    )
    asked_at: datetime | None = Field(description="When that was asked")
    identity: IdentityOut | None
    transfers: list[TransferOut]
    handover: HandoverOut | None
    handover_known: Mapping[str, Mapping[str, object]] = Field(
        description="Fields of the hand-over set that the referral knows: show them, do not ask"
    )
    handover_missing: list[str]
    consents: list[ConsentOut]
    outcomes: list[OutcomeOut]
