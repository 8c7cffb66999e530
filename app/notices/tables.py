"""Tables of messages out, and of where an organisation is reached."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.notices.states import ChannelName
from app.rows import Row

__all__ = ["Notice", "NoticeAddress"]

_CHANNELS = ", ".join(f"'{name.value}'" for name in ChannelName)
_WAITS = "sent_at IS NULL AND dead_at IS NULL"


class NoticeAddress(Row, table=True):
    """Where an organisation is reached on a channel: its duty telephone, mailbox or chat.

    Never that of a patient. An address that ends stays, for the notices that went there.
    """

    __tablename__ = "notice_address"
    __table_args__ = (
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel"),
        *sealed_columns("address"),
        CheckConstraint("until IS NULL OR until >= since", name="forward"),
        of_a_province(),
        Index("ix_notice_address_org_id", "org_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    org_id: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    channel: str = Field(sa_type=Text)
    address: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    since: datetime = Field(sa_type=When)
    until: datetime | None = Field(default=None, sa_type=When)


class Notice(Row, table=True):
    """One message to one organisation on one channel: a template and codes, no text.

    ``number`` is its place among the notices of its subject; what one receiver is told of a
    subject arrives in that order. ``dedup_key`` goes with it, for a message may arrive twice.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("dedup_key", name="uq_notice_dedup_key"),
        UniqueConstraint("subject_id", "number", name="uq_notice_number"),
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel"),
        # A code of ours; new ones come with new versions, and a sentence is none.
        CheckConstraint("length(template) <= 40 AND template NOT LIKE '% %'", name="template"),
        CheckConstraint("(lease_until IS NULL) = (leased_by IS NULL)", name="lease"),
        CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="ends_once"),
        CheckConstraint("sent_at IS NULL OR sent_at >= created_at", name="forward"),
        CheckConstraint("tries >= 0", name="tries"),
        CheckConstraint("length(params) <= 500", name="params"),
        CheckConstraint(
            "last_error IS NULL OR (length(last_error) <= 60 AND last_error NOT LIKE '% %')",
            name="last_error",
        ),
        of_a_province(),
        Index(
            "ix_notice_waiting",
            "channel",
            "created_at",
            postgresql_where=text(_WAITS),
            sqlite_where=text(_WAITS),
        ),
        {"sqlite_strict": True, "info": {"untraced": "leases come and go"}},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    template: str = Field(sa_type=Text)
    subject_kind: str = Field(sa_type=Text)
    subject_id: uuid.UUID = Field(sa_type=Key)
    number: int
    org_id: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    address_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="notice_address.id")
    params: str = Field(sa_type=Text)
    dedup_key: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=When)
    sent_at: datetime | None = Field(default=None, sa_type=When)
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=When)
    lease_until: datetime | None = Field(default=None, sa_type=When)
    leased_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    dead_at: datetime | None = Field(default=None, sa_type=When)
    last_error: str | None = Field(default=None, sa_type=Text)
