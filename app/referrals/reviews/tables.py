"""The table of reviews: each death and each near-miss is looked at by whoever is in charge."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.keys.sealed import Sealed, sealed_columns
from app.rows import Row

__all__ = ["CaseReview"]


class CaseReview(Row, table=True):
    """A death or near-miss of a referral, until somebody wrote down what was learned (R-DUTY-05).

    ``what`` of a death is the reason the referral was closed with. ``learned`` is sealed; no column
    says whose doing it was.
    """

    __tablename__ = "case_review"
    __table_args__ = (
        UniqueConstraint("referral_id", "what"),
        CheckConstraint(
            "what IN ('died_before_departure', 'died_in_transit', 'died_after_arrival', "
            "'near_miss')",
            name="what",
        ),
        CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (learned IS NULL)",
            name="closed",
        ),
        CheckConstraint("due_at > opened_at", name="due"),
        *sealed_columns("learned"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    what: str = Field(sa_type=Text)
    owner_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    opened_at: datetime = Field(sa_type=When)
    due_at: datetime = Field(sa_type=When)
    closed_at: datetime | None = Field(default=None, sa_type=When)
    closed_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    learned: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
