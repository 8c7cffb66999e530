"""Tables of what is owed for a file, of counties that hand it over, and of what belongs to it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.case_files.states import DeliveryMode, DueEnd, HandoverAnswer
from app.db_types import Flag, Key, When, listed, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row

__all__ = [
    "CaseDelivery",
    "CaseDue",
    "CaseGlass",
    "CaseHandover",
    "CaseNewborn",
    "CaseReferral",
    "CaseVerification",
]


class CaseDue(Row, table=True):
    """Something that is owed for a file by a time: a rule, and the record that it hangs on.

    Without ``due_at`` nobody knows how far the pregnancy is. ``told`` is how far it has gone: 0
    nobody, 1 warned, 2 overdue. It ends because it was done (``done_by`` names the entry), is not
    needed any more, or the file is over; until then it is in the list, however old it is.
    """

    __tablename__ = "case_due"
    __table_args__ = (
        CheckConstraint("length(kind) BETWEEN 1 AND 40", name="kind"),
        CheckConstraint("length(rule) BETWEEN 1 AND 60 AND length(about) <= 80", name="rule"),
        CheckConstraint(
            "(warn_at IS NULL) = (due_at IS NULL) AND (due_at IS NULL OR warn_at <= due_at)",
            name="warn",
        ),
        CheckConstraint("told BETWEEN 0 AND 2 AND (told = 0) = (told_at IS NULL)", name="told"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended"),
        CheckConstraint(f"ended_because IN ({listed(DueEnd)})", name="ended_because"),
        of_a_province(),
        only_one("uq_case_due_open", "file_id", "rule", "about", where="ended_at IS NULL"),
        Index("ix_case_due_due", "due_at"),
        Index("ix_case_due_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    rule: str = Field(sa_type=Text)
    about: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    warn_at: datetime | None = Field(default=None, sa_type=When)
    due_at: datetime | None = Field(default=None, sa_type=When)
    told: int = 0
    told_at: datetime | None = Field(default=None, sa_type=When)
    opened_at: datetime = Field(sa_type=When)
    ended_at: datetime | None = Field(default=None, sa_type=When)
    ended_because: str | None = Field(default=None, sa_type=Text)
    done_by: str | None = Field(default=None, sa_type=Text)


class CaseHandover(Row, table=True):
    """A file is offered by the county where she lived to the one where she lives (P-14).

    Until it is accepted the first county stays in charge; one offer is open at a time.
    """

    __tablename__ = "case_handover"
    __table_args__ = (
        CheckConstraint(
            "length(from_county) = 6 AND length(to_county) = 6 AND from_county <> to_county",
            name="counties",
        ),
        CheckConstraint(f"answer IN ({listed(HandoverAnswer)})", name="answer"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = "
            "(answered_by IS NULL) AND (answered_at IS NULL OR answered_at >= offered_at)",
            name="answered",
        ),
        CheckConstraint(
            "answer IS NULL OR answer <> 'declined' OR reason IS NOT NULL", name="declined"
        ),
        *sealed_columns("reason", "note"),
        of_a_province(),
        only_one("uq_case_handover_open", "file_id", where="answered_at IS NULL"),
        Index("ix_case_handover_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    from_county: str = Field(sa_type=Text)
    to_county: str = Field(sa_type=Text)
    note: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    offered_at: datetime = Field(sa_type=When)
    offered_by: uuid.UUID = Field(sa_type=Key)
    offered_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    answer: str | None = Field(default=None, sa_type=Text)
    answered_at: datetime | None = Field(default=None, sa_type=When)
    answered_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    reason: bytes | None = Field(default=None, sa_type=Sealed, repr=False)


class CaseVerification(Row, table=True):
    """The other county says that she is known there (P-14). Never changed."""

    __tablename__ = "case_verification"
    __table_args__ = (
        UniqueConstraint("file_id", "county", name="uq_case_verification_once"),
        CheckConstraint("length(county) = 6", name="county"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    county: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class CaseReferral(Row, table=True):
    """A referral of the woman of a file, or of ``newborn_id`` of its birth (R-STATE-04).

    Never changed.
    """

    __tablename__ = "case_referral"
    __table_args__ = (
        UniqueConstraint("referral_id", name="uq_case_referral_once"),
        ForeignKeyConstraint(
            ["newborn_id", "file_id"],
            ["case_newborn.newborn_id", "case_newborn.file_id"],
            name="fk_case_referral_newborn",
        ),
        Index("ix_case_referral_file", "file_id"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    newborn_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    at: datetime = Field(sa_type=When)


class CaseDelivery(Row, table=True):
    """A birth as the hospital says it: how, how many lived, how many did not. Never changed.

    ``ruptured`` is whether her uterus tore (R-IND-11); None where nobody said.
    """

    __tablename__ = "case_delivery"
    __table_args__ = (
        UniqueConstraint("id", "file_id", name="uq_case_delivery_of_file"),
        UniqueConstraint("corrects", name="uq_case_delivery_corrects"),
        only_one("uq_case_delivery_first", "file_id", where="corrects IS NULL"),
        ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_delivery.id", "case_delivery.file_id"],
            name="fk_case_delivery_corrects",
        ),
        CheckConstraint("corrects IS NULL OR corrects <> id", name="corrects"),
        CheckConstraint(f"mode IN ({listed(DeliveryMode)})", name="mode"),
        CheckConstraint(
            "live_born >= 0 AND stillborn >= 0 AND live_born + stillborn BETWEEN 1 AND 9",
            name="born",
        ),
        CheckConstraint("facility_id IS NULL OR elsewhere IS NULL", name="place"),
        *sealed_columns("elsewhere"),
        of_a_province(),
        Index("ix_case_delivery_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    corrects: uuid.UUID | None = Field(default=None, sa_type=Key)
    mode: str = Field(sa_type=Text)
    live_born: int
    stillborn: int
    facility_id: str | None = Field(default=None, sa_type=Text)
    elsewhere: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    trial_of_labour: bool | None = Field(default=None, sa_type=Flag)
    ruptured: bool | None = Field(default=None, sa_type=Flag)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class CaseNewborn(Row, table=True):
    """A newborn of the birth of a file: a patient of its own, linked to the mother (R-STATE-04)."""

    __tablename__ = "case_newborn"
    __table_args__ = (
        UniqueConstraint("newborn_id", name="uq_case_newborn_once"),
        UniqueConstraint("newborn_id", "file_id", name="uq_case_newborn_of_file"),
        Index("ix_case_newborn_file", "file_id"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    newborn_id: uuid.UUID = Field(sa_type=Key, foreign_key="patient.id")
    at: datetime = Field(sa_type=When)


class CaseGlass(Row, table=True):
    """A look at a file that is not theirs: with a reason, for a while, reviewed later."""

    __tablename__ = "case_glass"
    __table_args__ = (
        CheckConstraint("until > from_at", name="expires"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> user_id", name="by_another"),
        *sealed_columns("reason"),
        of_a_province(),
        Index("ix_case_glass_of_user", "user_id", "file_id"),
        Index("ix_case_glass_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    user_id: uuid.UUID = Field(sa_type=Key)
    reason: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    from_at: datetime = Field(sa_type=When)
    until: datetime = Field(sa_type=When)
    reviewed_at: datetime | None = Field(default=None, sa_type=When)
    reviewed_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    justified: bool | None = Field(default=None, sa_type=Flag)
