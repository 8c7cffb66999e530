"""What goes in and out of patients over HTTP.

The answers of commands are kept for repetitions, so none of them holds anything that was given.
"""

import uuid
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.patients.identity import Given
from app.patients.states import (
    AidGroup,
    BornAgain,
    IdentityKind,
    Likeness,
    MergeReason,
    PatientKind,
    UnmergeReason,
)

__all__ = [
    "CandidateOut",
    "CompletedOut",
    "DuplicatesOut",
    "EnteredOut",
    "FoundOut",
    "IdentityIn",
    "IdentityOut",
    "MergeIn",
    "MergedOut",
    "MotherIn",
    "NewbornIn",
    "NewbornsIn",
    "NewbornsOut",
    "PatientIn",
    "PatientOut",
    "SearchIn",
    "UndoMergeIn",
]

Text = Annotated[str, StringConstraints(max_length=300)]
Secret = Annotated[Text | None, Field(repr=False)]


class Model(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class IdentityIn(Model):
    """What somebody says of a patient; what is not said stays as it is."""

    identity_kind: IdentityKind | None = None
    id_number: Secret = None
    name: Secret = None
    birth_date: Annotated[date | None, Field(repr=False)] = None
    phone: Secret = None
    address: Secret = None
    contact_name: Secret = None
    contact_phone: Secret = None
    language: Text | None = None
    interpreter_needed: bool | None = None
    aid_group: AidGroup | None = None
    residence_county: Text | None = None
    home_county: Text | None = None

    def given(self) -> Given:
        """Return it as the services take it."""
        return Given(**{name: getattr(self, name) for name in IdentityIn.model_fields})


class PatientIn(IdentityIn):
    """Somebody who is entered; only ``kind`` has to be there."""

    kind: PatientKind
    born_at: AwareDatetime | None = Field(None, description="Of a newborn whose mother is unknown")
    born_in_transit: bool = False


class EnteredOut(Model):
    """Whose record it is; ``not_taken`` names what differs from a record that was found."""

    patient_id: uuid.UUID
    found: bool
    not_taken: list[str]
    has_open_referral: bool = Field(
        description="She is asked for already: ask with takes_over where she is yours to send"
    )


class CandidateOut(Model):
    """A record that may be the same patient, and why."""

    patient_id: uuid.UUID
    likeness: list[Likeness]


class CompletedOut(Model):
    """What became of a record; ``same_number`` is one that a named person has to compare it with.

    ``elsewhere`` tells that the number belongs to a record that the caller does not see.
    """

    patient_id: uuid.UUID
    version: int
    same_number: CandidateOut | None
    elsewhere: bool


class PatientOut(Model):
    """The least of a patient; nothing says who she is."""

    patient_id: uuid.UUID
    version: int
    kind: PatientKind
    unknown: str | None
    identity_known: bool
    language: str | None
    interpreter_needed: bool | None
    mother_id: uuid.UUID | None
    birth_order: int | None
    order_in_birth: int | None
    born_at: AwareDatetime | None
    born_in_transit: bool


class IdentityOut(Model):
    """Who somebody is; every look is written down."""

    patient_id: uuid.UUID
    version: int
    kind: PatientKind
    identity_kind: IdentityKind
    id_number: Secret
    name: Secret
    birth_date: Annotated[date | None, Field(repr=False)]
    phone: Secret
    address: Secret
    contact_name: Secret
    contact_phone: Secret
    language: str | None
    interpreter_needed: bool | None
    aid_group: AidGroup | None
    residence_county: str | None
    home_county: str | None
    unknown: str | None
    erased: bool
    merged: list[uuid.UUID]


class SearchIn(Model):
    """A number to look for; in the body, for an address is written into logs."""

    identity_kind: IdentityKind
    id_number: Annotated[Text, Field(repr=False)]


class FoundOut(Model):
    """Whose number it is; None for nobody whom the caller sees."""

    patient_id: uuid.UUID | None


class DuplicatesOut(Model):
    """Records that may be the same patient; ``elsewhere`` counts those out of sight."""

    items: list[CandidateOut]
    elsewhere: int


class MotherIn(Model):
    """The mother of a newborn that was entered without one."""

    mother: uuid.UUID


class MergeIn(Model):
    """The record that is not kept, and why both are one patient."""

    drop: uuid.UUID
    reason: MergeReason


class UndoMergeIn(Model):
    """Why they are two after all."""

    reason: UnmergeReason


class MergedOut(Model):
    """Which records are one patient now, or no longer."""

    kept: uuid.UUID
    dropped: uuid.UUID
    merged: bool


class NewbornIn(Model):
    """One newborn; None where nobody looked at a clock."""

    born_at: AwareDatetime | None = None


class NewbornsIn(Model):
    """The newborns of one birth, in the order in which they were born."""

    newborns: Annotated[list[NewbornIn], Field(min_length=1, max_length=6)]
    in_transit: bool = False
    although_delivered: BornAgain | None = Field(
        None, description="Why, where a birth of this pregnancy is entered already"
    )


class NewbornsOut(Model):
    """The newborns, in the same order."""

    patient_ids: list[uuid.UUID]
