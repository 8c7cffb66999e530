"""Where a facility of a file is: its own point, or the point that stands in for it."""

from dataclasses import dataclass

from facilities.centre import Facility, Tier
from geodata.boundaries import Outlines
from geodata.crs import CRS, to_wgs84
from geodata.distance import crow_m
from geodata.divisions import Divisions
from geodata.place_file import check_point_in_county, read_point
from geodata.table import CellReader

STATED = "stated"
COUNTY_SEAT = "county_seat_fallback"
PREFECTURE_HUB = "prefecture_hub_fallback"
FALLBACKS = (COUNTY_SEAT, PREFECTURE_HUB)
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
    county: str,
    *,
    known: Facility | None,
    tier: Tier,
    divisions: Divisions,
    outlines: Outlines,
    crs: CRS | None,
) -> Whereabouts | None:
    """Read the point of a row; without one the known point, else that of seat or hub.

    None where the point is wrong, which is then in ``cells.faults``.
    """
    quality = cells.choice("coord_quality", (STATED, *FALLBACKS))
    if not cells.row["lon"] and not cells.row["lat"]:
        if known is not None and known.county == county:
            return Whereabouts(known.lon, known.lat, known.coord_quality)
        return _fallback(county, tier, divisions)
    point = _point(cells, crs)
    if point is None:
        return None
    check_point_in_county(cells, outlines, county, point)
    if quality in FALLBACKS:
        stands_in = _point_of(quality, county, divisions)
        if crow_m(*point, *stands_in) > SAME_POINT_M:
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
    return Whereabouts(*_point_of(quality, county, divisions), quality)


def _point_of(quality: str, county: str, divisions: Divisions) -> tuple[float, float]:
    if quality == PREFECTURE_HUB:
        prefecture = divisions.get(divisions.prefecture_of(county))
        return prefecture.hub_lon, prefecture.hub_lat
    seat = divisions.get(county)
    return seat.seat_lon, seat.seat_lat
