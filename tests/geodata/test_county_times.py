"""All pairs against another method, and what must hold of any table of ways."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.conditions import Conditions
from geodata.errors import UnknownDivisionError
from geodata.road_tables import HubRoad, NeighbourHub
from geodata.travel_time import NO_TIME
from geodata.yunnan import load_road_estimate

FAR = 10**9
PAIRS = sorted(load_road_estimate().known_pairs, key=sorted)
closures = st.sets(st.sampled_from(PAIRS), max_size=40).map(frozenset)
months = st.sampled_from([None, 1, 7])


def all_pairs_by_heap(estimate, conditions):
    """Dijkstra with scipy's heap from every county, on the roads of the networkx graph."""
    codes = [county.adcode for county in estimate.divisions.counties]
    at = {code: i for i, code in enumerate(codes)}
    direct = np.zeros((len(codes), len(codes)))
    for a, b, road in estimate.graph(conditions).edges(data=True):
        direct[at[a], at[b]] = direct[at[b], at[a]] = road["expected_s"]
    seconds = dijkstra(csr_array(direct), directed=False)
    return np.where(np.isfinite(seconds), seconds, NO_TIME).astype(np.int64), at


@settings(max_examples=25)
@given(closures, months, st.booleans(), st.booleans())
def test_all_pairs_equal_another_method_on_random_closures(closed, month, night, rain):
    estimate = load_road_estimate()
    conditions = Conditions(month=month, night=night, rain=rain, closed=closed)
    expected, at = all_pairs_by_heap(estimate, conditions)
    times = estimate.all_pairs(conditions)

    assert times.codes[: len(at)] == tuple(at)
    assert (times.expected_s[: len(at), : len(at)] == expected).all()


@settings(max_examples=15)
@given(closures, months)
def test_the_way_to_a_hub_is_the_best_of_its_gates_and_passes_no_other_hub(closed, month):
    estimate = load_road_estimate()
    conditions = Conditions(month=month, closed=closed)
    between, at = all_pairs_by_heap(estimate, conditions)
    times = estimate.all_pairs(conditions)
    for hub in estimate.hubs:
        ways = np.full(len(at), FAR)
        for road in hub.roads:
            if frozenset((road.county, hub.hub_id)) not in closed:
                to_gate = between[at[road.county]]
                ways = np.minimum(ways, np.where(to_gate < 0, FAR, to_gate + road.expected_s))

        found = times.expected_s[: len(at), times.index(hub.hub_id)]
        assert (found == np.where(ways >= FAR, NO_TIME, ways)).all()


@settings(max_examples=10)
@given(closures, st.integers(0, 99))
def test_low_high_and_metres_are_those_of_the_way_that_is_named(closed, seed):
    estimate = load_road_estimate()
    conditions = Conditions(month=7, closed=closed)
    times, graph = estimate.all_pairs(conditions), estimate.graph(conditions)
    ends = np.random.default_rng(seed).integers(0, graph.number_of_nodes(), (60, 2))
    for i, j in ends.tolist():
        path = times.path(times.codes[i], times.codes[j])
        if times.expected_s[i, j] == NO_TIME:
            assert path == ()
            continue
        steps = [graph.edges[step] for step in itertools.pairwise(path)]

        assert (path[0], path[-1]) == (times.codes[i], times.codes[j])
        for name in ("low_s", "expected_s", "high_s", "distance_m"):
            assert getattr(times, name)[i, j] == sum(step[name] for step in steps)


@given(closures, months)
def test_there_and_back_take_the_same_time_and_the_same_way(closed, month):
    times = load_road_estimate().all_pairs(Conditions(month=month, closed=closed))
    codes = times.codes

    for array in (times.low_s, times.expected_s, times.high_s, times.distance_m):
        assert (array == array.T).all()
    for i in range(0, len(codes) - 1, 7):
        assert times.path(codes[i], codes[-1 - i]) == times.path(codes[-1 - i], codes[i])[::-1]


@settings(max_examples=10)
@given(closures, months)
def test_no_detour_over_a_third_county_is_quicker_than_the_way(closed, month):
    times = load_road_estimate().all_pairs(Conditions(month=month, closed=closed))
    size = len(times.predecessor)
    seconds = np.where(times.expected_s < 0, FAR, times.expected_s)[:size, :size].astype(np.int64)
    over = (seconds[:, :, None] + seconds[None, :, :]).min(axis=1)

    assert (over >= seconds).all()


