"""Tables of the record: entries, the end of every chain, and seals.

Entries and seals are added and never changed (triggers of the fifth migration). Their number, not
a UUID, is the key: the order is what they are there for.
"""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, Text, UniqueConstraint
from sqlmodel import Field

from app.db_types import Flag, Key, When, of_a_province
from app.rows import Row

__all__ = ["AuditChain", "AuditEntry", "AuditSeal"]

_OF_ITSELF = {"sqlite_strict": True, "info": {"untraced": "the record itself; chains and seals"}}


def _number() -> Column[int]:
    kind = BigInteger().with_variant(Integer(), "sqlite")
    return Column(kind, primary_key=True, autoincrement=False)


class AuditEntry(Row, table=True):
    """Who did or saw what, and which rows the transaction wrote; never changed, never deleted.

    ``wrote`` is a list of table, key and digest of each row. Values of a patient are nowhere.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("chain", "seq", name="uq_audit_entry_chain"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("length(hash) = 64 AND length(prev_hash) = 64", name="hash"),
        of_a_province(),
        _OF_ITSELF,
    )

    number: int = Field(sa_column=_number())
    province: str = Field(sa_type=Text)
    chain: str = Field(sa_type=Text)
    seq: int
    prev_hash: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=When)
    by_user: uuid.UUID | None = Field(default=None, sa_type=Key)
    by_org: uuid.UUID | None = Field(default=None, sa_type=Key)
    role: str | None = Field(default=None, sa_type=Text)
    act: str = Field(sa_type=Text)
    object_kind: str | None = Field(default=None, sa_type=Text)
    object_id: str | None = Field(default=None, sa_type=Text)
    scope: str | None = Field(default=None, sa_type=Text)
    why: str | None = Field(default=None, sa_type=Text)
    changed: str | None = Field(default=None, sa_type=Text)
    client: str | None = Field(default=None, sa_type=Text)
    is_read: bool = Field(default=False, sa_type=Flag)
    wrote: str | None = Field(default=None, sa_type=Text)


class AuditChain(Row, table=True):
    """Where a chain ends: what the next entry follows, and what is locked while it is added."""

    __tablename__ = "audit_chain"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("length(hash) = 64", name="hash"),
        of_a_province(),
        _OF_ITSELF,
    )

    chain: str = Field(primary_key=True, sa_type=Text)
    province: str = Field(sa_type=Text)
    seq: int
    hash: str = Field(sa_type=Text)


class AuditSeal(Row, table=True):
    """All entries since the seal before, under a key that is not in the database.

    ``root`` is the hash over number and hash of each entry, ``mac`` the authentication of this row
    and through ``prev_mac`` of all seals before it.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (
        CheckConstraint("first_entry <= last_entry AND entries >= 1", name="range"),
        CheckConstraint("length(mac) = 64 AND length(root) = 64", name="mac"),
        UniqueConstraint("prev_mac", name="uq_audit_seal_follows"),
        of_a_province(),
        _OF_ITSELF,
    )

    number: int = Field(sa_column=_number())
    province: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=When)
    first_entry: int = Field(sa_type=BigInteger().with_variant(Integer(), "sqlite"))
    last_entry: int = Field(sa_type=BigInteger().with_variant(Integer(), "sqlite"))
    entries: int
    root: str = Field(sa_type=Text)
    prev_mac: str = Field(sa_type=Text)
    mac: str = Field(sa_type=Text)
