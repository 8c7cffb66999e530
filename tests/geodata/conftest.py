"""A made-up land of a few counties on the equator, where 0.1 degrees are 11,119.5 m."""

from dataclasses import replace

import pytest

from geodata.assumptions import parse_assumptions
from geodata.boundaries import Outlines
from geodata.conditions import Conditions
from geodata.county_graph import RoadSources, road_points
from geodata.divisions import Division, DivisionLevel, Divisions
from geodata.estimate import RoadEstimate
from geodata.road_tables import Barrier, BarrierKind, Border
from geodata.yunnan import load_road_estimate, load_table

AREA_KM2 = 314.159265
"""Of every county: a disc of 10 km radius."""


def county(code, lon, lat, *, relief=0, prefecture_seat=False, level=DivisionLevel.COUNTY):
    return Division(
        adcode=code,
        name_zh=code,
        name_en=code,
        level=level,
        parent=None if level is DivisionLevel.PROVINCE else "0",
        seat_lon=lon,
        seat_lat=lat,
        hub_lon=lon,
        hub_lat=lat,
        population=1000,
        women_15_49=200,
        women_35_49=80,
        births=10,
        births_year=2024,
        births_census=10,
        births_census_year=2020,
        area_km2=AREA_KM2,
        relief_m=relief,
        is_prefecture_seat=prefecture_seat,
    )


def square(code, lon, lat, half=0.05):
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"adcode": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


class Land:
    """Counties in a row, 0.1 degrees apart; borders and barriers as each test wants them."""

    def __init__(self, counties):
        self.counties = {code: county(code, 0.1 * i, 0.0) for i, code in enumerate(counties)}
        self.borders = []
        self.barriers = {}
        self.points = {}
        self.hubs = ()
        self.centre = counties[0]

    def change(self, code, **values):
        self.counties[code] = replace(self.counties[code], **values)

    def border(self, a, b, *, ratio=1.5, climb=0.0):
        self.borders.append(Border(a, b, ratio, climb))

    def barrier(self, a, b, kind, *, months=(), factor=1.0):
        pair = frozenset((a, b))
        self.barriers[pair] = Barrier(pair, BarrierKind(kind), frozenset(months), factor)

    def estimate(self):
        province = county("0", 0.0, 0.0, level=DivisionLevel.PROVINCE)
        shapes = [square(c.adcode, c.seat_lon, c.seat_lat) for c in self.counties.values()]
        divisions = Divisions(
            [province, *self.counties.values()],
            locator=lambda: Outlines({"type": "FeatureCollection", "features": shapes}),
        )
        sources = RoadSources(
            divisions=divisions,
            borders=tuple(self.borders),
            barriers=self.barriers,
            assumptions=parse_assumptions(
                load_table("speed_assumptions"), load_table("assumption_numbers")
            ),
            points=road_points(divisions, self.points),
            centre=self.centre,
        )
        return RoadEstimate(sources, hubs=self.hubs)


@pytest.fixture
def make_land():
    """``make_land("AB")`` is a land of the counties A and B."""
    return Land


@pytest.fixture(scope="session")
def yunnan():
    return load_road_estimate()


@pytest.fixture(scope="session")
def summer(yunnan):
    return yunnan.all_pairs(Conditions(month=7))
