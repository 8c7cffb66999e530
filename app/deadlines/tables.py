"""The table of deadlines."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province, only_one
from app.rows import Row

__all__ = ["IS_OPEN", "IS_WAITING", "Deadline"]

IS_OPEN = "done_at IS NULL AND cancelled_at IS NULL"
IS_WAITING = f"{IS_OPEN} AND dead_at IS NULL"


class Deadline(Row, table=True):
    """Something to be done at a time, unless it is called off before.

    Open until it is done or called off; a dead letter is open and waits for a person. One open
    deadline of a kind for a subject: setting it again moves it. Rows are never deleted.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("length(kind) BETWEEN 1 AND 40", name="kind"),
        CheckConstraint("(lease_until IS NULL) = (leased_by IS NULL)", name="lease"),
        CheckConstraint("done_at IS NULL OR cancelled_at IS NULL", name="ends_once"),
        CheckConstraint("done_at IS NULL OR dead_at IS NULL", name="dead_is_not_done"),
        CheckConstraint("tries >= 0", name="tries"),
        CheckConstraint("length(payload) <= 1000", name="payload"),
        # The name of an error is one word; a message with a value in it is none.
        CheckConstraint(
            "last_error IS NULL OR (length(last_error) <= 60 AND last_error NOT LIKE '% %')",
            name="last_error",
        ),
        of_a_province(),
        only_one("uq_deadline_open", "kind", "subject_id", where=IS_OPEN),
        Index(
            "ix_deadline_waiting",
            "due_at",
            postgresql_where=text(IS_WAITING),
            sqlite_where=text(IS_WAITING),
        ),
        Index("ix_deadline_subject_id", "subject_id"),
        {
            "sqlite_strict": True,
            "info": {"untraced": "leases come and go; held against open referrals"},
        },
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    subject_id: uuid.UUID = Field(sa_type=Key)
    set_at: datetime = Field(sa_type=When)
    due_at: datetime = Field(sa_type=When)
    payload: str = Field(default="{}", sa_type=Text)
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=When)
    lease_until: datetime | None = Field(default=None, sa_type=When)
    leased_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    done_at: datetime | None = Field(default=None, sa_type=When)
    cancelled_at: datetime | None = Field(default=None, sa_type=When)
    dead_at: datetime | None = Field(default=None, sa_type=When)
    last_error: str | None = Field(default=None, sa_type=Text)
