"""The file of visits: each belongs to a file that is known and lies within its time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.case_exchange.cells import Known
from app.case_exchange.dates import visit_slips
from app.case_exchange.limits import load_limits
from app.case_exchange.mapping import Column
from app.case_exchange.reading import (
    Progress,
    RowReader,
    arranged,
    naming_nobody,
    quiet,
    read_rows,
    refuse_any,
)
from app.case_exchange.rows import Lined, VisitRow, visit_of
from geodata.check import Fault
from geodata.place_file import EXAMPLE
from geodata.table import Table

__all__ = ["PLANNED", "parse_visits"]

PLANNED = "planned"


def parse_visits(
    table: Table,
    *,
    columns: Sequence[Column],
    known: Known,
    registered: Mapping[str, date],
    told: Progress = quiet,
) -> tuple[Lined[VisitRow], ...]:
    """Read the visits of a table.

    Parameters
    ----------
    registered : Mapping[str, date]
        When each file was registered that the other system's numbers are known of.

    Raises
    ------
    RefusedInputError
        With every fault of every row; what was found at a visit is not repeated.
    """
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    rows: list[Lined[VisitRow]] = []
    with naming_nobody(columns):
        whole = arranged(table, columns, faults)
        for reader in read_rows(whole, columns, known, faults, told=told):
            _check(reader, known, registered, seen)
            if not faults:
                rows.append(Lined(reader.line, visit_of(reader.said)))
        refuse_any(table, faults)
    return tuple(rows)


def _check(
    reader: RowReader, known: Known, registered: Mapping[str, date], seen: dict[str, int]
) -> None:
    said = reader.said
    visit, record, updated = (said.get(n) for n in ("visit_id", "record_id", "updated_at"))
    if isinstance(visit, str):
        if visit.upper().startswith(EXAMPLE):
            reader.fault("visit_id", "example_row", "an id of your own")
        reader.once("visit_id", visit, seen)
        if known.record_of.get(visit, record) != record:
            reader.fault("visit_id", "visit_of_another_file", "a visit of this file")
    if isinstance(record, str) and record not in registered:
        reader.fault("record_id", "unknown_record", "a file that was imported before")
    if isinstance(updated, datetime) and updated > known.now:
        reader.fault("updated_at", "in_the_future", f"<= {known.now.isoformat()}")
    days = {name: value for name, value in said.items() if type(value) is date}
    slips = visit_slips(
        days,
        planned=said.get("state") == PLANNED,
        registered_on=registered.get(str(record)),
        limits=load_limits(),
        today=known.today,
    )
    for slip in slips:
        reader.fault(*slip)
