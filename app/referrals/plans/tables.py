"""The table of joint plans: what was proposed for all who wait, and what became of it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row

__all__ = ["JointPlan"]


class JointPlan(Row, table=True):
    """One plan for the open referrals of an area; applied in one step, or rejected with a reason.

    ``versions`` are those of the referrals that it was made from: a plan for what no longer
    stands is not applied.
    """

    __tablename__ = "joint_plan"
    __table_args__ = (
        CheckConstraint("status IN ('proposed', 'applied', 'rejected')", name="status"),
        CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL AND decided_by IS NULL)", name="decided"
        ),
        CheckConstraint("status <> 'rejected' OR reason IS NOT NULL", name="reason"),
        *sealed_columns("asked", "answer", "reason"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    asked: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    answer: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    versions: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=When)
    made_by: uuid.UUID = Field(sa_type=Key)
    status: str = Field(default="proposed", sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=When)
    decided_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    reason: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
