"""Tables of referrals, of what was recommended and of who was asked."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.db_types import Flag, Key, When, new_key, of_a_province, only_one
from app.events.tables import stands
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.referrals.states import (
    DECLINE_CODES,
    OFFER,
    OPEN,
    REFERRAL,
    WAITING,
    ChoiceReason,
    OfferStatus,
    ReferralStatus,
)
from app.rows import Row

__all__ = ["Offer", "Recommendation", "Referral"]


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_IS_OPEN = f"status IN ({_listed(OPEN)})"


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
        stands("fk_referral_stands"),
        only_one("uq_referral_open_patient", "patient_id", where=_IS_OPEN),
        Index("ix_referral_patient", "patient_id"),
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

    ``recommendation_id`` is the ranking that it stands with: where she was ranked again and the
    centre is asked on, the later one.
    ``decline_detail`` is the capability that is missing, or the centre that has a bed (R-REF-02).
    ``chosen_because`` is why it was asked out of its turn, where a person said so.
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
        CheckConstraint(
            f"chosen_because IN ({_listed(tuple(ChoiceReason))})", name="chosen_because"
        ),
        *sealed_columns("decline_detail"),
        of_a_province(),
        stands("fk_offer_stands"),
        # A centre that said no may be asked again, by a person who knows why.
        only_one(
            "uq_offer_asked",
            "recommendation_id",
            "facility_id",
            where="status NOT IN ('declined', 'withdrawn')",
        ),
        Index("ix_offer_deadline_at", "deadline_at"),
        only_one("uq_offer_accepted", "referral_id", where="status = 'accepted'"),
        Index("ix_offer_referral", "referral_id"),
        Index("ix_offer_recommendation", "recommendation_id"),
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
    chosen_because: str | None = Field(default=None, sa_type=Text)
