"""The table by which a worker shows that it lives."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.rows import Row

__all__ = ["WorkerBeat"]


class WorkerBeat(Row, table=True):
    """One life of a worker; ``place`` says whether inside the web process or by itself."""

    __tablename__ = "worker_beat"
    __table_args__ = (
        CheckConstraint("place IN ('web', 'worker')", name="place"),
        CheckConstraint("beat_at >= started_at", name="forward"),
        of_a_province(),
        {"sqlite_strict": True, "info": {"untraced": "a sign of life"}},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    place: str = Field(sa_type=Text)
    started_at: datetime = Field(sa_type=When)
    beat_at: datetime = Field(sa_type=When)
    stopped_at: datetime | None = Field(default=None, sa_type=When)
