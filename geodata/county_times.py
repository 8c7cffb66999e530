"""Shortest times between all counties under given conditions, and to the hubs outside."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from geodata.assumptions import SpeedClass
from geodata.conditions import Conditions
from geodata.county_graph import CountyRoad, RoadFigures
from geodata.errors import UnknownDivisionError
from geodata.road_tables import NeighbourHub
from geodata.shortest_ways import shortest_ways
from geodata.travel_time import NO_TIME, IntArray

Roads = Sequence[tuple[CountyRoad, RoadFigures]]


@dataclass(frozen=True, slots=True, eq=False)
class CountyTimes:
    """Times between all counties and hubs, from road point to road point.

    Parameters
    ----------
    codes : tuple[str, ...]
        County codes, then hub ids; N of them in all.
    low_s, expected_s, high_s, distance_m : IntArray
        Shape (N, N), symmetric, :data:`NO_TIME` where no open road leads.
    predecessor : IntArray
        Shape (C, C) for the C counties: the county before the last on the way there.
    gate : IntArray
        Shape (N, H): the county through which the way to a hub leaves the network.
    """

    codes: tuple[str, ...]
    low_s: IntArray
    expected_s: IntArray
    high_s: IntArray
    distance_m: IntArray
    predecessor: IntArray
    gate: IntArray
    _index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {code: i for i, code in enumerate(self.codes)})
        figures = (self.low_s, self.expected_s, self.high_s, self.distance_m)
        for array in (*figures, self.predecessor, self.gate):
            array.flags.writeable = False

    def index(self, code: str) -> int:
        """Return the position of a county or hub."""
        try:
            return self._index[code]
        except KeyError:
            raise UnknownDivisionError(code, known=len(self.codes)) from None

    def path(self, origin: str, destination: str) -> tuple[str, ...]:
        """Return the counties passed, both ends included, hubs left out; empty if no road."""
        start, end = self.index(origin), self.index(destination)
        if start > end:
            return self.path(destination, origin)[::-1]
        counties = len(self.predecessor)
        if self.expected_s[start, end] == NO_TIME or start == end >= counties:
            return ()
        if end >= counties:
            end = int(self.gate[start, end - counties])
        if start >= counties:
            start = int(self.gate[end, start - counties])
        return tuple(self.codes[i] for i in self._steps(start, end))

    def _steps(self, start: int, end: int) -> list[int]:
        """Return the way between two counties, always read from the lower index."""
        if start > end:
            return self._steps(end, start)[::-1]
        steps = [end]
        while steps[-1] != start:
            steps.append(int(self.predecessor[start, steps[-1]]))
        return steps[::-1]


def county_times(
    counties: Sequence[str],
    roads: Roads,
    hubs: Sequence[NeighbourHub],
    *,
    conditions: Conditions,
    hub_class: SpeedClass,
) -> CountyTimes:
    """Compute all pairs, and low, high and metres along each way.

    Parameters
    ----------
    counties : Sequence[str]
        C codes in the order of the result.
    roads : Roads
        The open roads with their figures under ``conditions``.
    hubs : Sequence[NeighbourHub]
        H cities outside; they are ends of trips, never passed through.
    conditions : Conditions
        Darkness, rain and closures for the roads to the hubs.
    hub_class : SpeedClass
        Band and factors for the roads to the hubs.

    Returns
    -------
    CountyTimes
        The way with the least expected seconds; low, high and metres are those of that
        way. Of two equal ways the one is kept that is found from the lower code, so the
        result is symmetric and repeatable.
    """
    index = {code: i for i, code in enumerate(counties)}
    size = len(counties)
    single = np.zeros((3, size, size), np.int32)
    expected = np.zeros((size, size), np.int32)
    for road, figures in roads:
        i, j = index[road.county], index[road.other]
        expected[i, j] = expected[j, i] = figures.expected_s
        parts = (figures.low_s, figures.high_s, figures.distance_m)
        single[:, i, j] = single[:, j, i] = parts
    reached, predecessor = shortest_ways(expected)
    low, high, metres = _along_ways(reached, predecessor, single)
    upper = [_mirrored(part) for part in (low, reached, high, metres)]
    full, gate = _with_hubs(np.stack(upper), index, hubs, conditions, hub_class)
    codes = (*counties, *(hub.hub_id for hub in hubs))
    return CountyTimes(codes, full[0], full[1], full[2], full[3], predecessor, gate)


def _along_ways(reached: IntArray, predecessor: IntArray, single: IntArray) -> IntArray:
    """Add up low, high and metres along every way, nearest places first."""
    size = len(reached)
    total = np.zeros((3, size, size), np.int32)
    # Where no way leads, NO_TIME sorts to the front; nothing is added up there.
    order = np.argsort(reached, axis=1, kind="stable")
    start = np.arange(size)
    for rank in range(size):
        here = order[:, rank]
        before = predecessor[start, here]
        linked = before >= 0
        rows, ends, starts = start[linked], here[linked], before[linked]
        total[:, rows, ends] = total[:, rows, starts] + single[:, starts, ends]
    total[:, reached == NO_TIME] = NO_TIME
    return total


def _mirrored(square: IntArray) -> IntArray:
    """Copy the upper triangle over the lower one."""
    upper = np.triu(square)
    mirrored: IntArray = upper + np.triu(square, 1).T
    return mirrored


def _with_hubs(
    counties: IntArray,
    index: dict[str, int],
    hubs: Sequence[NeighbourHub],
    conditions: Conditions,
    hub_class: SpeedClass,
) -> tuple[IntArray, IntArray]:
    """Append a row and a column per hub: the best of its gates for every origin."""
    size, total = counties.shape[1], counties.shape[1] + len(hubs)
    full = np.full((4, total, total), NO_TIME, np.int32)
    full[:, :size, :size] = counties
    gate = np.full((total, len(hubs)), NO_TIME, np.int32)
    slower = hub_class.slower(night=conditions.night, rain=conditions.rain)
    for number, hub in enumerate(hubs):
        at = size + number
        full[:, at, at] = 0
        for road in hub.roads:
            pair = frozenset((road.county, hub.hub_id))
            if pair in conditions.closed:
                continue
            seconds = round(road.expected_s * slower)
            more = conditions.longer_s(pair)
            low, high = round(seconds * hub_class.low), round(seconds * hub_class.high)
            leg = (low + more, seconds + more, high + more)
            gate_at = index[road.county]
            way = full[:, :at, gate_at] + np.array([*leg, road.distance_m], np.int32)[:, None]
            known, best = full[1, :at, at], way[1]
            better = (full[1, :at, gate_at] != NO_TIME) & ((known == NO_TIME) | (best < known))
            full[:, :at, at] = np.where(better, way, full[:, :at, at])
            gate[:at, number] = np.where(better, gate_at, gate[:at, number])
        full[:, at, :at] = full[:, :at, at]
    return full, gate
