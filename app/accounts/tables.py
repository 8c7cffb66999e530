"""Tables of organisations."""

import uuid

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field, SQLModel

from app.db_types import Key, new_key, of_a_province

__all__ = ["Organisation"]


class Organisation(SQLModel, table=True):
    """An institution, a community of them, 120 dispatch, or a health commission."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('institution', 'community', 'mch', 'ems120', 'county_commission', "
            "'prefecture_commission', 'province_commission')",
            name="kind",
        ),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    name_zh: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    facility_id: str | None = Field(default=None, sa_type=Text, unique=True)
