"""The tables of the database as plain values, for the picture and the page of the data model.

Columns and keys come from the tables themselves. What the database refuses besides comes from the
database: a file is made by the migrations and asked for its triggers.
"""

import inspect
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)

from app import migrating
from app.db import Database
from app.db_types import Flag, Key, When
from app.keys.sealed import Index16, Sealed
from app.tables_all import TABLES, metadata

__all__ = ["EVERYWHERE", "FEATURES", "Box", "Field", "Link", "boxes"]

EVERYWHERE = "province"
"""A column of nearly every table, said once and not drawn."""
FEATURES = {
    "accounts": ("Accounts", "机构与账号"),
    "patients": ("Patients", "患者"),
    "referrals": ("Referrals", "转诊"),
    "transfers": ("Transfers", "转运"),
    "centres": ("Centres", "救治中心与床位"),
    "vehicles": ("Vehicles", "车辆与设备"),
    "deadlines": ("Deadlines", "时限"),
    "notices": ("Notices", "通知"),
    "live": ("Live view", "实时变动"),
    "worker": ("Worker", "后台值守"),
    "commands": ("Commands", "命令"),
    "audit": ("Record", "审计记录"),
    "signing": ("Signatures of rules", "规则签署"),
}
"""In the order of the picture; a feature that is not here comes after these."""
WORDS: tuple[tuple[type, str], ...] = (
    (Sealed, "sealed"),
    (Index16, "index"),
    (Key, "key"),
    (When, "time"),
    (Flag, "yes/no"),
    (Integer, "number"),
    (LargeBinary, "bytes"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column."""

    name: str
    kind: str
    is_key: bool
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key; ``column`` is the one of its columns at which it is drawn."""

    column: str
    columns: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Box:
    """One table."""

    name: str
    feature: str
    what: str
    fields: tuple[Field, ...]
    links: tuple[Link, ...]
    only_one: tuple[str, ...]
    append_only: bool
    never_deleted: bool


def boxes() -> tuple[Box, ...]:
    """Return every table, in the order of its feature and within it as they are listed."""
    refused = _refused()
    order = list(FEATURES)
    found = [_box(table, refused) for table in dict.fromkeys(TABLES)]
    unknown = sorted({box.feature for box in found} - set(order))
    order += unknown
    return tuple(sorted(found, key=lambda box: order.index(box.feature)))


def _box(model: type, refused: frozenset[tuple[str, str]]) -> Box:
    table = metadata.tables[str(model.__dict__["__tablename__"])]
    summary = " ".join((inspect.getdoc(model) or "").partition("\n\n")[0].split()).replace(
        "``", "`"
    )
    return Box(
        name=table.name,
        feature=model.__module__.split(".")[1],
        what=summary,
        fields=tuple(_field(column) for column in table.columns if column.name != EVERYWHERE),
        links=tuple(sorted(_links(table), key=lambda link: (link.column, link.columns))),
        only_one=tuple(sorted(_only_one(table))),
        append_only=(table.name, "update") in refused,
        never_deleted=(table.name, "delete") in refused,
    )


def _field(column: Column[object]) -> Field:
    kind = next((word for of, word in WORDS if isinstance(column.type, of)), "text")
    return Field(column.name, kind, column.primary_key, bool(column.nullable))


def _links(table: Table) -> Iterator[Link]:
    for key in table.foreign_key_constraints:
        names = tuple(key.column_keys)
        yield Link(_drawn_at(table, key), names, key.referred_table.name)


def _drawn_at(table: Table, key: ForeignKeyConstraint) -> str:
    """Return the column that says most: not one of the key, nor one that is the same in all rows.

    Such a column is tied to a word by a check (``machine``) or has a default.
    """
    columns = [table.columns[name] for name in key.column_keys]
    own = [one for one in columns if not one.primary_key] or columns
    return next((one.name for one in own if one.default is None), own[0].name)


def _only_one(table: Table) -> Iterator[str]:
    """Yield what may be there once only."""
    for index in table.indexes:
        if isinstance(index, Index) and index.unique:
            where = index.dialect_options["sqlite"]["where"]
            names = ", ".join(_said(one) for one in index.expressions)
            yield names if where is None else f"{names} where {' '.join(str(where).split())}"
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint):
            yield ", ".join(column.name for column in rule.columns)


def _said(expression: object) -> str:
    return expression.name if isinstance(expression, Column) else str(expression)


def _refused() -> frozenset[tuple[str, str]]:
    """Return tables with what they refuse, as the triggers of a migrated database say."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'model.db'}")
        try:
            migrating.upgrade(database)
            with database.reading() as session:
                asked = text("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
                rows = session.execute(asked).all()
        finally:
            database.close()
    return frozenset(
        (table, act) for table, name in rows for act in ("update", "delete")
        if name == f"{table}_no_{act}"
    )  # fmt: skip
