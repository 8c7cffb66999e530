"""Tables of who has to do with a referral: parties, words spoken by telephone, broken glass."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from app.db_types import Flag, Key, When, new_key, of_a_province, only_one
from app.keys.sealed import Sealed, sealed_columns
from app.referrals.states import Capacity
from app.rows import Row

__all__ = ["BrokenGlass", "Party", "SpokenWord"]

_CAPACITIES = ", ".join(f"'{capacity.value}'" for capacity in Capacity)


class Party(Row, table=True):
    """An organisation or an area that has to do with a referral, from a time until a time.

    Who may see a referral is read from these rows and from nowhere else. A line is ended, never
    deleted.
    """

    __tablename__ = "referral_party"
    __table_args__ = (
        CheckConstraint(f"capacity IN ({_CAPACITIES})", name="capacity"),
        CheckConstraint("(org_id IS NULL) <> (division IS NULL)", name="who"),
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="forward"),
        of_a_province(),
        only_one(
            "uq_referral_party_org", "referral_id", "capacity", "org_id", where="to_at IS NULL"
        ),
        only_one(
            "uq_referral_party_area", "referral_id", "capacity", "division", where="to_at IS NULL"
        ),
        Index("ix_referral_party_of_org", "org_id", "referral_id"),
        Index("ix_referral_party_referral", "referral_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    capacity: str = Field(sa_type=Text)
    org_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="organisation.id")
    division: str | None = Field(default=None, sa_type=Text)
    from_at: datetime = Field(sa_type=When)
    to_at: datetime | None = Field(default=None, sa_type=When)


class SpokenWord(Row, table=True):
    """A request, an answer or a receipt, spoken and entered by somebody else (R-PROXY-01).

    ``said_by`` is the name of the colleague who said it. It counts at once; the organisation
    whose word it is confirms it by ``confirm_by``.
    """

    __tablename__ = "spoken_word"
    __table_args__ = (
        CheckConstraint(
            "what IN ('request', 'acceptance', 'decline', 'arrival', 'hand_over')", name="what"
        ),
        *sealed_columns("said_by", "entered_name"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        of_a_province(),
        Index("ix_spoken_word_referral", "referral_id"),
        Index("ix_spoken_word_offer", "offer_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    offer_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="offer.id")
    what: str = Field(sa_type=Text)
    said_by: bytes = Field(sa_type=Sealed, repr=False)
    of_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    entered_by: uuid.UUID = Field(sa_type=Key)
    entered_name: bytes = Field(sa_type=Sealed, repr=False)
    entered_at: datetime = Field(sa_type=When)
    confirm_by: datetime = Field(sa_type=When)
    confirmed_at: datetime | None = Field(default=None, sa_type=When)
    confirmed_by: uuid.UUID | None = Field(default=None, sa_type=Key)


class BrokenGlass(Row, table=True):
    """A look at a referral that is not theirs: with a reason, for a while, reviewed later."""

    __tablename__ = "broken_glass"
    __table_args__ = (
        *sealed_columns("reason"),
        CheckConstraint("until > from_at", name="expires"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> user_id", name="by_another"),
        of_a_province(),
        Index("ix_broken_glass_of_user", "user_id", "referral_id"),
        Index("ix_broken_glass_referral", "referral_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    user_id: uuid.UUID = Field(sa_type=Key)
    reason: bytes = Field(sa_type=Sealed, repr=False)
    from_at: datetime = Field(sa_type=When)
    until: datetime = Field(sa_type=When)
    reviewed_at: datetime | None = Field(default=None, sa_type=When)
    reviewed_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    justified: bool | None = Field(default=None, sa_type=Flag)
