"""Facts and doubts about the roads between neighbouring counties, as read from tables."""

import re
from dataclasses import dataclass
from enum import StrEnum

from geodata.check import Fault
from geodata.divisions import Divisions
from geodata.errors import RefusedInputError
from geodata.site import Site, SiteKind
from geodata.table import CellReader, Table

Pair = frozenset[str]

_HUB_ID = re.compile(r"OUT-[A-Z]+")


@dataclass(frozen=True, slots=True)
class Border:
    """Two counties that share a border.

    ``graph_ratio`` is the length on the Natural Earth graph over the straight line between
    the seats, None where that graph does not reach both.
    """

    county: str
    other: str
    graph_ratio: float | None
    climb_m_per_km: float

    @property
    def pair(self) -> Pair:
        """Both codes, without direction."""
        return frozenset((self.county, self.other))


class BarrierKind(StrEnum):
    """What is known about the road across a border."""

    NONE_THROUGH_ROAD = "none_through_road"
    SEASONAL = "seasonal"
    POOR = "poor"
    EXPRESSWAY = "expressway"


@dataclass(frozen=True, slots=True)
class Barrier:
    """Where a border is not simply a road; ``months`` are those in which it is closed."""

    pair: Pair
    kind: BarrierKind
    months: frozenset[int]
    detour_factor: float


@dataclass(frozen=True, slots=True)
class HubRoad:
    """The road from a county to a city outside the network."""

    county: str
    distance_m: int
    expected_s: int


@dataclass(frozen=True, slots=True)
class NeighbourHub:
    """A city outside the province: a candidate, never a destination by itself (R-ROUTE-08).

    A hospital that somebody entered there is one; its ``county`` is the ``hub_id``.
    """

    hub_id: str
    name_zh: str
    province_zh: str
    lon: float
    lat: float
    roads: tuple[HubRoad, ...]

    def site(self) -> Site:
        """Return the hub as a destination of trips."""
        return Site(self.hub_id, SiteKind.HUB, "", self.lon, self.lat)


def parse_borders(table: Table, divisions: Divisions) -> tuple[Border, ...]:
    """Read ``county_adjacency.csv``; every fault is listed in one refusal."""
    faults: list[Fault] = []
    borders: dict[Pair, Border] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        pair = _pair(cells, divisions)
        ratio = cells.number("ratio", low=0.9, high=100)
        crow = cells.number("crow_km", low=0.1, high=1_000, required=True)
        climb = cells.number("sum_abs_dz_m", low=0, high=50_000, required=True)
        if pair is None or crow is None or climb is None:
            continue
        if frozenset(pair) in borders:
            cells.fault("to_adcode", "duplicate_pair", "once")
        borders[frozenset(pair)] = Border(*pair, ratio, climb / crow)
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(borders.values())


def parse_barriers(
    table: Table, divisions: Divisions, borders: tuple[Border, ...]
) -> dict[Pair, Barrier]:
    """Read ``barriers.csv``; a barrier must stand on a border, in either direction."""
    known = {border.pair for border in borders}
    faults: list[Fault] = []
    barriers: dict[Pair, Barrier] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        ends = _pair(cells, divisions)
        kind = cells.choice("kind", tuple(BarrierKind), required=True)
        factor = cells.number(
            "detour_factor", low=1, high=10, required=kind in ("seasonal", "poor")
        )
        months = _months(cells, required=kind == "seasonal")
        if ends is None or kind is None:
            continue
        pair = frozenset(ends)
        if months and kind != "seasonal":
            cells.fault("months", "months_without_season", "empty unless kind is seasonal")
        if pair not in known:
            cells.fault("to_adcode", "no_common_border", "a pair of county_adjacency.csv")
        if pair in barriers:
            cells.fault("to_adcode", "duplicate_pair", "once")
        barriers[pair] = Barrier(pair, BarrierKind(kind), months, factor or 1.0)
    if faults:
        raise RefusedInputError(table.name, faults)
    return barriers


def parse_hubs(table: Table, divisions: Divisions) -> tuple[NeighbourHub, ...]:
    """Read ``neighbour_hubs.csv``, one row per hub and county, in the order of the ids."""
    faults: list[Fault] = []
    hubs: dict[str, NeighbourHub] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        hub_id = cells.text("hub_id", required=True)
        lon = cells.number("lon", low=-180, high=180, required=True)
        lat = cells.number("lat", low=-90, high=90, required=True)
        county = cells.county("county_adcode", divisions.is_county, required=True)
        km = cells.number("road_km_approx", low=1, high=2_000, required=True)
        minutes = cells.number("minutes_approx", low=1, high=3_000, required=True)
        if hub_id is None or county is None or km is None or minutes is None:
            continue
        if lon is None or lat is None:
            continue
        road = HubRoad(county, round(km * 1000), round(minutes * 60))
        known = hubs[hub_id].roads if hub_id in hubs else ()
        if not _HUB_ID.fullmatch(hub_id):
            cells.fault("hub_id", "malformed_id", "OUT- and capital letters")
        if county in [other.county for other in known]:
            cells.fault("county_adcode", "duplicate_pair", "once per hub")
        roads = (*known, road)
        hubs[hub_id] = NeighbourHub(hub_id, row["name_zh"], row["province_zh"], lon, lat, roads)
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(hubs[hub_id] for hub_id in sorted(hubs))


def parse_road_points(table: Table, divisions: Divisions) -> dict[str, tuple[float, float]]:
    """Read ``road_points.csv``: where the roads of a county meet, if not at its seat."""
    faults: list[Fault] = []
    points: dict[str, tuple[float, float]] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        county = cells.county("adcode", divisions.is_county, required=True)
        lon = cells.number("lon", low=-180, high=180, required=True)
        lat = cells.number("lat", low=-90, high=90, required=True)
        if county is not None and lon is not None and lat is not None:
            points[county] = (lon, lat)
    if faults:
        raise RefusedInputError(table.name, faults)
    return points


def _pair(cells: CellReader, divisions: Divisions) -> tuple[str, str] | None:
    """Read two different counties, None where one of them is wrong."""
    county = cells.county("from_adcode", divisions.is_county, required=True)
    other = cells.county("to_adcode", divisions.is_county, required=True)
    if county is None or other is None:
        return None
    if county == other:
        cells.fault("to_adcode", "same_county", "another county")
        return None
    return county, other


def _months(cells: CellReader, *, required: bool) -> frozenset[int]:
    """Read months separated by semicolons."""
    text = cells.text("months", required=required) or ""
    months = [part.strip() for part in text.split(";") if part.strip()]
    if not all(month.isascii() and month.isdigit() and 1 <= int(month) <= 12 for month in months):
        cells.fault("months", "out_of_range", "1..12 separated by ;")
        return frozenset()
    return frozenset(int(month) for month in months)
