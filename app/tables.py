"""The tables of an installation laid over the built-in data, one after another."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from facilities.io import parse_capacity, parse_catchment, parse_facilities, parse_phones
from facilities.registry import Registry
from geodata.check import Fault
from geodata.crs import CRS
from geodata.errors import RefusedInputError
from geodata.place_file import Place, parse_places
from geodata.table import Row, Table
from geodata.time_file import parse_times
from geodata.travel_time import TimeRow
from geodata.yunnan import load_outlines

__all__ = ["KEYS", "Data", "merged", "with_crs", "with_table"]

# What one import says anew: all earlier rows with the same key go (as in Registry.with_...).
KEYS = {
    "facilities": ("facility_id",),
    "capacity": ("facility_id", "kind"),
    "phones": ("facility_id",),
    "catchment": ("county_adcode", "kind"),
    "places": ("place_id",),
}


@dataclass(frozen=True, slots=True)
class Data:
    """The registry with everything imported into it, and what stands beside it."""

    registry: Registry
    places: tuple[Place, ...] = ()
    times: tuple[TimeRow, ...] | None = None


def with_table(data: Data, name: str, table: Table, *, alone: bool = False) -> Data:
    """Return the data with one table read into them; ``alone`` = instead of the built-in ones.

    Raises
    ------
    RefusedInputError
        With every fault of the table.
    """
    registry = data.registry
    match name:
        case "facilities":
            rows = parse_facilities(table, base=registry, outlines=load_outlines())
            new = registry.replaced_by(rows) if alone else registry.with_facilities(rows)
            return replace(data, registry=new)
        case "capacity":
            pools = parse_capacity(table, registry=registry)
            return replace(data, registry=registry.with_capacity(pools))
        case "phones":
            phones = parse_phones(table, registry=registry)
            return replace(data, registry=registry.with_phones(phones))
        case "catchment":
            catchments = parse_catchment(table, registry=registry)
            return replace(data, registry=registry.with_catchments(catchments))
        case "places":
            places = parse_places(table, divisions=registry.divisions, outlines=load_outlines())
            return replace(data, places=places)
        case "times":
            return replace(data, times=_times(data, table))
    raise ValueError(f"no table {name!r}; there are {', '.join(KEYS)} and times")


def _times(data: Data, table: Table) -> tuple[TimeRow, ...]:
    """Read times between places we know: a misspelt id would silently leave a pair without one."""
    rows = parse_times(table)
    places = {place.place_id for place in data.places}
    faults = []
    for line, row in zip(table.rows, rows, strict=True):
        known = row.origin in data.registry or row.origin in places
        if not known and not data.registry.divisions.is_county(row.origin):
            expected = "a facility, county or place"
            faults.append(
                Fault(table.name, line.line, "origin_id", row.origin, "unknown_place", expected)
            )
        if row.destination not in data.registry:
            expected = "a facility of the registry"
            faults.append(
                Fault(
                    table.name,
                    line.line,
                    "facility_id",
                    row.destination,
                    "unknown_facility",
                    expected,
                )
            )
    if faults:
        raise RefusedInputError(table.name, faults)
    return rows


def with_crs(table: Table, crs: CRS | None) -> Table:
    """Return the table with the coordinate system written where a row does not name its own."""
    if crs is None:
        return table
    header = table.header if "crs" in table.header else (*table.header, "crs")
    rows = tuple(
        Row(row.line, MappingProxyType(dict(row.cells) | {"crs": row["crs"] or crs.value}))
        if row["lon"] or row["lat"]
        else row
        for row in table.rows
    )
    return Table(table.name, header, rows, table.encoding)


def merged(old: Table | None, new: Table, key: tuple[str, ...]) -> Table:
    """Return the old rows that the new table does not speak of, and then the new rows."""
    if old is None:
        return new
    said = {tuple(row[column] for column in key) for row in new.rows}
    kept = [row for row in old.rows if tuple(row[column] for column in key) not in said]
    header = tuple(dict.fromkeys((*old.header, *new.header)))
    return Table(new.name, header, (*kept, *new.rows), new.encoding)
