"""Everything that can be checked of a database, in one look at one moment of it."""

import contextlib
import time
from collections.abc import Generator
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from app.audit import store
from app.audit.sealing import Kept
from app.audit.tables import AuditSeal
from app.db import Database
from app.keyfile import KeyFileError, read_key
from app.verifying.entries import Chains, Digests, Seals
from app.verifying.findings import Finding, Report
from app.verifying.invariants import broken
from app.verifying.of_rooms import ReckonRooms

__all__ = ["at_one_moment", "examine", "intact", "verify"]


def verify(
    database: Database, *, key_file: Path, outside: Kept | None, rooms: ReckonRooms | None = None
) -> Report:
    """Check rows, chains, seals and invariants as of one moment, while others go on writing.

    ``rooms`` reckons from the network what there is for bookings; without it that is not asked.

    Without the key the seals are compared with the file outside only, and that is a finding; None
    for ``outside`` compares with none.
    """
    try:
        key = read_key(key_file)
    except KeyFileError:
        key = None
    with database.reading() as session:
        at_one_moment(session)
        return examine(session, key=key, outside=outside, rooms=rooms)


def examine(
    session: Session,
    *,
    key: bytes | None,
    outside: Kept | None,
    without: frozenset[str] = frozenset(),
    rooms: ReckonRooms | None = None,
) -> Report:
    """Check what a transaction sees; ``without`` leaves looks out, to show what each is for."""
    began = time.perf_counter()
    chains, digests = Chains(), Digests()
    seals, unreadable = _seals(session)
    looks = (chains, digests, Seals(seals, key, outside))
    found = unreadable + list(_found(session, looks, without))
    if rooms is not None:
        found += rooms(session)
    took = time.perf_counter() - began
    return Report(tuple(found), chains.count, len(seals), digests.count, took)


def intact(
    session: Session,
    *,
    key: bytes | None,
    outside: Kept | None,
    without: frozenset[str] = frozenset(),
) -> bool:
    """Tell whether there is nothing to find; the first thing found ends the search."""
    seals, unreadable = _seals(session)
    looks = (Chains(), Digests(), Seals(seals, key, outside))
    with contextlib.closing(_found(session, looks, without)) as found:
        return not unreadable and next(found, None) is None


def _seals(session: Session) -> tuple[tuple[AuditSeal, ...], list[Finding]]:
    """Return the seals; one that cannot even be read makes all of them worthless."""
    try:
        return tuple(store.seals(session)), []
    except ValueError:
        return (), [Finding("audit_seal", "-", "seal_changed")]


def _found(
    session: Session, looks: tuple[Chains, Digests, Seals], without: frozenset[str]
) -> Generator[Finding, None, None]:
    used = [look for look in looks if type(look).__name__ not in without]
    for entry in store.entries(session):
        for look in used:
            yield from look.see(entry)
    for look in used:
        yield from look.end(session)
    if "broken" not in without:
        yield from broken(session)


def at_one_moment(session: Session) -> None:
    """See the database as it is now until the end, and take the time it takes."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(
            text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        )
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            session.connection().execute(text(f"SET LOCAL {limit} = 0"))
