"""The table of closed and slowed roads; a line is ended and never deleted."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlmodel import Field

from app.db_types import Key, When, listed, new_key, of_a_province
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.roads.states import RoadReason, RoadState
from app.rows import Row

__all__ = ["RoadClosure"]


class RoadClosure(Row, table=True):
    """The road between two neighbours is closed, or takes longer, until a time.

    ``one`` is the lower code of the two; ``source`` is who told the office. ``ended_at`` is set
    when somebody ends it before its time.
    """

    __tablename__ = "road_closure"
    __table_args__ = (
        CheckConstraint("one < other", name="pair"),
        CheckConstraint(f"state IN ({listed(RoadState)})", name="state"),
        CheckConstraint(f"reason IN ({listed(RoadReason)})", name="reason"),
        CheckConstraint("(state = 'slowed') = (longer_min IS NOT NULL)", name="longer"),
        CheckConstraint("longer_min IS NULL OR longer_min BETWEEN 1 AND 1440", name="longer_min"),
        CheckConstraint("until_at > from_at", name="forward"),
        CheckConstraint("ended_at IS NULL OR ended_at >= declared_at", name="ended"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by"),
        *sealed_columns("source", "by_name"),
        of_a_province(),
        Index("ix_road_closure_until", "province", "until_at"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    one: str = Field(sa_type=Text)
    other: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    longer_min: int | None = Field(default=None, sa_type=Integer)
    reason: str = Field(sa_type=Text)
    source: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    from_at: datetime = Field(sa_type=When)
    until_at: datetime = Field(sa_type=When)
    declared_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key, foreign_key="user_account.id")
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    ended_at: datetime | None = Field(default=None, sa_type=When)
    ended_by: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="user_account.id")
