"""Tables of transfers and of what goes with a patient from hand to hand."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.db_types import Flag, Key, When, new_key, of_a_province, only_one
from app.events.tables import stands
from app.keys.sealed import Sealed, sealed_columns
from app.rows import Row
from app.transfers.states import TRANSFER, Drives, TransferStatus

__all__ = ["Consent", "HandoverSet", "Observation", "Outcome", "Transfer"]

_STATUSES = ", ".join(f"'{status.value}'" for status in TransferStatus)
_DRIVES = ", ".join(f"'{drives.value}'" for drives in Drives)
_UNDER_HAND = "status IN ('dispatched', 'departed', 'diverted', 'arrived')"


class Transfer(Row, table=True):
    """One journey of a referral; where it stands is what its last event says.

    ``eta_low_at`` to ``eta_high_at`` is when she is expected. ``giver`` and ``receiver`` are the
    two names of the hand-over, members of staff; ``identifiers`` are the codes of
    what was read aloud and matched, at least two.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint(f"machine = '{TRANSFER}'", name="machine"),
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint(f"drives IN ({_DRIVES})", name="drives"),
        CheckConstraint(
            "(destination_id IS NULL) <> (destination_outside IS NULL)", name="destination"
        ),
        # R-HANDOVER-01: two names, and who she is was checked.
        CheckConstraint(
            "status <> 'handed_over' OR (giver IS NOT NULL AND receiver IS NOT NULL "
            "AND identifiers IS NOT NULL AND identifiers LIKE '_% _%')",
            name="two_names",
        ),
        stands("fk_transfer_stands"),
        *sealed_columns("vehicle", "escort", "destination_outside", "giver", "receiver"),
        only_one("uq_transfer_under_hand", "referral_id", where=_UNDER_HAND),
        of_a_province(),
        Index("ix_transfer_referral", "referral_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    machine: str = Field(default=TRANSFER, sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    status: str = Field(sa_type=Text)
    last_seq: int
    drives: str = Field(sa_type=Text)
    vehicle: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    escort: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    destination_id: str | None = Field(default=None, sa_type=Text)
    destination_outside: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    eta_low_at: datetime | None = Field(default=None, sa_type=When)
    eta_high_at: datetime | None = Field(default=None, sa_type=When)
    giver: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    receiver: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    identifiers: str | None = Field(default=None, sa_type=Text)


class Observation(Row, table=True):
    """Vital signs or an event on the way, as facts of the data dictionary; never changed.

    ``trips`` is the score of a newborn by the rules of that moment; None where an item is missing.
    ``warnings`` is what a reading of a mother says of each row of the early warning score, those
    that it leaves open left out; None of a newborn and of an event.
    """

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("code IN ('vital_signs', 'born_in_transit', 'event')", name="code"),
        CheckConstraint("trips IS NULL OR trips BETWEEN 0 AND 65", name="trips"),
        of_a_province(),
        Index("ix_observation_transfer", "transfer_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    transfer_id: uuid.UUID = Field(sa_type=Key, foreign_key="transfer.id")
    code: str = Field(sa_type=Text)
    facts: str = Field(sa_type=Text)
    trips: int | None = None
    warnings: str | None = Field(default=None, sa_type=Text)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)


class HandoverSet(Row, table=True):
    """One version of what is handed over with her (SBAR), sealed; a later one leaves it."""

    __tablename__ = "handover_set"
    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        *sealed_columns("content"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    number: int
    content: bytes = Field(sa_type=Sealed, repr=False)
    missing: str = Field(sa_type=Text)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)


class Consent(Row, table=True):
    """Who agreed to the journey, or who took it upon himself (R-CONSENT-01, R-CONSENT-02)."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("given_by IN ('patient', 'family', 'person_in_charge')", name="given_by"),
        CheckConstraint(
            "given_by <> 'person_in_charge' OR in_charge IS NOT NULL",
            name="in_charge",
        ),
        *sealed_columns("in_charge", "language", "interpreter"),
        of_a_province(),
        Index("ix_consent_referral", "referral_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    given_by: str = Field(sa_type=Text)
    agreed: bool = Field(sa_type=Flag)
    in_charge: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    language: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    interpreter: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    given_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)


class Outcome(Row, table=True):
    """What came of her, told back to who sent her (R-DUTY-04).

    ``near_miss`` are codes with commas between; empty of one who was none, null where nobody said.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint(
            "result IN ('discharged', 'referred_back', 'referred_on', 'died', 'still_admitted')",
            name="result",
        ),
        CheckConstraint(
            "near_miss IS NULL OR (length(near_miss) <= 120 AND near_miss NOT LIKE '% %')",
            name="near_miss",
        ),
        *sealed_columns("diagnosis", "treatment", "follow_up"),
        of_a_province(),
        Index("ix_outcome_referral", "referral_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    result: str = Field(sa_type=Text)
    near_miss: str | None = Field(default=None, sa_type=Text)
    diagnosis: bytes = Field(sa_type=Sealed, repr=False)
    treatment: bytes = Field(sa_type=Sealed, repr=False)
    follow_up: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
