"""Tables of referrals, and the chain of events behind every status.

An event names the event before it by number, status and time; the database refuses one that does
not continue where the chain ends, makes a move that is no row of ``status_move``, or goes back in
time. A referral stands where its last event says.
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
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.referrals.states import (
    DECLINE_CODES,
    OFFER,
    OPEN,
    REFERRAL,
    WAITING,
    OfferStatus,
    ReferralStatus,
)
from app.rows import Row

__all__ = ["EventWord", "Offer", "Recommendation", "Referral", "StatusEvent", "StatusMove"]


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_IS_OPEN = f"status IN ({_listed(OPEN)})"


def _stands(name: str) -> ForeignKeyConstraint:
    """Tie a row to the event that says where it stands, at the end of the transaction."""
    event = ("machine", "subject_id", "seq", "to_status")
    return ForeignKeyConstraint(
        ["machine", "id", "last_seq", "status"],
        [f"status_event.{column}" for column in event],
        name=name,
        deferrable=True,
        initially="DEFERRED",
    )


class StatusMove(Row, table=True):
    """A move that is allowed; ``machine`` says of what."""

    __tablename__ = "status_move"
    __table_args__ = (
        {"sqlite_strict": True, "info": {"untraced": "made by migrations; compared with the code"}},
    )

    machine: str = Field(primary_key=True, sa_type=Text)
    from_status: str = Field(primary_key=True, sa_type=Text)
    to_status: str = Field(primary_key=True, sa_type=Text)


class StatusEvent(Row, table=True):
    """One move of one thing. Never changed, never deleted (triggers of the first migration).

    ``spoken`` is of one that was said by telephone; who said it is an :class:`EventWord`.
    """

    __tablename__ = "status_event"
    __table_args__ = (
        UniqueConstraint(
            "machine", "subject_id", "seq", "to_status", "at", name="uq_status_event_end"
        ),
        UniqueConstraint(
            "machine", "subject_id", "seq", "to_status", name="uq_status_event_status"
        ),
        UniqueConstraint("machine", "subject_id", "prev_seq", name="uq_status_event_follows"),
        ForeignKeyConstraint(
            ["machine", "from_status", "to_status"],
            ["status_move.machine", "status_move.from_status", "status_move.to_status"],
            name="fk_status_event_move",
        ),
        ForeignKeyConstraint(
            ["machine", "subject_id", "prev_seq", "from_status", "prev_at"],
            [
                "status_event.machine",
                "status_event.subject_id",
                "status_event.seq",
                "status_event.to_status",
                "status_event.at",
            ],
            name="fk_status_event_chain",
        ),
        CheckConstraint(
            "(seq = 1 AND prev_seq IS NULL AND prev_at IS NULL AND from_status = '') "
            "OR (seq > 1 AND prev_seq = seq - 1 AND prev_at IS NOT NULL AND from_status <> '')",
            name="begins",
        ),
        CheckConstraint("prev_at IS NULL OR at >= prev_at", name="forward"),
        # A code of ours: whatever people say in their own words is sealed elsewhere.
        CheckConstraint(
            "reason IS NULL OR (length(reason) <= 40 AND reason NOT LIKE '% %')", name="reason"
        ),
        of_a_province(),
        {"sqlite_strict": True},
    )

    machine: str = Field(primary_key=True, sa_type=Text)
    subject_id: uuid.UUID = Field(primary_key=True, sa_type=Key)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    province: str = Field(sa_type=Text)
    prev_seq: int | None = None
    prev_at: datetime | None = Field(default=None, sa_type=When)
    from_status: str = Field(sa_type=Text)
    to_status: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=When)
    device_at: datetime | None = Field(default=None, sa_type=When)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_user: uuid.UUID | None = Field(default=None, sa_type=Key)
    by_role: str | None = Field(default=None, sa_type=Text)
    spoken: bool = Field(default=False, sa_type=Flag)
    reason: str | None = Field(default=None, sa_type=Text)


class EventWord(Row, table=True):
    """Who spoke what an event says, sealed: an event is never changed, and keys are."""

    __tablename__ = "event_word"
    __table_args__ = (
        UniqueConstraint("machine", "subject_id", "seq"),
        ForeignKeyConstraint(
            ["machine", "subject_id", "seq"],
            ["status_event.machine", "status_event.subject_id", "status_event.seq"],
            name="fk_event_word_event",
        ),
        *sealed_columns("said_by"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    machine: str = Field(sa_type=Text)
    subject_id: uuid.UUID = Field(sa_type=Key)
    seq: int
    said_by: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)


class Referral(Row, table=True):
    """One patient on her way from one institution to another.

    ``number`` is what people say on the telephone; it tells nothing of her. ``county`` is where
    she is referred from. ``under_way`` is true from departure to arrival. The destination is a
    facility of the registry or, outside the network, the name of an institution. ``form_number``
    is that of a printed form, entered when the line was back; ``happened_at`` when it was filled
    in.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(f"machine = '{REFERRAL}'", name="machine"),
        CheckConstraint(f"status IN ({_listed(tuple(ReferralStatus))})", name="status"),
        # A referral that nobody has to look at by a time is a lost one.
        CheckConstraint(
            f"NOT ({_IS_OPEN}) OR (owner_org IS NOT NULL AND deadline_at IS NOT NULL "
            "AND next_step IS NOT NULL AND next_step <> '')",
            name="owned",
        ),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        # R-STATE-12: who is on the road cannot be called back, only diverted, received or mourned.
        CheckConstraint(
            "NOT under_way OR status NOT IN ('draft', 'cancelled', 'stayed')", name="under_way"
        ),
        CheckConstraint(
            "destination_id IS NULL OR destination_outside IS NULL", name="destination"
        ),
        CheckConstraint("length(county) = 6", name="county"),
        *sealed_columns("raised_because", "destination_outside"),
        of_a_province(),
        _stands("fk_referral_stands"),
        only_one("uq_referral_open_patient", "patient_id", where=_IS_OPEN),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    machine: str = Field(default=REFERRAL, sa_type=Text)
    patient_id: uuid.UUID = Field(sa_type=Key, foreign_key="patient.id")
    origin_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    status: str = Field(sa_type=Text)
    last_seq: int
    owner_org: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="organisation.id")
    deadline_at: datetime | None = Field(default=None, sa_type=When)
    next_step: str | None = Field(default=None, sa_type=Text)
    priority: int
    raised_because: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    drill: bool = Field(default=False, sa_type=Flag)
    number: str = Field(sa_type=Text, unique=True)
    county: str = Field(sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=When)
    under_way: bool = Field(default=False, sa_type=Flag)
    destination_id: str | None = Field(default=None, sa_type=Text)
    destination_outside: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    form_number: str | None = Field(default=None, sa_type=Text, unique=True)
    happened_at: datetime | None = Field(default=None, sa_type=When)


