"""The table of commands that were done, by the key that came with them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.keys.sealed import Sealed, sealed_columns
from app.rows import Row

__all__ = ["Command"]


class Command(Row, table=True):
    """A command that was done, and what was answered; the same key does nothing a second time.

    ``body_hash`` tells a repetition from another command under a used key. What was answered is
    sealed: it repeats what was sent. The database lets none go that is younger than three days.
    """

    __tablename__ = "command"
    __table_args__ = (
        UniqueConstraint("scope", "idempotency_key", name="uq_command_key"),
        CheckConstraint("length(idempotency_key) BETWEEN 16 AND 64", name="key"),
        CheckConstraint("length(body_hash) = 64", name="body_hash"),
        *sealed_columns("answer"),
        Index("ix_command_done_at", "done_at"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    scope: str = Field(sa_type=Text)
    idempotency_key: str = Field(sa_type=Text)
    route: str = Field(sa_type=Text)
    body_hash: str = Field(sa_type=Text)
    status: int
    answer: bytes = Field(sa_type=Sealed, repr=False)
    done_at: datetime = Field(sa_type=When)
