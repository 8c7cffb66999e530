"""Where a facility of a file is: its own point, or the point that stands in for it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from facilities.centre import Facility, Tier
from geodata.crs import CRS, to_wgs84
from geodata.distance import crow_m
from geodata.divisions import Divisions
from geodata.place_file import check_point_in_county, read_point
from geodata.road_tables import NeighbourHub
from geodata.table import CellReader

if TYPE_CHECKING:
    from geodata.boundaries import Outlines

STATED = "stated"
COUNTY_SEAT = "county_seat_fallback"
PREFECTURE_HUB = "prefecture_hub_fallback"
HUB_POINT = "neighbour_hub_fallback"
IN_PROVINCE = (COUNTY_SEAT, PREFECTURE_HUB)
FALLBACKS = (*IN_PROVINCE, HUB_POINT)
"""The point that stands in; the last one outside the province, for the city as a whole."""
FROM_HUB_M = 50_000.0
"""A hospital further from its hub in a straight line is another city's (assumed)."""
SAME_POINT_M = 50.0
"""A fallback that somebody moved further than this is a point of its own."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A WGS-84 point and how it is known."""

    lon: float
    lat: float
    quality: str


def read_whereabouts(
    cells: CellReader,
    area: str | NeighbourHub,
    *,
    known: Facility | None,
    tier: Tier,
    divisions: Divisions,
    outlines: "Outlines",
    crs: CRS | None,
) -> Whereabouts | None:
    """Read the point of a row; without one the known point, else that of seat or hub.

    ``area`` is a county, or the hub outside at which the facility stands. None where the point
    is wrong, which is then in ``cells.faults``.
    """
    if isinstance(area, NeighbourHub):
        return _outside(cells, area, known=known, outlines=outlines, crs=crs)
    return _inside(
        cells, area, known=known, tier=tier, divisions=divisions, outlines=outlines, crs=crs
    )


def _inside(
    cells: CellReader,
    county: str,
    *,
    known: Facility | None,
    tier: Tier,
    divisions: Divisions,
    outlines: "Outlines",
    crs: CRS | None,
) -> Whereabouts | None:
    """Read the point of a row in one of our counties."""
    quality = cells.choice("coord_quality", (STATED, *IN_PROVINCE))
    if not cells.row["lon"] and not cells.row["lat"]:
        if known is not None and known.county == county:
            return Whereabouts(known.lon, known.lat, known.coord_quality)
        return _fallback(county, tier, divisions)
    point = _point(cells, crs)
    if point is None:
        return None
    check_point_in_county(cells, outlines, county, point)
    if quality in IN_PROVINCE:
        stands_in = _stand_in(quality, county, divisions)
        if crow_m(*point, *stands_in) > SAME_POINT_M:
            quality = STATED
    return Whereabouts(*point, quality or STATED)


def _outside(
    cells: CellReader,
    hub: NeighbourHub,
    *,
    known: Facility | None,
    outlines: "Outlines",
    crs: CRS | None,
) -> Whereabouts | None:
    """Read the point of a row outside: near its hub, and in none of our counties."""
    quality = cells.choice("coord_quality", (STATED, HUB_POINT))
    if not cells.row["lon"] and not cells.row["lat"]:
        if known is not None and known.county == hub.hub_id:
            return Whereabouts(known.lon, known.lat, known.coord_quality)
        return Whereabouts(hub.lon, hub.lat, HUB_POINT)
    point = _point(cells, crs)
    if point is None:
        return None
    off_m = crow_m(*point, hub.lon, hub.lat)
    if off_m > FROM_HUB_M:
        expected = f"<= {FROM_HUB_M / 1000:.0f} km from {hub.hub_id}; {off_m / 1000:.1f} km off"
        cells.fault("lon", "out_of_range", expected)
    here = outlines.county_at(*point)
    if here is not None and outlines.distance_m(here, *point) == 0:
        cells.fault("county_adcode", "out_of_range", f"{here}, in which the point lies")
    if quality == HUB_POINT and off_m > SAME_POINT_M:
        quality = STATED
    return Whereabouts(*point, quality or STATED)


def _point(cells: CellReader, crs: CRS | None) -> tuple[float, float] | None:
    """Read the point; ``crs`` answers for rows that name no coordinate system."""
    if cells.row["crs"] or crs is None:
        return read_point(cells)
    lon = cells.number("lon", low=-180, high=180, required=True)
    lat = cells.number("lat", low=-90, high=90, required=True)
    return None if lon is None or lat is None else to_wgs84(lon, lat, crs)


def _fallback(county: str, tier: Tier, divisions: Divisions) -> Whereabouts:
    """Return the hub where the prefecture's or province's hospitals are, else the seat."""
    prefecture = divisions.get(divisions.prefecture_of(county))
    hub_here = divisions.county_at(prefecture.hub_lon, prefecture.hub_lat) == county
    quality = PREFECTURE_HUB if tier is not Tier.COUNTY and hub_here else COUNTY_SEAT
    return Whereabouts(*_stand_in(quality, county, divisions), quality)


def _stand_in(quality: str, county: str, divisions: Divisions) -> tuple[float, float]:
    if quality == PREFECTURE_HUB:
        prefecture = divisions.get(divisions.prefecture_of(county))
        return prefecture.hub_lon, prefecture.hub_lat
    seat = divisions.get(county)
    return seat.seat_lon, seat.seat_lat
