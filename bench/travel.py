"""Travel times: error against known roads by class, and how long all pairs take."""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

import networkx as nx

from geodata.conditions import Conditions
from geodata.estimate import RoadEstimate
from geodata.road_facts import class_errors, parse_road_facts
from geodata.yunnan import load_divisions, load_road_estimate, load_table

Row = tuple[str, str, str, str]
HEADER: Row = ("travel times", "figure", "aim", "beside it")
AIMS = {"expressway": "<= 15 %", "plateau": "<= 15 %", "gorge": "<= 25 %"}
RUNS = 5


def run() -> list[Row]:
    """Return the rows of the table: errors first, then medians of five runs."""
    estimate = load_road_estimate()
    return [*_error_rows(estimate), *_time_rows(estimate)]


def _error_rows(estimate: RoadEstimate) -> list[Row]:
    """Compare with the remembered roads of road_facts.csv."""
    facts = parse_road_facts(load_table("road_facts"), load_divisions())
    rows = []
    for error in class_errors(estimate.all_pairs(), facts):
        figure = f"{error.median:.1%} (worst {error.worst:.1%})"
        aim = AIMS[error.road_class]
        rows.append((f"median error, {error.road_class}", figure, aim, f"{error.facts} roads"))
        rows.append(
            (f"band holds, {error.road_class}", f"{error.covered:.0%}", ">= 80 %", "low-high")
        )
    return rows


def _time_rows(estimate: RoadEstimate) -> list[Row]:
    """Time all pairs with conditions never asked before, beside networkx on the same graph."""
    conditions = [
        Conditions(month=month, closed=frozenset({road.pair}))
        for month, road in enumerate(estimate.roads[:RUNS], start=1)
    ]
    ours = _median_ms([partial(estimate.all_pairs, asked) for asked in conditions])
    graphs = [estimate.graph(asked) for asked in conditions]
    peer = _median_ms([partial(_peer, graph) for graph in graphs])
    counties = [estimate.county_site(county.adcode) for county in estimate.divisions.counties]
    sites = [*counties, *(hub.site() for hub in estimate.hubs)]
    table = _median_ms([partial(estimate.travel_times, sites, sites)] * RUNS)
    size = len(sites)
    return [
        ("all pairs, 129 counties", f"{ours:.1f} ms", "< 1000 ms", f"networkx {peer:.0f} ms"),
        (f"{size} x {size} with legs", f"{table:.1f} ms", "", f"{size * size:,} pairs"),
    ]


def _peer(graph: nx.Graph) -> object:
    """Compute the same times and ways with networkx alone."""
    return dict(nx.all_pairs_dijkstra(graph, weight="expected_s"))


def _median_ms(calls: Sequence[Callable[[], object]]) -> float:
    """Return the median duration of the calls in milliseconds."""
    spent = []
    for call in calls:
        start = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent)


def main() -> None:
    """Print the table with aligned columns."""
    rows = [HEADER, *run()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main()
