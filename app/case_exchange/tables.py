"""What another system last said of each file and visit, and what of it is in our file.

A line is not the file: it is what the platform says, kept whole and sealed, so that the next row
can be compared with it. What is in the file got there through the acts of case files.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.case_exchange.fields import FORMATS
from app.case_exchange.states import Decision, ItemKind, LineStatus
from app.db_types import Key, When, listed, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row

__all__ = ["ExchangeItem", "ExchangeLine"]


class ExchangeLine(Row, table=True):
    """The latest row of one file or one visit.

    ``record_id`` is the platform's number, ``of_record`` of a visit that of its file. ``content``
    is what the row said, ``filed`` what of that has gone into ``file_id``, and ``entry_id`` the
    planned visit that was made of it. ``kept`` are fields that somebody has to decide on,
    ``because`` why the file would not have it.
    """

    __tablename__ = "exchange_line"
    __table_args__ = (
        UniqueConstraint("province", "format", "record_id"),
        CheckConstraint(f"format IN ({listed(FORMATS)})", name="format"),
        CheckConstraint(f"status IN ({listed(LineStatus)})", name="status"),
        CheckConstraint("(format = 'visits') = (of_record IS NOT NULL)", name="of_record"),
        CheckConstraint("status <> 'filed' OR file_id IS NOT NULL", name="in_a_file"),
        CheckConstraint("(filed IS NULL) = (filed_at IS NULL)", name="filed_at"),
        CheckConstraint("(status = 'refused') = (because <> '')", name="because"),
        Index("ix_exchange_line_status", "province", "status"),
        Index("ix_exchange_line_file", "file_id"),
        *sealed_columns("content", "filed"),
        of_a_province(),
        Index("ix_exchange_line_entry", "entry_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    format: str = Field(sa_type=Text)
    record_id: str = Field(sa_type=Text)
    of_record: str | None = Field(default=None, sa_type=Text)
    updated_at: datetime = Field(sa_type=When)
    content: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    filed: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    status: str = Field(default=LineStatus.WAITING.value, sa_type=Text)
    because: str = Field(default="", sa_type=Text)
    kept: str = Field(default="", sa_type=Text)
    file_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="case_file.id")
    entry_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="case_visit.id")
    by_user: uuid.UUID = Field(sa_type=Key, foreign_key="user_account.id")
    taken_at: datetime = Field(sa_type=When)
    filed_at: datetime | None = Field(default=None, sa_type=When)


class ExchangeItem(Row, table=True):
    """Something of a line that waits for a person; decided once, never deleted.

    ``what`` is a field with what keeps it, a verdict or the codes of a refusal, and says nothing of
    who she is. It is for the MCH managers of where she lives: by her file, and by ``county`` while
    she has none.
    """

    __tablename__ = "exchange_item"
    __table_args__ = (
        CheckConstraint(f"format IN ({listed(FORMATS)})", name="format"),
        CheckConstraint(f"kind IN ({listed(ItemKind)})", name="kind"),
        CheckConstraint(f"decision IN ({listed(Decision)})", name="decision"),
        CheckConstraint("decision <> 'again' OR kind = 'refused'", name="again"),
        CheckConstraint("what <> ''", name="what"),
        CheckConstraint("length(county) = 6", name="county"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (by_user IS NULL) "
            "AND (decision IS NULL) = (by_org IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_at IS NULL OR decided_at >= opened_at", name="forward"),
        only_one(
            "uq_exchange_item_open",
            "province",
            "format",
            "record_id",
            "kind",
            "what",
            where="decided_at IS NULL",
        ),
        Index("ix_exchange_item_line", "line_id"),
        of_a_province(),
        Index("ix_exchange_item_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    county: str = Field(sa_type=Text)
    line_id: uuid.UUID = Field(sa_type=Key, foreign_key="exchange_line.id")
    file_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="case_file.id")
    format: str = Field(sa_type=Text)
    record_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    what: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=When)
    decision: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=When)
    by_user: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="user_account.id")
    by_org: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="organisation.id")
