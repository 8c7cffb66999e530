"""Column types that mean the same on SQLite and PostgreSQL, and how constraints are named."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Dialect,
    Index,
    Integer,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel
from uuid_utils.compat import uuid7

__all__ = [
    "Flag",
    "Key",
    "Moment",
    "When",
    "listed",
    "metadata",
    "new_key",
    "of_a_province",
    "only_one",
]

SQLITE = "sqlite"
Moment = datetime | ColumnElement[datetime]
"""A time that is known, or one that a statement is given or asks for."""

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_key() -> uuid.UUID:
    """Return a UUIDv7: keys of one process rise with time."""
    return uuid7()


def listed(values: Iterable[str]) -> str:
    """Return values as ``IN (…)`` lists them."""
    return ", ".join(f"'{value}'" for value in values)


def of_a_province() -> CheckConstraint:
    """Say that a row knows its province, by the two digits of its code."""
    return CheckConstraint("length(province) = 2", name="province")


def only_one(name: str, *columns: str, where: str) -> Index:
    """Allow one row of these values among those for which ``where`` is true."""
    return Index(
        name, *columns, unique=True, postgresql_where=text(where), sqlite_where=text(where)
    )


class Key(TypeDecorator[uuid.UUID]):
    """A UUID; text of 36 characters on SQLite."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the database."""
        return dialect.type_descriptor(Text() if dialect.name == SQLITE else Uuid())

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> object:
        """Write a key."""
        return str(value) if value is not None and dialect.name == SQLITE else value

    def process_result_value(self, value: object, dialect: Dialect) -> uuid.UUID | None:
        """Read a key."""
        return uuid.UUID(value) if isinstance(value, str) else value  # type: ignore[return-value]


class When(TypeDecorator[datetime]):
    """A moment in UTC to the microsecond; on SQLite text that sorts by time."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the database."""
        return dialect.type_descriptor(
            Text() if dialect.name == SQLITE else TIMESTAMP(timezone=True)
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Write a moment; one without a zone is an error of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored; give it one")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == SQLITE else moment

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        """Read a moment."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if isinstance(value, datetime) else None


class Flag(TypeDecorator[bool]):
    """True or false; 0 and 1 on SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the database."""
        return dialect.type_descriptor(Integer() if dialect.name == SQLITE else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> object:
        """Write a flag."""
        return int(value) if value is not None and dialect.name == SQLITE else value

    def process_result_value(self, value: object, dialect: Dialect) -> bool | None:
        """Read a flag."""
        return None if value is None else bool(value)