@given(closures, st.sampled_from(PAIRS), months)
def test_closing_one_road_more_never_shortens_a_way(closed, one_more, month):
    estimate = load_road_estimate()
    before = estimate.all_pairs(Conditions(month=month, closed=closed))
    after = estimate.all_pairs(Conditions(month=month, closed=closed | {one_more}))
    was = np.where(before.expected_s < 0, FAR, before.expected_s)
    now = np.where(after.expected_s < 0, FAR, after.expected_s)

    assert (now >= was).all()


@given(closures)
def test_winter_unknown_month_night_and_rain_never_shorten_a_way(closed):
    estimate = load_road_estimate()
    july = estimate.all_pairs(Conditions(month=7, closed=closed)).expected_s
    for harder in (
        Conditions(month=1, closed=closed),
        Conditions(closed=closed),
        Conditions(month=7, night=True, closed=closed),
        Conditions(month=7, rain=True, closed=closed),
    ):
        found = estimate.all_pairs(harder).expected_s

        assert ((found >= july) | (found == NO_TIME)).all()


@given(closures, months, st.booleans())
def test_low_is_never_above_expected_nor_expected_above_high(closed, month, night):
    times = load_road_estimate().all_pairs(Conditions(month=month, night=night, closed=closed))
    known = times.expected_s != NO_TIME

    assert (times.low_s <= times.expected_s).all()
    assert (times.expected_s <= times.high_s).all()
    assert ((times.low_s >= 0) == known).all()
    assert ((times.high_s >= 0) == known).all()
    assert ((times.distance_m >= 0) == known).all()


def hub(hub_id, *roads):
    return NeighbourHub(hub_id, hub_id, "", 0.0, 1.0, tuple(HubRoad(c, m, s) for c, m, s in roads))


def test_a_hub_between_two_counties_joins_nothing(make_land):
    """A and B touch no road but both reach the hub in a minute: still no way from A to B."""
    land = make_land("AB")
    land.border("A", "B")
    land.barrier("A", "B", "none_through_road")
    land.hubs = (hub("OUT", ("A", 1000, 60), ("B", 1000, 60)),)
    times = land.estimate().all_pairs()

    assert times.expected_s.tolist() == [[0, -1, 60], [-1, 0, 60], [60, 60, 0]]
    assert times.path("A", "B") == ()
    assert times.path("A", "OUT") == ("A",)


def test_a_hub_is_left_and_reached_through_the_gate_that_is_quicker_in_all(make_land):
    """A to B takes 1001 s. Direct from A 2000 s, through B 1001 + 60 s: band 0.8 and 1.3."""
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    land.hubs = (hub("OUT", ("A", 9000, 2000), ("B", 1000, 60)),)
    times = land.estimate().all_pairs()
    i, j = times.index("A"), times.index("OUT")

    assert (times.low_s[i, j], times.expected_s[i, j], times.high_s[i, j]) == (799, 1061, 1479)
    assert times.path("A", "OUT") == ("A", "B")
    assert times.path("OUT", "A") == ("B", "A")


def test_the_road_to_a_hub_can_be_closed_like_any_other(make_land):
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    land.hubs = (hub("OUT", ("A", 9000, 2000), ("B", 1000, 60)),)
    closed = Conditions(closed=frozenset({frozenset(("OUT", "B"))}))
    times = land.estimate().all_pairs(closed)

    assert times.expected_s[times.index("A"), times.index("OUT")] == 2000
    assert times.path("A", "OUT") == ("A",)


def test_between_two_hubs_the_way_leads_over_the_counties_in_both_directions(make_land):
    land = make_land("ABC")
    land.border("A", "B")
    land.border("B", "C")
    land.hubs = (hub("OUT-1", ("A", 1000, 60)), hub("OUT-2", ("C", 1000, 60)))
    times = land.estimate().all_pairs()

    assert times.path("OUT-1", "OUT-2") == ("A", "B", "C")
    assert times.path("OUT-2", "OUT-1") == ("C", "B", "A")
    assert times.path("OUT-1", "OUT-1") == ()


def test_a_code_that_is_no_county_and_no_hub_is_refused(yunnan):
    with pytest.raises(UnknownDivisionError):
        yunnan.all_pairs().index("530000")


def test_the_arrays_of_a_kept_answer_cannot_be_changed(yunnan):
    times = yunnan.all_pairs()

    assert times is yunnan.all_pairs(Conditions())
    for array in (times.expected_s, times.predecessor, times.gate):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
