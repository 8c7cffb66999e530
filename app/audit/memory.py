"""The columns of a row that was inserted, as the process still holds them."""

from datetime import datetime
from enum import Enum
from functools import cache
from operator import itemgetter
from types import NoneType
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlalchemy import Integer, Text, inspect
from sqlalchemy.orm import Mapper

from app.audit.statements import Covered, covered
from app.audit.states import stored_as
from app.db_types import Flag, Key, When
from app.keys.sealed import Index16, Sealed

if TYPE_CHECKING:
    from sqlalchemy import Table

__all__ = ["as_stored", "in_memory"]

_AS_IT_IS = frozenset({str, int, bytes})
"""What SQLite stores as it is; true and false are no numbers here."""

_IN_MEMORY: tuple[tuple[type, type | tuple[type, ...]], ...] = (
    (Text, str),
    (Integer, int),
    (Key, UUID),
    (When, datetime),
    (Flag, bool),
    (Sealed, bytes),
    (Index16, bytes),
)


def in_memory(of: Covered, row: object) -> list[object] | None:
    """Return the columns of a row that was inserted, in the order of their names.

    None where the database may hold others.
    """
    held, found = row.__dict__, []
    table: type = type(row)
    for key, kind in _held_as(table):
        value = held.get(key, _Held.NOT)
        if value is not None and not isinstance(value, kind):
            return None
        found.append(value)
    return found


def as_stored(row: object) -> list[object] | None:
    """Return the columns of a row that is about to be inserted as SQLite stores them.

    In the order of their names; None where the database may hold others.
    """
    table: type = type(row)
    try:
        values: tuple[object, ...] = _columns(table)(row.__dict__)
    except KeyError:
        return None
    places = _made_over(table, tuple(map(type, values)))
    if places is None:
        return None
    found = list(values)
    for place in places:
        found[place] = stored_as(values[place])
    return found


@cache
def _columns(table: type) -> "itemgetter[tuple[object, ...]]":
    """Return what takes the columns of a table, of which every one has several, out of a row."""
    return itemgetter(*(key for key, _ in _held_as(table)))


@cache
def _made_over(table: type, types: tuple[type, ...]) -> tuple[int, ...] | None:
    """Return which columns of such types SQLite stores as something else; None if any is strange.

    The rows of one table hold the same few combinations of types.
    """
    found = []
    for place, ((_, kind), held) in enumerate(zip(_held_as(table), types, strict=True)):
        if held is not NoneType and not (held is kind and kind in _AS_IT_IS):
            if not issubclass(held, kind):
                return None
            found.append(place)
    return tuple(found)


class _Held(Enum):
    """What stands for a column that a row does not hold."""

    NOT = 0


@cache
def _held_as(table: type) -> tuple[tuple[str, type | tuple[type, ...]], ...]:
    """Return under which name, and as what, the rows of a table hold their columns."""
    mapper: Mapper[object] = inspect(table)
    of = covered()[cast("Table", mapper.local_table).name]
    found = []
    for name in of.names:
        column = of.table.columns[name]
        kinds = [kind for sql, kind in _IN_MEMORY if isinstance(column.type, sql)]
        found.append((mapper.get_property_by_column(column).key, kinds[0] if kinds else ()))
    return tuple(found)
