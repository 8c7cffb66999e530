"""The default data set: the 129 counties of Yunnan, each column with its source.

``docs/data.md`` describes it; :func:`column_sources` gives the same from code.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.assumptions import parse_assumptions
from geodata.county_graph import RoadSources, road_points
from geodata.divisions import Divisions
from geodata.estimate import RoadEstimate
from geodata.io import read_outlines, read_table
from geodata.road_tables import (
    NeighbourHub,
    parse_barriers,
    parse_borders,
    parse_hubs,
    parse_road_points,
)
from geodata.table import Table
from geodata.yunnan.county_file import parse_divisions

if TYPE_CHECKING:
    from geodata.boundaries import Outlines

FOLDER = Path(__file__).parent
CENTRE = "530102"
"""The county in Kunming where the expressways are assumed to begin."""


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """Where a column of a shipped table comes from, and of which year it is."""

    table: str
    column: str
    source: str
    year: str
    note: str


def load_table(name: str) -> Table:
    """Return one of the shipped tables by its name without ``.csv``."""
    return read_table(FOLDER / f"{name}.csv")


@cache
def load_divisions() -> Divisions:
    """Return the province, its 16 prefectures and 129 counties."""
    return Divisions(
        parse_divisions(load_table("counties"), load_table("prefectures")), locator=load_outlines
    )


@cache
def load_outlines() -> "Outlines":
    """Return the simplified outlines of the counties."""
    return read_outlines(FOLDER / "outlines.geojson")


@cache
def load_neighbour_hubs() -> tuple[NeighbourHub, ...]:
    """Return the cities outside the province, candidates outside the network."""
    return parse_hubs(load_table("neighbour_hubs"), load_divisions())


@cache
def load_road_estimate() -> RoadEstimate:
    """Return the estimate of travel times on the shipped tables."""
    divisions = load_divisions()
    borders = parse_borders(load_table("county_adjacency"), divisions)
    sources = RoadSources(
        divisions=divisions,
        borders=borders,
        barriers=parse_barriers(load_table("barriers"), divisions, borders),
        assumptions=parse_assumptions(
            load_table("speed_assumptions"), load_table("assumption_numbers")
        ),
        points=road_points(divisions, parse_road_points(load_table("road_points"), divisions)),
        centre=CENTRE,
    )
    return RoadEstimate(sources, hubs=load_neighbour_hubs())


@cache
def column_sources() -> tuple[ColumnSource, ...]:
    """Return source and year of every column of every shipped table."""
    return tuple(
        ColumnSource(row["table"], row["column"], row["source"], row["year"], row["note"])
        for row in load_table("columns").rows
    )
