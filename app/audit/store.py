"""Every statement on the record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.audit.statements import (
    KEYS,
    PARAMETER,
    Covered,
    adding,
    clock,
    ending,
    ends_of,
    moving,
    of_table,
    turn,
)
from app.audit.states import GENESIS, Said, entry_hash
from app.audit.tables import AuditEntry, AuditSeal
from app.db_types import metadata

__all__ = [
    "SEALER",
    "TURN",
    "append",
    "append_all",
    "chains",
    "entries",
    "last_settled",
    "page_between",
    "page_of",
    "rows_of",
    "seals",
]

AT_ONCE = 500
STREAMED = {"yield_per": 2_000}
PATIENCE_MS = 300
"""So long writers may be kept waiting by who seals; it tries again later."""
TURN, SEALER = 7_310_577_001, 7_310_577_002
"""Locks of PostgreSQL: shared by whoever adds entries, and of the one who seals."""
_SAID = [one.name for one in fields(Said)]
_ENTRY, _CHAIN = metadata.tables["audit_entry"], metadata.tables["audit_chain"]


def rows_of(
    session: Session,
    of: Covered,
    keys: Sequence[tuple[object, ...]] | None = None,
    *,
    own: bool = False,
) -> Iterator[Sequence[object]]:
    """Yield rows as they are stored: all, or those with ``keys``, which are then locked.

    Of its ``own``, which this transaction has inserted, nobody else knows: they need no lock, and
    to lock them takes the right to change them.
    """
    if keys is None:
        with session.connection().execute(of.every, execution_options=STREAMED) as found:
            yield from found
        return
    asked = [key[0] for key in keys] if len(of.key) == 1 else list(keys)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        yield from session.connection().execute(of.own if own else of.some, {KEYS: some})


def append(session: Session, chain: str, said: Sequence[tuple[Said, str | None]]) -> None:
    """Add entries at the end of a chain, which nobody else does until this transaction ends.

    One statement finds the end, makes it where there is none, locks it, and takes a number.
    """
    of_sqlite = session.get_bind().dialect.name == "sqlite"
    run = session.connection().execute
    end = {"e_chain": chain, "e_province": said[0][0].province, "n": len(said)}
    seq, before, number, at = run(ending(of_sqlite), end).one()
    for place, (one, wrote) in enumerate(said):
        if place:
            number = number + 1 if of_sqlite else run(select(turn(of_sqlite))).scalar_one()
        seq_of = seq - len(said) + 1 + place
        values = _entry(one, wrote, number=number, chain=chain, seq=seq_of, before=before, at=at)
        before = values["hash"]
        line = {PARAMETER + name: value for name, value in values.items()}
        for statement in adding(of_sqlite):
            run(statement, line)


def _entry(
    said: Said,
    wrote: str | None,
    *,
    number: int,
    chain: str,
    seq: int,
    before: str,
    at: datetime,
) -> dict[str, Any]:
    """Return an entry as it is written, sealed to the one before it."""
    values: dict[str, Any] = {name: getattr(said, name) for name in _SAID} | {
        "number": number,
        "chain": chain,
        "seq": seq,
        "prev_hash": before,
        "at": at,
        "wrote": wrote,
    }
    return values | {"hash": entry_hash(values)}


def append_all(session: Session, chains: Mapping[str, Sequence[tuple[Said, str | None]]]) -> None:
    """Add entries at the ends of many chains, as :func:`append` at each; a statement for all.

    The ends are locked in the order of their names, as by everybody.
    """
    if not chains:
        return
    of_sqlite = session.get_bind().dialect.name == "sqlite"
    run = session.connection().execute
    wanted = [
        {"chain": chain, "province": said[0][0].province, "seq": len(said), "hash": GENESIS}
        for chain, said in sorted(chains.items())
    ]
    ends = {chain: (seq, before) for chain, seq, before in run(ends_of(of_sqlite), wanted)}
    count = sum(map(len, chains.values()))
    numbers, at = _numbers(session, count, of_sqlite=of_sqlite)
    lines, moved = [], []
    for chain, said in sorted(chains.items()):
        seq, before = ends[chain]
        for place, (one, wrote) in enumerate(said):
            seq_of, number = seq - len(said) + 1 + place, next(numbers)
            line = _entry(one, wrote, number=number, chain=chain, seq=seq_of, before=before, at=at)
            before = line["hash"]
            lines.append(line)
        moved.append({"e_chain": chain, "e_hash": before})
    run(_ENTRY.insert(), lines)
    run(moving(), moved)


def _numbers(session: Session, count: int, *, of_sqlite: bool) -> tuple[Iterator[int], datetime]:
    """Return so many numbers that rise, and the time by the clock of the database."""
    asked = select(turn(of_sqlite), clock(of_sqlite))
    if of_sqlite:
        first, at = session.connection().execute(asked).one()
        return iter(range(first, first + count)), at
    several = func.generate_series(1, count).table_valued()
    rows = session.connection().execute(asked.select_from(several)).all()
    return iter(sorted(number for number, _ in rows)), rows[-1][1]


def entries(
    session: Session, *, after: int = 0, to: int | None = None
) -> Iterator[Mapping[str, object]]:
    """Yield entries by number, as they are stored."""
    names = [column.name for column in _ENTRY.columns]
    asked = of_table("audit_entry").where(_ENTRY.c.number > after).order_by(_ENTRY.c.number)
    if to is not None:
        asked = asked.where(_ENTRY.c.number <= to)
    # Whoever stops early lets go of what the server still holds.
    with session.connection().execute(asked, execution_options=STREAMED) as found:
        for row in found:
            yield dict(zip(names, row, strict=True))


def chains(session: Session) -> Iterable[tuple[str, str, int, str]]:
    """Return name, province, last number and hash of every chain."""
    found = session.connection().execute(
        select(_CHAIN.c.chain, _CHAIN.c.province, _CHAIN.c.seq, _CHAIN.c.hash)
    )
    return [(str(a), str(b), int(c), str(d)) for a, b, c, d in found]


def seals(session: Session) -> Sequence[AuditSeal]:
    """Return all seals, first one first."""
    return session.exec(select_rows(AuditSeal).order_by(col(AuditSeal.number))).all()


def last_settled(session: Session) -> int | None:
    """Return the last number below which no entry can appear any more.

    PostgreSQL hands numbers out before commit: wait until all who have one are through, and let
    nobody take one meanwhile. None where somebody else is sealing, or one of them takes too long.
    """
    highest = select(func.max(_ENTRY.c.number))
    if session.get_bind().dialect.name == "sqlite":
        return session.connection().execute(highest).scalar_one() or 0
    asked = session.connection().execute
    if not asked(select(func.pg_try_advisory_xact_lock(SEALER))).scalar_one():
        return None
    # Undoing this part of the transaction lets go of the lock before the long work begins.
    part = session.begin_nested()
    try:
        asked = session.connection().execute
        asked(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
        asked(select(func.pg_advisory_xact_lock(TURN)))
        return asked(highest).scalar_one() or 0
    except OperationalError:
        return None
    finally:
        part.rollback()


def page_of(
    session: Session,
    *,
    chain: str | None,
    province: str,
    after: int | None,
    limit: int,
    newest: bool = False,
) -> Sequence[AuditEntry]:
    """Return entries of a province behind a number, of one chain or of all.

    With ``newest`` the last one comes first, and those below the number follow.
    """
    number = col(AuditEntry.number)
    asked = select_rows(AuditEntry).where(AuditEntry.province == province)
    if after is not None:
        asked = asked.where(number < after if newest else number > after)
    if chain is not None:
        asked = asked.where(AuditEntry.chain == chain)
    return session.exec(asked.order_by(number.desc() if newest else number).limit(limit)).all()


def page_between(
    session: Session, *, since: datetime, until: datetime, after: int, limit: int = AT_ONCE
) -> list[Mapping[str, object]]:
    """Return entries of some time behind a number, column by column as they are stored."""
    names = [column.name for column in _ENTRY.columns]
    asked = (
        of_table("audit_entry")
        .where(_ENTRY.c.at >= since, _ENTRY.c.at < until, _ENTRY.c.number > after)
        .order_by(_ENTRY.c.number)
        .limit(limit)
    )
    return [dict(zip(names, row, strict=True)) for row in session.connection().execute(asked)]
