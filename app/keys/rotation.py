"""Bringing every sealed field under another key while everybody goes on working.

The new key is in the file before it is used. From then on new values are sealed with it; old ones
are gone through in batches, each a short transaction that waits for nobody: a row that somebody
else has locked is left for the next round. What was done stays done, so a run that ends early is
simply started again.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    LargeBinary,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)

from app.db import Database
from app.db_types import metadata
from app.keys.ciphers import Cipher
from app.keys.errors import (
    KeyInUseError,
    RetiredTooSoonError,
    SealBrokenError,
    UnknownKeyVersionError,
)
from app.keys.keyring import HEADER_BYTES, Bound, KeyRing, header_of
from app.keys.sealed import SealedTable, sealed_tables

__all__ = ["Swept", "activate", "prepare", "retire", "sweep"]

BATCH, PAGE = 200, 2_000
PAUSE_S = 0.005
"""Between two batches: whoever waits for the one writer of SQLite gets a turn."""
ROUNDS = 100
SETTLED_AFTER = timedelta(seconds=60)
"""No transaction lives that long (``idle_in_transaction_session_timeout`` is 10 s)."""
FIRST = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many fields were sealed anew, how many rows do not open, how many others held."""

    fields: int
    broken: int
    held: int


def prepare(database: Database, keys: KeyRing, cipher: Cipher) -> int:
    """Add a version that is not used yet, so that the file can be copied to every server first."""
    with keys.alone():
        ring = keys.ring().with_new(cipher, _now(database))
        keys.replace(ring)
        return ring.newest


def activate(database: Database, keys: KeyRing, cipher: Cipher) -> int:
    """Seal what is new with another version: the prepared one of this cipher, or a new one."""
    with keys.alone():
        ring, now = keys.ring(), _now(database)
        waiting = [n for n, v in ring.versions.items() if n > ring.active and v.cipher is cipher]
        if not waiting:
            ring = ring.with_new(cipher, now)
        keys.replace(ring.with_active(waiting[0] if waiting else ring.newest, now))
        return keys.ring().active


def sweep(database: Database, keys: KeyRing, *, tell: Callable[[int], None] | None = None) -> Swept:
    """Seal every field with the active version.

    Parameters
    ----------
    tell
        Called after each batch with the number of fields so far.
    """
    fields, held, broken = 0, 0, set[uuid.UUID]()
    for _ in range(ROUNDS):
        held = 0
        for one in sealed_tables(metadata):
            for ids in _stale(database, keys, one):
                done, bad, missed = _reseal(database, keys, one, ids)
                fields, held, broken = fields + done, held + missed, broken | bad
                if tell is not None:
                    tell(fields)
                time.sleep(PAUSE_S)
        if not held and not _any_stale(database, keys, broken):
            break
    return Swept(fields, len(broken), held)


def retire(database: Database, keys: KeyRing, number: int) -> None:
    """Take a version off the ring. What it sealed, a backup too, is never read again.

    Raises
    ------
    KeyActiveError
        It seals what is new.
    RetiredTooSoonError
        It did so a moment ago.
    KeyInUseError
        A field is still sealed with it.
    """
    with keys.alone():
        ring = keys.ring()
        smaller, version = ring.without(number), ring.version(number)
        if version.replaced_at is not None:
            wait = version.replaced_at + SETTLED_AFTER - _now(database)
            if wait > timedelta(0):
                raise RetiredTooSoonError(number, int(wait.total_seconds()) + 1)
        header = header_of(version.number, version.cipher)
        for one in sealed_tables(metadata):
            for column in one.columns:
                sealed_with = _header(one.table.c[column]) == literal(header, LargeBinary)
                if next(_pages(database, one, sealed_with), None):
                    raise KeyInUseError(number, one.table.name, column)
        keys.replace(smaller)


def _any_stale(database: Database, keys: KeyRing, broken: set[uuid.UUID]) -> bool:
    """Tell whether somebody still wrote with an older version after the sweep came by."""
    return any(
        not broken.issuperset(ids)
        for one in sealed_tables(metadata)
        for ids in _stale(database, keys, one)
    )


def _stale(database: Database, keys: KeyRing, one: SealedTable) -> Iterator[list[uuid.UUID]]:
    """Yield the rows with a field that is not sealed with the active version, in batches."""
    header = literal(keys.header(), LargeBinary)
    other = or_(*(_header(one.table.c[column]) != header for column in one.columns))
    for ids in _pages(database, one, other):
        for first in range(0, len(ids), BATCH):
            yield ids[first : first + BATCH]


def _pages(
    database: Database, one: SealedTable, wanted: ColumnElement[bool]
) -> Iterator[list[uuid.UUID]]:
    """Yield the keys of the rows that are wanted; each statement looks at one page of the table."""
    key, last = one.table.c.id, FIRST
    while True:
        page = select(key, wanted.label("wanted")).where(key > last).order_by(key).limit(PAGE)
        with database.reading() as session:
            rows = session.execute(page).all()
        if not rows:
            return
        last = rows[-1][0]
        if found := [row[0] for row in rows if row[1]]:
            yield found


def _reseal(
    database: Database, keys: KeyRing, one: SealedTable, ids: Sequence[uuid.UUID]
) -> tuple[int, set[uuid.UUID], int]:
    """Seal the fields of some rows anew: how many, which rows do not open, how many were held."""
    table, key = one.table, one.table.c.id
    columns = [table.c[name] for name in one.columns]
    free = select(key, *columns).where(key.in_(ids)).with_for_update(skip_locked=True)
    anew: dict[str, BindParameter[bytes]] = {n: bindparam(f"new_{n}") for n in one.columns}
    placed = update(table).where(key == bindparam("row_id")).values(anew)
    broken, fields = set[uuid.UUID](), 0
    with database.writing() as session:
        rows = session.execute(free).all()
        for row_id, *values in rows:
            try:
                new, done = _sealed_anew(keys, one, row_id, values)
            except (SealBrokenError, UnknownKeyVersionError):
                broken.add(row_id)
                continue
            # One statement a row: only then does whoever keeps account of rows learn which ones.
            session.execute(placed, {"row_id": row_id} | new)
            fields += done
    return fields, broken, len(ids) - len(rows)


def _sealed_anew(
    keys: KeyRing, one: SealedTable, row_id: uuid.UUID, values: Sequence[bytes | None]
) -> tuple[dict[str, bytes | None], int]:
    """Return the fields of a row under the active version, and how many were not."""
    header = keys.header()
    new, done = dict[str, bytes | None](), 0
    for column, value in zip(one.columns, values, strict=True):
        if value is not None and value[:HEADER_BYTES] != header:
            bound = Bound(one.table.name, column, row_id)
            value, done = keys.seal(keys.open(value, bound), bound), done + 1
        new[f"new_{column}"] = value
    return new, done


def _header(column: ColumnElement[bytes]) -> ColumnElement[bytes]:
    """Return what says with which key a field was sealed; null where there is no field."""
    return func.substr(column, 1, HEADER_BYTES, type_=LargeBinary)


def _now(database: Database) -> datetime:
    with database.reading() as session:
        return database.now(session)
