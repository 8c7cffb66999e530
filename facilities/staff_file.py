"""``staff.csv``: how many people of a role a facility has."""

from facilities.catchment_file import read_day
from facilities.registry import Registry
from facilities.row_ids import read_known_id
from facilities.staff import StaffRow
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

COLUMNS = ("facility_id", "role", "count", "as_of", "source")
REQUIRED = ("facility_id", "role", "count")
MOST_PEOPLE = 10_000


def parse_staff(table: Table, *, registry: Registry) -> tuple[StaffRow, ...]:
    """Read the staff of a table; :class:`RefusedInputError` lists every fault."""
    faults: list[Fault] = table.column_faults(
        required=REQUIRED, optional=[c for c in COLUMNS if c not in REQUIRED]
    )
    rows: list[StaffRow] = []
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        before = len(faults)
        facility_id = read_known_id(cells, registry)
        role = cells.text("role", required=True, limit=50)
        count = cells.integer("count", low=0, high=MOST_PEOPLE, required=True)
        as_of = read_day(cells, "as_of")
        source = cells.text("source", limit=300) or ""
        key = (row["facility_id"], row["role"])
        if key in seen:
            cells.fault("role", "duplicate", f"once; first on line {seen[key]}")
        seen.setdefault(key, row.line)
        if len(faults) == before and facility_id is not None and role and count is not None:
            rows.append(StaffRow(facility_id, role, count, as_of, source))
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(rows)
