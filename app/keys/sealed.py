"""Columns that hold sealed values. A column of this type is in every list of them.

Rotation, the search for a planted name and the documents all take the list from here, so that
nobody has to remember to enter a new column anywhere.
"""

from typing import NamedTuple

from sqlalchemy import CheckConstraint, Dialect, LargeBinary, MetaData, Table
from sqlalchemy.types import TypeDecorator

from app.keys.keyring import INDEX_BYTES, OVERHEAD

__all__ = [
    "UNSEALED",
    "Index16",
    "Sealed",
    "SealedTable",
    "index_columns",
    "sealed_columns",
    "sealed_tables",
]


UNSEALED = b""
"""What a column that must be there holds until it is sealed; it cannot be stored."""


class Sealed(TypeDecorator[bytes]):
    """A value that only the key ring opens."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Write a value; one that nobody sealed is an error of the caller, and is not shown."""
        if value is not None and (not isinstance(value, bytes) or len(value) < OVERHEAD):
            raise ValueError("a value that was not sealed cannot be stored here")
        return value


class Index16(TypeDecorator[bytes]):
    """What a value is looked up by."""

    impl = LargeBinary
    cache_ok = True


class SealedTable(NamedTuple):
    """A table and those of its columns that are sealed; its rows are told apart by ``id``."""

    table: Table
    columns: tuple[str, ...]


def sealed_tables(metadata: MetaData) -> tuple[SealedTable, ...]:
    """Return every table that has sealed columns."""
    found = (
        SealedTable(table, tuple(c.name for c in table.columns if isinstance(c.type, Sealed)))
        for table in metadata.sorted_tables
    )
    return tuple(one for one in found if one.columns)


def sealed_columns(*columns: str) -> list[CheckConstraint]:
    """Let the database refuse what is too short to be sealed."""
    return [
        CheckConstraint(f"{name} IS NULL OR length({name}) >= {OVERHEAD}", name=f"{name}_sealed")
        for name in columns
    ]


def index_columns(*columns: str) -> list[CheckConstraint]:
    """Let the database refuse what is no index."""
    return [
        CheckConstraint(f"{name} IS NULL OR length({name}) = {INDEX_BYTES}", name=name)
        for name in columns
    ]
