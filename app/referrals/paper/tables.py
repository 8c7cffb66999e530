"""Tables of printed referral forms: which numbers were given out, and what became of each."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from app.db_types import Key, When, new_key, of_a_province
from app.rows import Row

__all__ = ["PaperForm", "PaperFormUse"]


class PaperForm(Row, table=True):
    """A number on a blank 转诊单, given to an organisation for when the line is dead.

    Never changed and never deleted: whether it was used is a row of :class:`PaperFormUse`.
    """

    __tablename__ = "paper_form"
    __table_args__ = (
        CheckConstraint("length(number) BETWEEN 8 AND 20", name="number"),
        of_a_province(),
        Index("ix_paper_form_issued_to", "issued_to"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    number: str = Field(sa_type=Text, unique=True)
    issued_to: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    issued_at: datetime = Field(sa_type=When)
    issued_by: uuid.UUID = Field(sa_type=Key)


class PaperFormUse(Row, table=True):
    """A form became a referral: each form once, each referral from one form."""

    __tablename__ = "paper_form_use"
    __table_args__ = (of_a_province(), {"sqlite_strict": True})

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    form_id: uuid.UUID = Field(sa_type=Key, foreign_key="paper_form.id", unique=True)
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id", unique=True)
    used_at: datetime = Field(sa_type=When)
