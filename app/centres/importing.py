"""One table taken into the database, wholly or not at all.

Every row is checked against what is there in the same transaction. Only what differs is written;
what it replaces stays, with the moment of that.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.centres import store, store_registry
from app.centres.imported import Compared, Counts, Import, Words
from app.centres.importing_places import take_capacity
from app.centres.importing_rows import take_catchment, take_phones, take_staff
from app.centres.opening import open_places
from app.centres.registry_now import with_imported
from app.centres.tables_registry import RegistryLine
from app.tables import Data, with_table
from geodata.table import Table

__all__ = ["TABLES", "TakenIn", "take_in"]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did, or would do.

    Parameters
    ----------
    new, changed, same : int
        Rows of the file of which the database knew nothing, something else, and the same.
    to_settle : int
        Contradictions between reported places and the ledger that the file leaves open.
    """

    table: str
    rows: int
    new: int
    changed: int
    same: int
    to_settle: int
    encoding: str
    dry_run: bool = False


def take_in(
    session: Session, base: Data, name: str, table: Table, *, by_name: str, now: datetime
) -> TakenIn:
    """Import one table into the database of ``session``.

    Parameters
    ----------
    base
        The data without what the database knows.
    by_name
        Who imports it: a member of staff.

    Raises
    ------
    RefusedInputError
        With every fault; the caller undoes the transaction.
    """
    store.alone_with(session, "all", "importing")
    counts = _TAKE[name](Import(session, with_imported(session, base), table, by_name, now))
    return TakenIn(
        table=name,
        rows=len(table.rows),
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
        to_settle=counts.to_settle,
        encoding=table.encoding,
    )


def _take_lines(work: Import, name: str, key: str) -> Counts:
    """Keep lines as they came; an institution that is new gets its organisation and its places."""
    with_table(work.data, name, work.table)
    there = store_registry.registry_lines(work.session, name)
    said: dict[str, list[Words]] = {row[key]: [(_as_json(row.cells),)] for row in work.table.rows}
    compared = Compared(said, {line.line_key: [(line.cells,)] for line in there})
    lines = [
        RegistryLine(
            province=work.province,
            name=name,
            line_key=line_key,
            cells=cells,
            recorded_at=work.now,
            by_name=work.by_name,
        )
        for line_key, [(cells,)] in said.items()
        if line_key in compared.differ
    ]
    store_registry.replace_lines(work.session, name, compared.differ, lines, at=work.now)
    # By itself it had no fault; together with all that was imported before it must have none.
    whole = with_imported(work.session, work.data)
    open_places(work.session, whole.registry, now=work.now)
    return compared.counts


def _as_json(cells: Mapping[str, str]) -> str:
    return json.dumps(dict(cells), ensure_ascii=False, sort_keys=True)


_TAKE: Mapping[str, Callable[[Import], Counts]] = {
    "facilities": lambda work: _take_lines(work, "facilities", "facility_id"),
    "capacity": take_capacity,
    "phones": take_phones,
    "catchment": take_catchment,
    "places": lambda work: _take_lines(work, "places", "place_id"),
    "staff": take_staff,
}
TABLES = tuple(_TAKE)
