"""The table of returns: she is sent back to who sent her, and somebody there takes her on."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.rows import Row

__all__ = ["ReturnReferral"]


class ReturnReferral(Row, table=True):
    """She goes back to the hospital that sent her, until somebody there has seen her (R-DUTY-04).

    ``due_at`` is by when. What is to be done stands in the outcome that it came with.
    """

    __tablename__ = "return_referral"
    __table_args__ = (
        UniqueConstraint("referral_id"),
        CheckConstraint("(taken_at IS NULL) = (taken_by IS NULL)", name="taken"),
        CheckConstraint("taken_at IS NULL OR taken_at >= opened_at", name="forward"),
        CheckConstraint("due_at > opened_at", name="due"),
        of_a_province(),
        Index("ix_return_referral_outcome", "outcome_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    outcome_id: uuid.UUID = Field(sa_type=Key, foreign_key="outcome.id")
    from_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    owner_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    opened_at: datetime = Field(sa_type=When)
    due_at: datetime = Field(sa_type=When)
    taken_at: datetime | None = Field(default=None, sa_type=When)
    taken_by: uuid.UUID | None = Field(default=None, sa_type=Key)
