"""Words that people wrote, sealed in the row that they belong to.

Whatever has room for a sentence has room for a name and a telephone. A transaction knows the key
ring of its database, so that no act has to be handed it for the sake of one word.
"""

import json
import logging
import uuid
from typing import Any, Protocol

from sqlmodel import Session

from app.errors import NoDatabaseError
from app.keys.errors import KeyRingMissingError, SealBrokenError, UnknownKeyVersionError
from app.keys.keyring import Bound, KeyRing
from app.writing import put_by

__all__ = ["KEYS", "document", "keys_of", "opened", "put", "sealed", "told", "told_if_it_opens"]

LOGGER = logging.getLogger("greenchannel.keys")
KEYS = "greenchannel.keys"
"""Under which a session holds the key ring."""


NAME = "words"


class _Spoken:
    """What a batch has sealed or opened: it need not be opened to be read again."""

    def __init__(self) -> None:
        self.texts: dict[tuple[uuid.UUID, str, bytes], str] = {}

    def part_ends(self, *, kept: bool) -> None:
        """Let nothing go: who asks for a word that was sealed has the row that it is in."""

    def write(self, session: Session) -> None:
        """Write nothing."""


class Row(Protocol):
    """A row with a key; its table is asked of its class."""

    id: uuid.UUID

    def model_dump(self) -> dict[str, Any]:
        """Return the columns by name."""


def keys_of(session: Session) -> KeyRing:
    """Return the key ring of the database that a transaction is in."""
    keys: KeyRing | None = session.info.get(KEYS)
    if keys is None:
        raise NoDatabaseError
    return keys


def sealed(session: Session, table: type[Row], column: str, key: uuid.UUID, text: str) -> bytes:
    """Return a text sealed for one column of the row with this key."""
    value = keys_of(session).seal(text, Bound(_name(table), column, key))
    if (spoken := put_by(session, NAME, _Spoken)) is not None:
        spoken.texts[key, column, value] = text
    return value


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
    spoken, place = put_by(session, NAME, _Spoken), (row.id, column, value)
    text = None if spoken is None else spoken.texts.get(place)
    if text is None:
        text = keys_of(session).open(value, Bound(_name(type(row)), column, row.id))
        if spoken is not None:
            spoken.texts[place] = text
    return text


def document(session: Session, row: Row, column: str) -> Any:  # noqa: ANN401  as json reads it
    """Return the JSON document in a column of a row."""
    return json.loads(told(session, row, column) or "null")


def told_if_it_opens(session: Session, row: Row, column: str) -> str | None:
    """Return what a column says; None where it does not open, too, and the log names the row.

    For what is read of many rows at once: one that was spoilt must not keep the others back.
    """
    try:
        return told(session, row, column)
    except (KeyRingMissingError, SealBrokenError, UnknownKeyVersionError) as error:
        LOGGER.warning("%s.%s of %s: %s", _name(type(row)), column, row.id, type(error).__name__)
        return None


def opened(session: Session, row: Row, *columns: str) -> dict[str, object]:
    """Return the columns of a row for a document, with these of them opened and no others."""
    return {**row.model_dump(), **{column: told(session, row, column) for column in columns}}


def _name(table: type[Row]) -> str:
    name: str = table.__tablename__  # type: ignore[attr-defined]
    return name
