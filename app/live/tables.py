"""The table of changes that screens are told of."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer, Text
from sqlmodel import Column, Field

from app.db_types import Key, When, of_a_province
from app.rows import Row

__all__ = ["Change"]

_Number = BigInteger().with_variant(Integer, "sqlite")


class Change(Row, table=True):
    """Something has changed, and who may know: no word of what, and nothing of a person.

    ``written_in`` is the transaction that wrote it, as PostgreSQL counts them; 0 on SQLite, where
    writers follow each other. ``number`` is handed out before the commit: by itself it says
    nothing of the order in which rows come to be seen. ``orgs`` and ``divisions`` are lists,
    divided by spaces. The key is the number, for that is what a screen comes back with. Old ones
    are pruned, all but the last.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("length(kind) BETWEEN 1 AND 40", name="kind"),
        CheckConstraint("version >= 0", name="version"),
        of_a_province(),
        {"sqlite_strict": True, "info": {"untraced": "a hint to screens"}},
    )

    number: int | None = Field(
        default=None, sa_column=Column(_Number, primary_key=True, autoincrement=True)
    )
    written_in: int = Field(default=0, sa_column=Column(_Number, nullable=False, index=True))
    province: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    subject_id: uuid.UUID = Field(sa_type=Key)
    version: int
    orgs: str = Field(sa_type=Text)
    divisions: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=When)
