"""The table of clinical sign-off; a signature is taken back by a later line, never removed."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from app.db_types import Key, When, listed, new_key, of_a_province
from app.rows import Row
from app.signing.states import Word

__all__ = ["RuleSignature"]


class RuleSignature(Row, table=True):
    """Somebody signed one wording of one row, or took that back.

    ``content_hash`` is that of the wording: a row that is changed later is unsigned again.
    ``by_user`` is the account, None where it was entered on the machine itself.
    """

    __tablename__ = "rule_signature"
    __table_args__ = (
        CheckConstraint(f"word IN ({listed(word.value for word in Word)})", name="word"),
        CheckConstraint("length(rule) > 0", name="rule"),
        CheckConstraint("length(content_hash) > 0", name="content_hash"),
        CheckConstraint("length(trim(signed_by)) > 0", name="signed_by"),
        CheckConstraint("length(trim(role)) > 0", name="role"),
        of_a_province(),
        Index("ix_rule_signature_rule", "rule", "content_hash"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    word: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    rule_set: str = Field(sa_type=Text)
    content_hash: str = Field(sa_type=Text)
    signed_by: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    by_user: uuid.UUID | None = Field(default=None, sa_type=Key)
    at: datetime = Field(sa_type=When)
