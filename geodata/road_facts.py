"""How far the estimate is from roads somebody knows, by class of terrain."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from geodata.check import Fault
from geodata.county_times import CountyTimes
from geodata.divisions import Divisions
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

CLASSES = ("expressway", "plateau", "gorge")


@dataclass(frozen=True, slots=True)
class RoadFact:
    """A known driving time between two counties."""

    county: str
    other: str
    minutes: float
    road_class: str


@dataclass(frozen=True, slots=True)
class ClassError:
    """Error of the estimate over the facts of one class.

    ``median`` and ``worst`` are shares of the known minutes; ``covered`` is the share of
    facts within low..high.
    """

    road_class: str
    facts: int
    median: float
    worst: float
    covered: float


def parse_road_facts(table: Table, divisions: Divisions) -> tuple[RoadFact, ...]:
    """Read ``road_facts.csv``; every fault is listed in one refusal."""
    faults: list[Fault] = []
    facts: list[RoadFact] = []
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        county = cells.county("from_adcode", divisions.is_county, required=True)
        other = cells.county("to_adcode", divisions.is_county, required=True)
        minutes = cells.number("minutes_approx", low=1, high=3_000, required=True)
        road_class = cells.choice("class", CLASSES, required=True)
        if county is None or other is None or minutes is None or road_class is None:
            continue
        facts.append(RoadFact(county, other, minutes, road_class))
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(facts)


def class_errors(times: CountyTimes, facts: Sequence[RoadFact]) -> tuple[ClassError, ...]:
    """Compare estimated with known minutes.

    Parameters
    ----------
    times : CountyTimes
        From road point to road point.
    facts : Sequence[RoadFact]
        Known times; classes without facts are left out.

    Returns
    -------
    tuple[ClassError, ...]
        In the order of :data:`CLASSES`.
    """
    found = []
    for road_class in CLASSES:
        pairs = [fact for fact in facts if fact.road_class == road_class]
        if not pairs:
            continue
        errors, covered = [], 0
        for fact in pairs:
            at = times.index(fact.county), times.index(fact.other)
            known_s = fact.minutes * 60
            errors.append(abs(float(times.expected_s[at]) - known_s) / known_s)
            covered += int(times.low_s[at]) <= known_s <= int(times.high_s[at])
        found.append(
            ClassError(
                road_class,
                len(pairs),
                statistics.median(errors),
                max(errors),
                covered / len(pairs),
            )
        )
    return tuple(found)
