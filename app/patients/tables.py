"""Tables of patients."""

import uuid

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db_types import Key, new_key, of_a_province

__all__ = ["Patient"]


class Patient(SQLModel, table=True):
    """Somebody who is referred; a newborn belongs to a mother, by order of birth.

    Identity comes later and in encrypted fields of its own; nothing here says who it is.
    """

    __tablename__ = "patient"
    __table_args__ = (
        CheckConstraint("kind IN ('maternal', 'newborn')", name="kind"),
        CheckConstraint(
            "(kind = 'maternal' AND mother_id IS NULL AND birth_order IS NULL) "
            "OR (kind = 'newborn' AND (mother_id IS NULL) = (birth_order IS NULL))",
            name="newborn",
        ),
        CheckConstraint("birth_order IS NULL OR birth_order >= 1", name="birth_order"),
        UniqueConstraint("mother_id", "birth_order"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    mother_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="patient.id")
    birth_order: int | None = None
