"""The statements of every commit, built once: building them costs more than running them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Executable,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    Update,
    Uuid,
    bindparam,
    cast,
    func,
    insert,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import NullType

from app.audit.states import GENESIS
from app.audit.tables import AuditChain, AuditEntry
from app.db_types import Flag, Key, When, metadata

__all__ = [
    "KEYS",
    "PARAMETER",
    "Covered",
    "adding",
    "clock",
    "covered",
    "ending",
    "ends_of",
    "moving",
    "of_table",
    "raw",
    "turn",
]

KEYS = "keys"
PARAMETER = "e_"
"""Stands before the name of a column where a value of an entry is meant."""
_AS_STORED = (Text, Integer, Uuid, LargeBinary, Key, When, Flag)
_ENTRY = metadata.tables[str(AuditEntry.__tablename__)]
_CHAIN = metadata.tables[str(AuditChain.__tablename__)]


class Covered(NamedTuple):
    """A table whose rows have digests: its key, and its columns by name and as they are stored.

    ``places`` are those of the key among the names, ``province`` that of the province.
    """

    table: Table
    key: tuple[Column[object], ...]
    names: tuple[str, ...]
    places: tuple[int, ...]
    province: int | None
    every: Select[*tuple[object, ...]]
    some: Select[*tuple[object, ...]]
    own: Select[*tuple[object, ...]]


@cache
def covered() -> Mapping[str, Covered]:
    """Return every table but those that say why not (``info={"untraced": …}``).

    A column says so in the same way: one that moves with every request is in no digest.
    """
    return {t.name: _covered(t) for t in metadata.sorted_tables if "untraced" not in t.info}


def _covered(table: Table) -> Covered:
    traced = (column for column in table.columns if "untraced" not in column.info)
    by_name = sorted(traced, key=lambda column: column.name)
    key = tuple(table.primary_key.columns)
    every = select(*_as_text(by_name)).select_from(table)
    keys: BindParameter[object] = bindparam(KEYS, expanding=True)
    own = every.where((key[0] if len(key) == 1 else tuple_(*key)).in_(keys))
    # Locked, so that nobody changes a row between its digest and the commit.
    some = own.with_for_update()
    names = tuple(column.name for column in by_name)
    places = tuple(by_name.index(one) for one in key)
    province = names.index("province") if "province" in names else None
    return Covered(table, key, names, places, province, every, some, own)


def raw(columns: Iterable[Column[object]]) -> tuple[ColumnElement[object], ...]:
    """Return columns without conversion where what is stored is plain as it comes."""
    return tuple(
        type_coerce(column, NullType()) if isinstance(column.type, _AS_STORED) else column
        for column in columns
    )


def _as_text(columns: Sequence[Column[object]]) -> tuple[ColumnElement[object], ...]:
    """Return columns as :func:`raw`, keys as the text that a digest is made of.

    On SQLite they are text. To make objects of what PostgreSQL hands over, and text again, was a
    third of what the digest of a row costs.
    """
    found: list[ColumnElement[object]] = []
    for column, plain in zip(columns, raw(columns), strict=True):
        is_key = isinstance(column.type, Key | Uuid)
        found.append(type_coerce(cast(column, Text), NullType()) if is_key else plain)
    return tuple(found)


def of_table(name: str) -> Select[*tuple[object, ...]]:
    """Return what reads a table of the record as it is stored."""
    return select(*raw(metadata.tables[name].columns))


@cache
def ending(of_sqlite: bool) -> Executable:
    """Return what finds the end of a chain, makes it where there is none, locks and moves it.

    It also takes a number and the time.
    """
    kind = sqlite.insert if of_sqlite else postgresql.insert
    new = kind(_CHAIN).values(
        chain=bindparam("e_chain"),
        province=bindparam("e_province"),
        seq=bindparam("n"),
        hash=GENESIS,
    )
    moved = new.on_conflict_do_update(
        index_elements=["chain"], set_={"seq": _CHAIN.c.seq + bindparam("n", type_=Integer())}
    )
    return moved.returning(_CHAIN.c.seq, _CHAIN.c.hash, turn(of_sqlite), clock(of_sqlite))


@cache
def ends_of(of_sqlite: bool) -> Executable:
    """Return what does for many chains what :func:`ending` does for one, without the number."""
    kind = sqlite.insert if of_sqlite else postgresql.insert
    new = kind(_CHAIN)
    moved = new.on_conflict_do_update(
        index_elements=["chain"], set_={"seq": _CHAIN.c.seq + new.excluded.seq}
    )
    return moved.returning(_CHAIN.c.chain, _CHAIN.c.seq, _CHAIN.c.hash)


@cache
def moving() -> Update:
    """Return what writes down where a chain ends now."""
    return (
        update(_CHAIN)
        .where(_CHAIN.c.chain == bindparam("e_chain"))
        .values(hash=bindparam("e_hash"))
    )


@cache
def adding(of_sqlite: bool) -> tuple[Executable, ...]:
    """Return what adds an entry and writes down where its chain ends now.

    On PostgreSQL that is one way to the server, while the end of the chain is locked.
    """
    ends = moving()
    entry = insert(_ENTRY).values({c.name: bindparam(PARAMETER + c.name) for c in _ENTRY.columns})
    return (entry, ends) if of_sqlite else (ends.add_cte(entry.cte("added")),)


def turn(of_sqlite: bool) -> ColumnElement[int]:
    """Return what takes the next number.

    PostgreSQL: the function of the migration, which first takes its turn, so that who seals knows
    when all numbers up to one are settled.
    """
    if of_sqlite:
        highest = select(func.coalesce(func.max(_ENTRY.c.number), 0) + 1)
        return highest.scalar_subquery()
    return func.greenchannel_turn(type_=Integer())


def clock(of_sqlite: bool) -> ColumnElement[datetime]:
    """Return the time by the clock of the database."""
    if of_sqlite:
        return func.strftime("%Y-%m-%dT%H:%M:%f+00:00", "now", type_=When())
    return func.clock_timestamp(type_=When())
