"""The table of checks: when everything was looked at, and what was found, in numbers."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.rows import Row

__all__ = ["VerifyRun"]


class VerifyRun(Row, table=True):
    """One check of the whole database by the worker; without an end it runs, or it died.

    ``by_code`` counts findings by their code, as JSON. Which rows they are is told by
    ``greenchannel verify`` and stands nowhere here.
    """

    __tablename__ = "verify_run"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="forward"),
        CheckConstraint(
            "(ended_at IS NULL) = (found IS NULL) AND (ended_at IS NULL) = (by_code IS NULL)",
            name="ended",
        ),
        CheckConstraint("found IS NULL OR found >= 0", name="found"),
        of_a_province(),
        Index("ix_verify_run_began_at", "began_at"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    began_at: datetime = Field(sa_type=When)
    ended_at: datetime | None = Field(default=None, sa_type=When)
    entries: int = 0
    rows: int = 0
    found: int | None = None
    by_code: str | None = Field(default=None, sa_type=Text)
