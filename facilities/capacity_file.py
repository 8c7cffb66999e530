"""``capacity.csv``: how many places a facility has in service, and how many are free."""

from datetime import datetime

from facilities.capacity import PlaceKind, Pool, assumed_free
from facilities.registry import Registry
from facilities.row_ids import read_known_id
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

COLUMNS = ("facility_id", "kind", "in_service", "free", "free_from", "as_of", "source")
REQUIRED = ("facility_id", "kind", "in_service", "free")
MOST_PLACES = 2_000


def parse_capacity(table: Table, *, registry: Registry) -> tuple[Pool, ...]:
    """Read the figures of a table.

    Parameters
    ----------
    table : Table
        Columns of :data:`COLUMNS`. ``free`` empty takes the assumed share of ``in_service``
        and is marked assumed; ``free_from`` and ``as_of`` carry their offset from UTC, for a
        time without one is eight hours wrong somewhere. Without ``as_of`` a figure is
        believed no more than an assumed one.
    registry : Registry
        What facilities there are.

    Raises
    ------
    RefusedInputError
        Lists every fault: unknown facility or kind, more free than in service, a time
        without offset, a facility and kind given twice.
    """
    faults: list[Fault] = table.column_faults(
        required=REQUIRED, optional=[c for c in COLUMNS if c not in REQUIRED]
    )
    pools: list[Pool] = []
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        key = (row["facility_id"], row["kind"])
        if key in seen:
            cells.fault("kind", "duplicate", f"once; first on line {seen[key]}")
        seen.setdefault(key, row.line)
        pool = _pool(cells, registry)
        if pool is not None:
            pools.append(pool)
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(pools)


def _pool(cells: CellReader, registry: Registry) -> Pool | None:
    """Read one row; None where something is wrong, which is then in ``cells.faults``."""
    before = len(cells.faults)
    facility_id = read_known_id(cells, registry)
    kind = cells.choice("kind", tuple(PlaceKind), required=True)
    in_service = cells.integer("in_service", low=0, high=MOST_PLACES, required=True)
    free = cells.integer("free", low=0, high=MOST_PLACES)
    free_from, as_of = read_moment(cells, "free_from"), read_moment(cells, "as_of")
    source = cells.text("source", limit=300) or ""
    if in_service is not None and free is not None and free > in_service:
        cells.fault("free", "free_above_in_service", f"<= {in_service}")
    if len(cells.faults) > before or facility_id is None or kind is None or in_service is None:
        return None
    share = registry.profiles.get(registry.get(facility_id).profile).free_share
    return Pool(
        facility_id=facility_id,
        kind=PlaceKind(kind),
        in_service=in_service,
        free=assumed_free(in_service, share) if free is None else free,
        free_from=free_from,
        as_of=as_of,
        source=source,
        assumed=free is None,
    )


def read_moment(cells: CellReader, column: str) -> datetime | None:
    """Read a time of RFC 3339 with its offset from UTC."""
    text = cells.text(column, limit=40)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        cells.fault(column, "not_a_time", "2026-01-31T08:00:00+08:00")
        return None
    if moment.tzinfo is None:
        cells.fault(column, "no_offset", "2026-01-31T08:00:00+08:00")
        return None
    return moment
