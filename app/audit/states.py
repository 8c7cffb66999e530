"""What the record is made of: chains, acts, and how they are hashed.

Every entry belongs to a chain and names the hash of the entry before it. An entry also holds a
digest of every row that its transaction wrote; what stands in a table must be what an entry says.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

__all__ = [
    "GENESIS",
    "GONE",
    "LANES",
    "NOBODY",
    "Chain",
    "Said",
    "chain_of",
    "entry_hash",
    "key_of",
    "lane",
    "row_digest",
    "stored_as",
]

GENESIS = "0" * 64
"""What the first entry of a chain names as the hash before it."""
GONE = ""
"""What stands in the place of the digest of a row that was deleted."""
LANES = 16
"""So many chains for what nobody recorded; one would make all writers wait for each other."""
DIGITS = 32
"""128 bits: enough that nobody finds other values with the digest of a row."""


class Chain(StrEnum):
    """What a chain of entries is about."""

    REFERRAL = "referral"
    PATIENT = "patient"
    CASE_FILE = "case_file"
    ACCOUNT = "account"
    CENTRE = "centre"
    INSTALLATION = "installation"
    WRITES = "writes"


def chain_of(kind: Chain, subject: uuid.UUID | str = "") -> str:
    """Return the name of a chain: ``referral:0199…``, ``installation``."""
    return f"{kind}:{subject}" if subject else str(kind)


def lane(number: int) -> str:
    """Return a chain for writes that no act speaks of."""
    return chain_of(Chain.WRITES, f"{number % LANES:02d}")


@dataclass(frozen=True, slots=True)
class Said:
    """One act or one look, before it has its place in a chain.

    ``scope`` is why the actor could see it (``party``, ``own``, ``area``, ``break_glass``), ``why``
    the coded purpose. ``changed`` names columns, never values. ``client`` is a hash.
    """

    province: str
    act: str
    by_user: uuid.UUID | None = None
    by_org: uuid.UUID | None = None
    role: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    scope: str | None = None
    why: str | None = None
    changed: str | None = None
    client: str | None = None
    is_read: bool = False


NOBODY = "write"
"""The act of a transaction that wrote rows and recorded nothing."""


def entry_hash(values: Mapping[str, object]) -> str:
    """Return the hash of an entry over all its columns, the hash of the one before among them.

    Its own hash is no part of it, whether it is there or not.
    """
    names = _hashed(tuple(values))
    return hashlib.sha256(_canonical(names, [values[name] for name in names])).hexdigest()


def row_digest(names: Sequence[str], values: Sequence[object]) -> str:
    """Return the digest of a row, its columns in the order of their names.

    Columns without a value are left out, so that a step of the database that adds one changes no
    digest.
    """
    return hashlib.sha256(_canonical(names, values)).hexdigest()[:DIGITS]


def key_of(values: tuple[object, ...]) -> str:
    """Return the key of a row as text; parts of several columns so that no two keys agree."""
    if len(values) == 1:
        only = values[0]
        return only if type(only) is str else str(stored_as(only))
    parts = [str(stored_as(value)) for value in values]
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def _canonical(names: Sequence[str], values: Sequence[object]) -> bytes:
    """Return names and values so that no two rows look the same: the length stands before each."""
    # One expression and not a loop: it runs for every value of every row that is checked.
    return ";".join(
        [
            f"{name}={len(plain)}:{plain}"
            for name, value in zip(names, values, strict=True)
            if value is not None
            for plain in (
                value
                if type(value) is str
                else str(value)
                if type(value) is int
                else str(stored_as(value)),
            )
        ]
    ).encode()


@cache
def _hashed(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of an entry that its hash is over, in the order of their names."""
    return tuple(sorted(name for name in names if name != "hash"))


@lru_cache(maxsize=4_096)
def _key_as_text(number: int) -> str:
    """Return a key as text; the keys of a file and of who acts stand in many rows."""
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=4_096)
def _moment_as_text(moment: datetime) -> str:
    """Return a moment as text; the moment of an act stands in all its rows."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def stored_as(value: object) -> str | int | float:
    """Return a value as SQLite keeps it, so that a row has one digest on both databases."""
    kind = type(value)
    if kind is uuid.UUID:  # half of what is no text already
        return _key_as_text(value.int)  # type: ignore[attr-defined]
    if kind is datetime:
        return _moment_as_text(value)
    if kind is str or kind is int or kind is float:
        return value  # type: ignore[return-value]
    if isinstance(value, datetime):
        return _moment_as_text(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, uuid.UUID | Decimal | str):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    raise TypeError(f"no digest of a {kind.__name__}; teach app.audit.states how it is written")
