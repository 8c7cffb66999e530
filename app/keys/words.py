"""Words that people wrote, sealed in the row that they belong to.

Whatever has room for a sentence has room for a name and a telephone. A transaction knows the key
ring of its database, so that no act has to be handed it for the sake of one word.
"""

import uuid
from typing import Protocol

from sqlmodel import Session

from app.errors import NoDatabaseError
from app.keys.keyring import Bound, KeyRing

__all__ = ["KEYS", "keys_of", "put", "sealed", "told"]

KEYS = "greenchannel.keys"
"""Under which a session holds the key ring."""


class Row(Protocol):
    """A row with a key; its table is asked of its class."""

    id: uuid.UUID


def keys_of(session: Session) -> KeyRing:
    """Return the key ring of the database that a transaction is in."""
    keys: KeyRing | None = session.info.get(KEYS)
    if keys is None:
        raise NoDatabaseError
    return keys


def sealed(session: Session, table: type[Row], column: str, key: uuid.UUID, text: str) -> bytes:
    """Return a text sealed for one column of the row with this key."""
    return keys_of(session).seal(text, Bound(_name(table), column, key))


def put(session: Session, row: Row, **texts: str | None) -> None:
    """Seal texts into the columns of a row; None takes away what was there."""
    for column, text in texts.items():
        value = None if text is None else sealed(session, type(row), column, row.id, text)
        setattr(row, column, value)


def told(session: Session, row: Row, column: str) -> str | None:
    """Return what a column of a row says; None where it says nothing."""
    value: bytes | None = getattr(row, column)
    if value is None:
        return None
    return keys_of(session).open(value, Bound(_name(type(row)), column, row.id))


def _name(table: type[Row]) -> str:
    name: str = table.__tablename__  # type: ignore[attr-defined]
    return name
