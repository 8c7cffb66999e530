"""From borders, barriers and assumptions to the roads between neighbouring counties."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from geodata.assumptions import Assumptions
from geodata.conditions import Conditions
from geodata.distance import crow_m
from geodata.divisions import Divisions
from geodata.road_tables import Barrier, BarrierKind, Border, Pair
from geodata.shortest_ways import NO_STEP, shortest_ways

Point = tuple[float, float]


class RoadClass(StrEnum):
    """The assumption a road follows."""

    EXPRESSWAY = "expressway"
    MOUNTAIN = "mountain"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class CountyRoad:
    """The road between two neighbouring counties, from road point to road point.

    ``doubtful`` roads have a listed barrier or a penalty, and a wider band for it.
    ``closed_months`` is empty for a road open all year.
    """

    county: str
    other: str
    road_class: RoadClass
    distance_m: int
    doubtful: bool
    closed_months: frozenset[int]

    @property
    def pair(self) -> Pair:
        """Both codes, without direction."""
        return frozenset((self.county, self.other))

    def is_open(self, conditions: Conditions) -> bool:
        """Whether the road can be used; a seasonal one only in a month known to be open."""
        if self.pair in conditions.closed:
            return False
        if not self.closed_months:
            return True
        return conditions.month is not None and conditions.month not in self.closed_months


@dataclass(frozen=True, slots=True)
class RoadFigures:
    """Seconds and metres of one road under given conditions."""

    low_s: int
    expected_s: int
    high_s: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class RoadSources:
    """Everything the roads are derived from.

    ``centre`` is the county the expressways lead from, ``seats`` the counties they lead to;
    ``points`` says where the roads of a county meet.
    """

    divisions: Divisions
    borders: tuple[Border, ...]
    barriers: Mapping[Pair, Barrier]
    assumptions: Assumptions
    points: Mapping[str, Point]
    centre: str


def road_points(divisions: Divisions, stated: Mapping[str, Point]) -> dict[str, Point]:
    """Return the road point of every county: its seat unless another one is stated."""
    return {
        county.adcode: stated.get(county.adcode, (county.seat_lon, county.seat_lat))
        for county in divisions.counties
    }


def county_roads(sources: RoadSources) -> tuple[CountyRoad, ...]:
    """Derive the roads between neighbouring counties.

    Parameters
    ----------
    sources : RoadSources
        Borders, barriers, assumptions and points.

    Returns
    -------
    tuple[CountyRoad, ...]
        One per border, in the order of the borders, without those that no road crosses.

    Notes
    -----
    Length is the one of the Natural Earth graph where its ratio to the straight line is
    believable, else the straight line x the detour factor of the class; expressways always
    take the straight line x their own factor. A listed barrier multiplies the length; without
    one the larger of two penalties does (no believable length over a long line, steep
    ground), never both.
    """
    usable = [
        border
        for border in sources.borders
        if _kind(sources, border) is not BarrierKind.NONE_THROUGH_ROAD
    ]
    plain = [_plain_road(sources, border) for border in usable]
    expressways = _expressways(sources, plain)
    return tuple(
        _expressway(sources, border, road) if road.pair in expressways else road
        for border, road in zip(usable, plain, strict=True)
    )


def figures(road: CountyRoad, conditions: Conditions, assumptions: Assumptions) -> RoadFigures:
    """Return seconds and metres of a road under conditions, rounded to whole seconds."""
    speed = assumptions.of(road.road_class)
    band = assumptions.of("doubtful") if road.doubtful else speed
    seconds = speed.seconds(road.distance_m)
    seconds *= speed.slower(night=conditions.night, rain=conditions.rain)
    expected = max(1, round(seconds))
    more = conditions.longer_s(road.pair)
    return RoadFigures(
        min(expected, round(seconds * band.low)) + more,
        expected + more,
        max(expected, round(seconds * band.high)) + more,
        road.distance_m,
    )


def _kind(sources: RoadSources, border: Border) -> BarrierKind | None:
    barrier = sources.barriers.get(border.pair)
    return None if barrier is None else barrier.kind


def _crow(sources: RoadSources, border: Border) -> float:
    return crow_m(*sources.points[border.county], *sources.points[border.other])


def _plain_road(sources: RoadSources, border: Border) -> CountyRoad:
    """Return the road of a border as if there were no expressways."""
    assume = sources.assumptions
    ends = [sources.divisions.get(code) for code in (border.county, border.other)]
    relief = sum(end.relief_m or 0 for end in ends) / 2
    mountain = relief >= assume.number("mountain_relief")
    road_class = RoadClass.MOUNTAIN if mountain else RoadClass.ORDINARY
    crow = _crow(sources, border)
    believed = border.graph_ratio
    if believed is None or believed > assume.number("graph_ratio_max"):
        believed = assume.of(road_class).straight_line_factor
    barrier = sources.barriers.get(border.pair)
    factor = _detour(sources, border, crow)
    return CountyRoad(
        border.county,
        border.other,
        road_class,
        round(crow * believed * factor),
        doubtful=factor > 1,
        closed_months=barrier.months if barrier else frozenset(),
    )


def _detour(sources: RoadSources, border: Border, crow: float) -> float:
    """Return the factor of a listed barrier, which replaces the penalties, else a penalty."""
    barrier = sources.barriers.get(border.pair)
    return barrier.detour_factor if barrier else _penalty(sources.assumptions, border, crow)


def _penalty(assume: Assumptions, border: Border, crow: float) -> float:
    """Return the larger of the two penalties, 1 where neither applies."""
    unbelieved = (
        border.graph_ratio is not None
        and border.graph_ratio > assume.number("graph_ratio_max")
        and crow > 1000 * assume.number("ratio_penalty_min_crow")
    )
    steep = border.climb_m_per_km > assume.number("steep_climb")
    return max(
        assume.number("ratio_penalty") if unbelieved else 1.0,
        assume.number("steep_penalty") if steep else 1.0,
    )


def _expressways(sources: RoadSources, roads: list[CountyRoad]) -> frozenset[Pair]:
    """Return the pairs on the shortest ways in km from the centre to the prefecture seats."""
    counties = sources.divisions.counties
    index = {county.adcode: i for i, county in enumerate(counties)}
    lengths = np.zeros((len(counties), len(counties)), np.int32)
    for road in roads:
        if not road.closed_months:
            ends = index[road.county], index[road.other]
            lengths[ends] = lengths[ends[::-1]] = max(1, road.distance_m)
    before = shortest_ways(lengths)[1][index[sources.centre]]
    found = {pair for pair, barrier in sources.barriers.items() if barrier.kind == "expressway"}
    for county in counties:
        at = index[county.adcode] if county.is_prefecture_seat else NO_STEP
        while at != NO_STEP and before[at] != NO_STEP:
            found.add(frozenset((counties[at].adcode, counties[before[at]].adcode)))
            at = int(before[at])
    return frozenset(found)


def _expressway(sources: RoadSources, border: Border, road: CountyRoad) -> CountyRoad:
    """Return the same road as an expressway; barrier or penalty lengthen it all the same."""
    crow = _crow(sources, border)
    straight = sources.assumptions.of("expressway").straight_line_factor
    metres = round(crow * straight * _detour(sources, border, crow))
    return dataclasses.replace(road, road_class=RoadClass.EXPRESSWAY, distance_m=metres)
