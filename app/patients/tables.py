"""Tables of patients: who is referred, what is known of her identity, and who was merged.

Everything that says who somebody is lies sealed in ``patient_identity``; beside it stand keyed
indexes by which equal values find each other and nothing else can be learned.
"""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field

from app.db_types import Flag, Key, When, new_key, of_a_province, only_one
from app.keys.sealed import Index16, Sealed, index_columns, sealed_columns
from app.patients.states import AidGroup, IdentityKind, MergeReason, UnmergeReason
from app.rows import Row

__all__ = ["Birth", "Entry", "Merge", "Patient", "PatientIdentity", "Unmerge"]

SEALED = (
    "name",
    "id_number",
    "birth_date",
    "phone",
    "address",
    "contact_name",
    "contact_phone",
)
INDEXES = (
    "id_index",
    "claimed_index",
    "name_index",
    "phone_index",
    "contact_phone_index",
)


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Patient(Row, table=True):
    """Somebody who is referred; a newborn belongs to a mother, by order of birth.

    Nothing here says who it is. ``birth_order`` counts all newborns of a mother that were ever
    entered; which of one birth a newborn was stands in :class:`Birth`.
    """

    __tablename__ = "patient"
    __table_args__ = (
        CheckConstraint("kind IN ('maternal', 'newborn')", name="kind"),
        CheckConstraint(
            "(kind = 'maternal' AND mother_id IS NULL AND birth_order IS NULL) "
            "OR (kind = 'newborn' AND (mother_id IS NULL) = (birth_order IS NULL))",
            name="newborn",
        ),
        CheckConstraint("birth_order IS NULL OR birth_order >= 1", name="birth_order"),
        UniqueConstraint("mother_id", "birth_order"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    mother_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="patient.id")
    birth_order: int | None = None


class Merge(Row, table=True):
    """A named person said that two records are one patient. Never changed, never deleted."""

    __tablename__ = "patient_merge"
    __table_args__ = (
        CheckConstraint("keep_id <> drop_id", name="two"),
        CheckConstraint(f"reason IN ({_listed(tuple(MergeReason))})", name="reason"),
        # What a row of patient_identity that is merged has to point at.
        UniqueConstraint("id", "drop_id", "keep_id", name="uq_patient_merge_said"),
        of_a_province(),
        Index("ix_patient_merge_keep", "keep_id"),
        Index("ix_patient_merge_drop", "drop_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    keep_id: uuid.UUID = Field(sa_type=Key, foreign_key="patient.id")
    drop_id: uuid.UUID = Field(sa_type=Key, foreign_key="patient.id")
    reason: str = Field(sa_type=Text)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    at: datetime = Field(sa_type=When)


class Unmerge(Row, table=True):
    """A named person took a merge back, once. Never changed, never deleted."""

    __tablename__ = "patient_unmerge"
    __table_args__ = (
        CheckConstraint(f"reason IN ({_listed(tuple(UnmergeReason))})", name="reason"),
        UniqueConstraint("merge_id"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    merge_id: uuid.UUID = Field(sa_type=Key, foreign_key="patient_merge.id")
    reason: str = Field(sa_type=Text)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    at: datetime = Field(sa_type=When)


class Entry(Row, table=True):
    """An organisation entered somebody, or found her by her number. Never changed."""

    __tablename__ = "patient_entry"
    __table_args__ = (
        Index("ix_patient_entry_of", "patient_id", "org_id"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    patient_id: uuid.UUID = Field(sa_type=Key, foreign_key="patient.id")
    org_id: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_user: uuid.UUID = Field(sa_type=Key)
    found: bool = Field(sa_type=Flag)
    at: datetime = Field(sa_type=When)


class PatientIdentity(Row, table=True):
    """What is known of who somebody is; one row for each patient, under the same key.

    A merge moves nothing: the row that is not kept points at the one that is, and taking the merge
    back ends that. A number belongs to one row for ever, merged or not, so that no third record
    can be made of it meanwhile. ``claimed_index`` is of a number that was given for this patient
    and belongs to another one; a person has to look at both.

    ``kept_from`` is what retention counts from.
    """

    __tablename__ = "patient_identity"
    __table_args__ = (
        CheckConstraint(f"identity_kind IN ({_listed(tuple(IdentityKind))})", name="identity_kind"),
        CheckConstraint(
            "(id_number IS NULL) = (id_index IS NULL) "
            "AND (identity_kind <> 'none' OR id_number IS NULL)",
            name="number",
        ),
        CheckConstraint("(phone IS NULL) = (phone_index IS NULL)", name="phone_indexed"),
        CheckConstraint(
            "(contact_phone IS NULL) = (contact_phone_index IS NULL)", name="contact_indexed"
        ),
        *sealed_columns(*SEALED),
        *index_columns(*INDEXES),
        CheckConstraint(
            f"aid_group IS NULL OR aid_group IN ({_listed(tuple(AidGroup))})", name="aid_group"
        ),
        CheckConstraint(
            "(residence_county IS NULL OR length(residence_county) = 6) "
            "AND (home_county IS NULL OR length(home_county) = 6)",
            name="counties",
        ),
        CheckConstraint("(unknown_on IS NULL) = (unknown_number IS NULL)", name="unknown"),
        CheckConstraint(
            "(merged_into IS NULL) = (merge_id IS NULL) "
            "AND (merged_into IS NULL OR merged_into <> id)",
            name="merged",
        ),
        CheckConstraint(
            "erased_at IS NULL OR ("
            + " AND ".join(f"{name} IS NULL" for name in (*SEALED, *INDEXES))
            + ")",
            name="erased",
        ),
        CheckConstraint("version >= 1", name="version"),
        ForeignKeyConstraint(["id"], ["patient.id"], name="fk_patient_identity_id"),
        # Nobody is merged without a row that says who said so.
        ForeignKeyConstraint(
            ["merge_id", "id", "merged_into"],
            ["patient_merge.id", "patient_merge.drop_id", "patient_merge.keep_id"],
            name="fk_patient_identity_merge",
        ),
        UniqueConstraint("province", "unknown_on", "unknown_number"),
        only_one(
            "uq_patient_identity_number", "province", "id_index", where="id_index IS NOT NULL"
        ),
        Index("ix_patient_identity_name", "province", "name_index"),
        Index("ix_patient_identity_phone", "province", "phone_index"),
        Index("ix_patient_identity_contact", "province", "contact_phone_index"),
        Index("ix_patient_identity_merged", "merged_into"),
        Index("ix_patient_identity_kept", "kept_from"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    identity_kind: str = Field(sa_type=Text)
    name: bytes | None = Field(default=None, sa_type=Sealed)
    id_number: bytes | None = Field(default=None, sa_type=Sealed)
    birth_date: bytes | None = Field(default=None, sa_type=Sealed)
    phone: bytes | None = Field(default=None, sa_type=Sealed)
    address: bytes | None = Field(default=None, sa_type=Sealed)
    contact_name: bytes | None = Field(default=None, sa_type=Sealed)
    contact_phone: bytes | None = Field(default=None, sa_type=Sealed)
    id_index: bytes | None = Field(default=None, sa_type=Index16)
    claimed_index: bytes | None = Field(default=None, sa_type=Index16)
    name_index: bytes | None = Field(default=None, sa_type=Index16)
    phone_index: bytes | None = Field(default=None, sa_type=Index16)
    contact_phone_index: bytes | None = Field(default=None, sa_type=Index16)
    unknown_on: str | None = Field(default=None, sa_type=Text)
    unknown_number: int | None = None
    language: str | None = Field(default=None, sa_type=Text)
    interpreter_needed: bool | None = Field(default=None, sa_type=Flag)
    aid_group: str | None = Field(default=None, sa_type=Text)
    residence_county: str | None = Field(default=None, sa_type=Text)
    home_county: str | None = Field(default=None, sa_type=Text)
    merged_into: uuid.UUID | None = Field(default=None, sa_type=Key)
    merge_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    entered_at: datetime = Field(sa_type=When)
    kept_from: datetime = Field(sa_type=When)
    erased_at: datetime | None = Field(default=None, sa_type=When)
    version: int = 1


class Birth(Row, table=True):
    """When a newborn was born; twins share ``birth_id`` and are told apart by their order."""

    __tablename__ = "patient_birth"
    __table_args__ = (
        CheckConstraint("order_in_birth BETWEEN 1 AND 9", name="order_in_birth"),
        UniqueConstraint("birth_id", "order_in_birth"),
        ForeignKeyConstraint(["id"], ["patient.id"], name="fk_patient_birth_id"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    birth_id: uuid.UUID = Field(default_factory=new_key, sa_type=Key)
    order_in_birth: int
    born_at: datetime | None = Field(default=None, sa_type=When)
    in_transit: bool = Field(default=False, sa_type=Flag)
    entered_at: datetime = Field(sa_type=When)
