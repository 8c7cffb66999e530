"""The chain of events behind every status.

An event names the event before it by number, status and time; the database refuses one that does
not continue where the chain ends, makes a move that is no row of ``status_move``, or goes back in
time. What has a status stands where its last event says.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field

from app.db_types import Flag, Key, When, new_key, of_a_province
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row

__all__ = ["EventWord", "StatusEvent", "StatusMove", "stands"]


def stands(name: str) -> ForeignKeyConstraint:
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
