"""Every statement on the record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import NullType
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.audit.states import GENESIS, Said, entry_hash
from app.audit.tables import AuditEntry, AuditSeal
from app.db_types import Flag, Key, When, metadata

__all__ = [
    "SEALER",
    "TURN",
    "Covered",
    "append",
    "chains",
    "covered",
    "entries",
    "last_settled",
    "page_of",
    "rows_of",
    "seals",
]

AT_ONCE = 500
STREAMED = 2_000
PATIENCE_MS = 300
"""So long writers may be kept waiting by who seals; it tries again later."""
TURN, SEALER = 7_310_577_001, 7_310_577_002
"""Locks of PostgreSQL: shared by whoever adds entries, and of the one who seals."""
_AS_STORED = (Text, Integer, Uuid, LargeBinary, Key, When, Flag)
_ENTRY, _CHAIN = metadata.tables["audit_entry"], metadata.tables["audit_chain"]


class Covered(NamedTuple):
    """A table whose rows have digests, with its key and its columns as the driver gives them."""

    table: Table
    key: tuple[Column[object], ...]
    names: tuple[str, ...]
    columns: tuple[ColumnElement[object], ...]
    places: tuple[int, ...]


@cache
def covered() -> Mapping[str, Covered]:
    """Return every table but those that say why not (``info={"untraced": …}``)."""
    return {
        table.name: Covered(
            table,
            tuple(table.primary_key.columns),
            tuple(column.name for column in table.columns),
            _columns(table),
            tuple(list(table.columns).index(column) for column in table.primary_key.columns),
        )
        for table in metadata.sorted_tables
        if "untraced" not in table.info
    }


def _columns(table: Table) -> tuple[ColumnElement[object], ...]:
    """Return the columns, without conversion where what is stored is plain as it comes."""
    return tuple(
        type_coerce(column, NullType()) if isinstance(column.type, _AS_STORED) else column
        for column in table.columns
    )


def rows_of(
    session: Session, of: Covered, keys: Sequence[tuple[object, ...]] | None = None
) -> Iterator[Sequence[object]]:
    """Yield rows as they are stored: all, or those with ``keys``, which are then locked."""
    if keys is None:
        asked = select(*of.columns).select_from(of.table)
        yield from session.connection().execute(asked, execution_options={"yield_per": STREAMED})
        return
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        where = (
            of.key[0].in_([key[0] for key in some])
            if len(of.key) == 1
            else tuple_(*of.key).in_(some)
        )
        yield from session.connection().execute(
            select(*of.columns).select_from(of.table).where(where).with_for_update()
        )


def append(session: Session, chain: str, said: Sequence[tuple[Said, str | None]]) -> None:
    """Add entries at the end of a chain, which nobody else does until this transaction ends.

    One statement finds the end, makes it where there is none, locks it, and takes a number.
    """
    of_sqlite = session.get_bind().dialect.name == "sqlite"
    kind = sqlite.insert if of_sqlite else postgresql.insert
    new = kind(_CHAIN).values(
        chain=chain, province=said[0][0].province, seq=len(said), hash=GENESIS
    )
    ending = new.on_conflict_do_update(
        index_elements=["chain"], set_={"seq": _CHAIN.c.seq + len(said)}
    ).returning(_CHAIN.c.seq, _CHAIN.c.hash, _number(of_sqlite), _clock(of_sqlite))
    seq, before, number, at = session.connection().execute(ending).one()
    lines = []
    for place, (one, wrote) in enumerate(said):
        if place:
            number = _next(session, number, of_sqlite=of_sqlite)
        values = asdict(one) | {
            "number": number,
            "chain": chain,
            "seq": seq - len(said) + 1 + place,
            "prev_hash": before,
            "at": at,
            "wrote": wrote,
        }
        before = entry_hash(values)
        lines.append(values | {"hash": before})
    session.connection().execute(insert(_ENTRY), lines)
    session.connection().execute(update(_CHAIN).where(_CHAIN.c.chain == chain).values(hash=before))


def _number(of_sqlite: bool) -> ColumnElement[int]:
    """Return what takes the next number.

    PostgreSQL: the function of the migration, which first takes its turn, so that who seals knows
    when all numbers up to one are settled.
    """
    if of_sqlite:
        highest = select(func.coalesce(func.max(_ENTRY.c.number), 0) + 1)
        return highest.scalar_subquery()
    return func.greenchannel_turn(type_=Integer())


def _next(session: Session, number: int, *, of_sqlite: bool) -> int:
    if of_sqlite:
        return number + 1
    return int(session.connection().execute(select(_number(of_sqlite=False))).scalar_one())


def _clock(of_sqlite: bool) -> ColumnElement[datetime]:
    if of_sqlite:
        return func.strftime("%Y-%m-%dT%H:%M:%f+00:00", "now", type_=When())
    return func.clock_timestamp(type_=When())


def entries(
    session: Session, *, after: int = 0, to: int | None = None
) -> Iterator[Mapping[str, object]]:
    """Yield entries by number, as they are stored."""
    names = [column.name for column in _ENTRY.columns]
    asked = select(*_columns(_ENTRY)).where(_ENTRY.c.number > after).order_by(_ENTRY.c.number)
    if to is not None:
        asked = asked.where(_ENTRY.c.number <= to)
    found = session.connection().execute(asked, execution_options={"yield_per": STREAMED})
    return (dict(zip(names, row, strict=True)) for row in found)


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
    session: Session, *, chain: str | None, province: str, after: int, limit: int
) -> Sequence[AuditEntry]:
    """Return entries of a province after a number, of one chain or of all."""
    asked = select_rows(AuditEntry).where(
        AuditEntry.province == province, col(AuditEntry.number) > after
    )
    if chain is not None:
        asked = asked.where(AuditEntry.chain == chain)
    return session.exec(asked.order_by(col(AuditEntry.number)).limit(limit)).all()
