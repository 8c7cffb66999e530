"""``places.csv``: townships and villages with a point or with stated minutes to the seat."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.check import Fault
from geodata.crs import to_wgs84
from geodata.divisions import Divisions
from geodata.errors import RefusedInputError
from geodata.site import Site, SiteKind
from geodata.table import CellReader, Row, Table

if TYPE_CHECKING:
    from geodata.boundaries import Outlines

REQUIRED = ("place_id", "name_zh", "county_adcode", "lon", "lat", "crs", "births")
OPTIONAL = ("minutes_to_seat", "altitude_m", "source", "status")
OUTSIDE_COUNTY_M = 5_000.0
"""A point may lie this far outside the outline of its own county, no further."""
EXAMPLE = "EXAMPLE"


@dataclass(frozen=True, slots=True)
class Place:
    """A township or village; the point is WGS-84, None where only minutes are stated."""

    place_id: str
    name_zh: str
    county: str
    lon: float | None
    lat: float | None
    births: int | None
    minutes_to_seat: float | None

    def site(self) -> Site:
        """Return the place as an origin of trips."""
        return Site(
            self.place_id, SiteKind.PLACE, self.county, self.lon, self.lat, self.minutes_to_seat
        )


def parse_places(table: Table, *, divisions: Divisions, outlines: "Outlines") -> tuple[Place, ...]:
    """Read the places of a table.

    Parameters
    ----------
    table : Table
        Columns of :data:`REQUIRED`, any of :data:`OPTIONAL`.
    divisions, outlines : Divisions, Outlines
        What county codes exist and where the counties lie.

    Returns
    -------
    tuple[Place, ...]
        In the order of the file, points converted to WGS-84.

    Raises
    ------
    RefusedInputError
        Lists every fault of every row: unknown county, coordinate without CRS or more than
        5 km outside its county, neither point nor minutes, repeated or example ids.
    """
    faults = table.column_faults(required=REQUIRED, optional=OPTIONAL)
    places: list[Place] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        _check_id(cells, row, seen)
        place = _place(cells, divisions, outlines)
        if place is not None:
            places.append(place)
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(places)


def _check_id(cells: CellReader, row: Row, seen: dict[str, int]) -> None:
    """Refuse ids that are missing, repeated or those of the template."""
    place_id = cells.text("place_id", required=True, limit=100)
    if place_id is None:
        return
    if place_id.upper().startswith(EXAMPLE):
        cells.fault("place_id", "example_row", "an id of your own")
    if place_id in seen:
        cells.fault("place_id", "duplicate", f"once; first on line {seen[place_id]}")
    seen.setdefault(place_id, row.line)


def _place(cells: CellReader, divisions: Divisions, outlines: "Outlines") -> Place | None:
    """Read one row; None where something is wrong, which is then in ``cells.faults``."""
    before = len(cells.faults)
    name = cells.text("name_zh", required=True, limit=100)
    county = cells.county("county_adcode", divisions.is_county, required=True)
    births = cells.integer("births", low=0, high=1_000_000)
    minutes = cells.number("minutes_to_seat", low=0, high=2_880)
    cells.number("altitude_m", low=-500, high=9_000)
    point = read_point(cells)
    if county is not None and point is not None:
        check_point_in_county(cells, outlines, county, point)
    if not cells.row["lon"] and not cells.row["lat"] and not cells.row["minutes_to_seat"]:
        cells.fault("lon", "missing", "lon and lat, or minutes_to_seat")
    if len(cells.faults) > before or county is None or name is None:
        return None
    lon, lat = point or (None, None)
    return Place(cells.row["place_id"], name, county, lon, lat, births, minutes)


def read_point(cells: CellReader) -> tuple[float, float] | None:
    """Read ``lon``, ``lat`` and ``crs`` of a row as a WGS-84 point, None if there is none."""
    stated = bool(cells.row["lon"] or cells.row["lat"])
    crs = cells.crs("crs", required=stated)
    lon = cells.number("lon", low=-180, high=180, required=stated)
    lat = cells.number("lat", low=-90, high=90, required=stated)
    if crs is None or lon is None or lat is None:
        return None
    return to_wgs84(lon, lat, crs)


def check_point_in_county(
    cells: CellReader, outlines: "Outlines", county: str, point: tuple[float, float]
) -> None:
    """Note a fault where a point lies more than 5 km outside its county."""
    outside_m = outlines.distance_m(county, *point)
    if outside_m <= OUTSIDE_COUNTY_M:
        return
    there = outlines.county_at(*point) or "no county"
    cells.faults.append(
        Fault(
            cells.name,
            cells.row.line,
            "lon,lat",
            f"{cells.row['lon']},{cells.row['lat']}",
            "point_outside_county",
            f"<= 5 km from {county}; lies in {there}, {outside_m / 1000:.1f} km off",
        )
    )
