"""Cursor paging over records that are sorted by an identifier."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from app.documents import ParameterError
from geodata.check import Fault

__all__ = ["DEFAULT_LIMIT", "LARGEST_LIMIT", "cut", "decode", "encode", "page"]

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 500

Item = TypeVar("Item")
Key = TypeVar("Key")


def encode(key: str) -> str:
    """Return the cursor that stands for a key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode(cursor: str, read: Callable[[str], Key]) -> Key:
    """Return the key that a cursor stands for; ``read`` makes it of a text."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return read(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
    except (binascii.Error, ValueError):
        fault = Fault("request", None, "cursor", cursor, "unknown_code", "`next` of a page")
        raise ParameterError(fault) from None


def page(
    items: Sequence[Item], key: Callable[[Item], str], cursor: str | None, limit: int
) -> tuple[Sequence[Item], str | None]:
    """Return the entries after ``cursor`` and the cursor of the next page."""
    rest = list(items)
    if cursor is not None:
        last = decode(cursor, str)
        rest = [item for item in rest if key(item) > last]
    return cut(rest, key, limit)


def cut(
    found: Sequence[Item], key: Callable[[Item], str], limit: int
) -> tuple[Sequence[Item], str | None]:
    """Return a page of what was found, and the cursor of the next where more was."""
    shown = found[:limit]
    return shown, encode(key(shown[-1])) if len(found) > limit else None
