"""``catchment.csv``: the commission's assignment of counties to centres, valid in time."""

from collections import defaultdict
from datetime import date, datetime, time
from typing import get_args

from facilities.catchment import CatchmentKind, CatchmentRow
from facilities.registry import Registry
from facilities.row_ids import read_known_id
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

COLUMNS = ("county_adcode", "kind", "rank", "facility_id", "from", "to", "source")
REQUIRED = ("county_adcode", "kind", "rank", "facility_id")
KINDS: tuple[CatchmentKind, ...] = get_args(CatchmentKind)
LAST_RANK = 20


def parse_catchment(table: Table, *, registry: Registry) -> tuple[CatchmentRow, ...]:
    """Read the assignments of a table.

    Parameters
    ----------
    table : Table
        Columns of :data:`COLUMNS`; dates are inclusive, an empty one is open.
    registry : Registry
        What counties and facilities there are.

    Raises
    ------
    RefusedInputError
        Lists every fault: unknown county, kind or facility, an end before its beginning, a
        centre assigned to the same county and kind twice at the same time.
    """
    faults: list[Fault] = table.column_faults(
        required=REQUIRED, optional=[c for c in COLUMNS if c not in REQUIRED]
    )
    rows: list[CatchmentRow] = []
    before: defaultdict[tuple[str, str, str], list[tuple[CatchmentRow, int]]] = defaultdict(list)
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        found = _row(cells, registry)
        if found is None:
            continue
        same = before[found.county, found.kind, found.facility_id]
        line = next((line for other, line in same if _overlap(found, other)), None)
        if line is not None:
            cells.fault("facility_id", "duplicate", f"once at a time; first on line {line}")
        same.append((found, row.line))
        rows.append(found)
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(rows)


def _row(cells: CellReader, registry: Registry) -> CatchmentRow | None:
    """Read one row; None where something is wrong, which is then in ``cells.faults``."""
    before = len(cells.faults)
    county = cells.county("county_adcode", registry.divisions.is_county, required=True)
    kind = cells.choice("kind", KINDS, required=True)
    rank = cells.integer("rank", low=1, high=LAST_RANK, required=True)
    facility_id = read_known_id(cells, registry)
    valid_from, valid_to = read_day(cells, "from"), read_day(cells, "to")
    source = cells.text("source", limit=300) or ""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        cells.fault("to", "ends_before_it_begins", f">= {valid_from}")
    if len(cells.faults) > before or county is None or rank is None or facility_id is None:
        return None
    side: CatchmentKind = "M" if kind == "M" else "N"
    return CatchmentRow(county, side, rank, facility_id, valid_from, valid_to, source, False)


def _overlap(row: CatchmentRow, other: CatchmentRow) -> bool:
    """Whether both assignments hold on some day."""
    return (row.valid_from or date.min) <= (other.valid_to or date.max) and (
        other.valid_from or date.min
    ) <= (row.valid_to or date.max)


def read_day(cells: CellReader, column: str) -> date | None:
    """Read a date; a workbook gives it as midnight of that day."""
    text = cells.text(column, limit=40)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.time() != time.min or moment.tzinfo is not None:
        cells.fault(column, "not_a_date", "2026-01-31")
        return None
    return moment.date()