class Recommendation(Row, table=True):
    """What was asked and what was answered when a referral was matched; never changed.

    ``asked`` and ``answer`` are the documents of ``recommend``, sealed: an answer says whom to ring
    and who spoke of a place. No place is promised by them.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        *sealed_columns("asked", "answer"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    number: int
    asked: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    answer: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    rule_set: str = Field(sa_type=Text)
    computed_at: datetime = Field(sa_type=When)


class Offer(Row, table=True):
    """One centre is asked to take her. One acceptance a referral, by index.

    ``decline_detail`` is the capability that is missing, or the centre that has a bed (R-REF-02).
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(f"machine = '{OFFER}'", name="machine"),
        CheckConstraint(f"status IN ({_listed(tuple(OfferStatus))})", name="status"),
        CheckConstraint(
            f"(status = 'declined') = (decline_code IS NOT NULL AND decline_code IN "
            f"({_listed(DECLINE_CODES)}))",
            name="decline_code",
        ),
        CheckConstraint(
            f"status NOT IN ({_listed(WAITING)}) OR deadline_at IS NOT NULL", name="answer_by"
        ),
        *sealed_columns("decline_detail"),
        of_a_province(),
        _stands("fk_offer_stands"),
        # A centre that said no may be asked again, by a person who knows why.
        only_one(
            "uq_offer_asked",
            "recommendation_id",
            "facility_id",
            where="status NOT IN ('declined', 'withdrawn')",
        ),
        Index("ix_offer_deadline_at", "deadline_at"),
        only_one("uq_offer_accepted", "referral_id", where="status = 'accepted'"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    machine: str = Field(default=OFFER, sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    recommendation_id: uuid.UUID = Field(sa_type=Key, foreign_key="recommendation.id")
    facility_id: str = Field(sa_type=Text)
    rank: int
    status: str = Field(sa_type=Text)
    last_seq: int
    deadline_at: datetime | None = Field(default=None, sa_type=When)
    decline_code: str | None = Field(default=None, sa_type=Text)
    decline_detail: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
