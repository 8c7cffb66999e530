from dataclasses import replace
from datetime import UTC, datetime

import networkx as nx
import numpy as np
import pytest

from facilities.yunnan import load_registry
from geodata.conditions import Conditions
from geodata.site import Site, SiteKind
from geodata.travel_time import NO_TIME, TimeRow, TravelTimes
from geodata.yunnan import load_road_estimate
from routing.answer import Minutes
from routing.network import FacilityNetwork, conditions_for
from tests.routing.toys import NEXT_DOOR, centre, pool, world

JULY = Conditions(month=7)
GONGSHAN = "533324"


@pytest.fixture(scope="module")
def network():
    return FacilityNetwork(load_registry(), load_road_estimate())


def place(county, **more):
    return Site(county, SiteKind.COUNTY, county, None, None, **more)


@pytest.mark.parametrize(
    ("moment", "month", "night"),
    [
        (datetime(2026, 1, 14, 18, 55, tzinfo=UTC), 1, True),  # 02:55 on the 15th
        (datetime(2026, 1, 31, 16, 0, tzinfo=UTC), 2, True),  # midnight, 1 February
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), 7, False),  # noon
        (datetime(2026, 7, 1, 10, 59, tzinfo=UTC), 7, False),  # 18:59
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), 7, True),  # 19:00
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), 7, False),  # 07:00
    ],
)
def test_month_and_darkness_are_those_of_yunnan(moment, month, night):
    conditions = conditions_for(moment)

    assert (conditions.month, conditions.night) == (month, night)


def test_closed_roads_are_part_of_the_conditions():
    pair = frozenset(("530829", "530828"))

    assert conditions_for(datetime(2026, 7, 1, tzinfo=UTC), {pair}).closed == {pair}


def test_times_from_a_facility_are_its_row_of_the_table_between_all(network):
    site = network.sites[3]
    alone, all_pairs = network.times_from(site, JULY), network.between(JULY)

    assert (alone.expected_s[0] == all_pairs.expected_s[3]).all()
    assert alone.expected_s[0, 3] == 0
    assert alone.destinations == network.ids


def test_times_are_computed_once_per_origin_and_conditions(network):
    site = place(GONGSHAN)

    assert network.times_from(site, JULY) is network.times_from(place(GONGSHAN), JULY)
    assert network.between(JULY) is network.between(Conditions(month=7))


def test_the_graph_holds_counties_and_facilities_and_gives_the_times_of_the_table(network):
    """Between facilities of different counties a shortest path takes as long as the table says."""
    graph = network.graph(JULY)
    kinds = nx.get_node_attributes(graph, "kind")
    facilities = network.registry.facilities
    start = facilities[0]
    lengths = nx.single_source_dijkstra_path_length(graph, start.facility_id, weight="expected_s")
    times = network.between(JULY)

    assert sum(kind == "county" for kind in kinds.values()) == 129
    assert sum(kind == "facility" for kind in kinds.values()) == len(facilities)
    for column, facility in enumerate(facilities):
        if facility.county != start.county and facility.lon != start.lon:
            assert lengths[facility.facility_id] == times.expected_s[0, column]


def test_the_way_from_gongshan_to_kunming_passes_lushui(network):
    kunming = next(f for f in network.registry.facilities if f.county == "530102")

    for month in (1, 7):
        path = network.path(place(GONGSHAN), kunming.facility_id, Conditions(month=month))
        assert (path[0], path[-1]) == (GONGSHAN, "530102")
        assert "533301" in path


def test_the_county_of_a_meeting_is_as_far_along_as_it_should_be(network):
    kunming = next(f for f in network.registry.facilities if f.county == "530102")
    asked = {
        share: network.meeting_county(place(GONGSHAN), kunming.facility_id, JULY, share=share)
        for share in (0.0, 0.5, 1.0)
    }

    assert asked[0.0] == GONGSHAN
    assert asked[1.0] == "530102"
    assert asked[0.5] in network.path(place(GONGSHAN), kunming.facility_id, JULY)[1:-1]


def test_a_meeting_on_the_way_to_a_city_outside_counts_the_road_beyond_the_border():
    """富宁 to 百色 is one road of 110 minutes. No county lies between: short of half-way she is
    still in her own, after it in the city."""
    network = world([centre("BS", county="OUT-BS")], {})
    funing = place("532628")
    path = network.path(funing, "BS", JULY)
    met = [network.meeting_county(funing, "BS", JULY, share=share) for share in (0.2, 0.8)]

    assert path == ("532628",)
    assert met == ["532628", "OUT-BS"]


def test_the_graph_leaves_hospitals_outside_out_and_every_node_says_what_it_is():
    network = world([centre("YB", county="OUT-YB"), centre("A")], {})
    graph = network.graph(JULY)

    assert set(nx.get_node_attributes(graph, "kind").values()) == {"county", "facility"}
    assert all("kind" in data for _, data in graph.nodes(data=True))
    assert "A" in graph
    assert not {"YB", "OUT-YB"} & set(graph)


def test_hubs_outside_come_nearest_first_and_suijiang_is_near_yibin(network):
    hubs = network.hub_times(place("530626"), JULY)
    seconds = [time for _, time in hubs]

    assert seconds == sorted(seconds)
    assert hubs[0][0].name_zh == "宜宾市"


def test_every_county_reaches_some_facility_in_every_month(network):
    for county in network.estimate.divisions.counties:
        times = network.times_from(place(county.adcode), Conditions(month=None))
        assert (times.expected_s != NO_TIME).sum() > 100, county.name_en


def test_a_pair_that_a_table_does_not_hold_has_no_time_and_says_so():
    network = world([centre("A"), centre("B")], {("HERE", "A"): 60})
    times = network.times_from(Site("HERE", SiteKind.POINT, "530102", 102.7, 25.0), JULY)
    known, unknown = times.between("HERE", "A"), times.between("HERE", "B")

    assert known.expected_s == 3600
    assert (unknown.expected_s, unknown.reason) == (None, "not_in_table")


def test_a_table_answers_for_a_point_with_the_row_of_its_county():
    """The row speaks of the seat, 60 minutes from A; the point has its way to it before that."""
    network = world([centre("A")], {("530102", "A"): 60})
    inside = Site("point", SiteKind.POINT, "530102", 102.7, 25.0)
    elsewhere = Site("point", SiteKind.POINT, "530103", 102.7, 25.0)
    leg = network.estimate.leg_to_seat(inside, JULY)
    found = network.times_from(inside, JULY).between("point", "A")

    assert leg[1] > 0
    assert (found.low_s, found.expected_s, found.high_s) == tuple(3600 + s for s in leg[:3])
    assert network.times_from(elsewhere, JULY).between("point", "A").reason == "not_in_table"


def test_a_village_without_a_row_goes_by_that_of_its_county_and_is_not_as_near_as_the_seat():
    """25 minutes to the seat, more or less, and 60 from there; with a row of its own, that row."""
    stated = {("530102", "A"): 60}
    village = Site("village", SiteKind.PLACE, "530102", None, None, 25)

    def minutes(rows):
        times = world([centre("A")], rows).times_from(village, JULY)
        return times.between("village", "A").expected_s / 60

    assert 80 <= minutes(stated) <= 95
    assert minutes({**stated, ("village", "A"): 70}) == 70


def test_a_journey_is_shown_in_minutes_with_the_high_one_rounded_up():
    """90 s, 150 s and 181 s: 1, 2 (the even one) and 4 minutes; the table says 2 km."""
    network = world([centre("A")], {("530102", "A"): (1.5, 2.5, 181 / 60)})
    (journey,) = network.journeys(place("530102"), JULY)

    assert (journey.minutes, journey.km) == (Minutes(1, 2, 4), 2.0)
    assert journey.method == "measured"


def test_the_kilometres_are_the_estimates_where_a_table_states_minutes_only():
    stated = TimeRow("530102", "A", 3600, 3600, 3600, None, "measured", None)
    bare = world([centre("A", county=NEXT_DOOR)], {})
    table = TravelTimes.from_table([stated])
    network = FacilityNetwork(bare.registry, bare.estimate, table=table)
    (journey,) = network.journeys(place("530102"), JULY)
    metres = bare.estimate.travel_times([place("530102")], network.sites, JULY).distance_m[0, 0]

    assert journey.minutes == Minutes(60, 60, 60)
    assert journey.km == round(int(metres) / 1000, 1) > 0


def test_between_facilities_the_other_direction_counts_where_one_is_not_stated():
    network = world([centre("A"), centre("B"), centre("C")], {("A", "B"): 60})
    minutes = network.between_min(JULY)

    assert minutes.tolist()[:2] == [[0, 60, np.inf], [60, 0, np.inf]]


def test_a_closed_road_lengthens_a_stated_time_by_the_way_round_or_ends_it():
    """贡山 is reached by 福贡 alone, 福贡 by 泸水 or 维西 … : the first closure cuts it off."""
    network = world([centre("A", county="533301")], {(GONGSHAN, "A"): 400})
    open_road = network.times_from(place(GONGSHAN), JULY).between(GONGSHAN, "A")
    cut = replace(JULY, closed=frozenset({frozenset((GONGSHAN, "533323"))}))
    closed = network.times_from(place(GONGSHAN), cut).between(GONGSHAN, "A")

    assert open_road.expected_s == 400 * 60
    assert closed.reason == "no_open_road" or closed.expected_s > open_road.expected_s


def test_a_closure_off_the_way_changes_nothing_in_a_table():
    network = world([centre("A", county=NEXT_DOOR)], {("530102", "A"): 60})
    far = replace(JULY, closed=frozenset({frozenset((GONGSHAN, "533323"))}))

    assert network.times_from(place("530102"), far).between("530102", "A").expected_s == 3600


def test_a_network_over_another_registry_is_another_network(network):
    other = FacilityNetwork(
        network.registry.with_capacity([pool(network.ids[0], "LABOUR", 1)]), network.estimate
    )

    assert other.registry is not network.registry
    assert other.centres is not network.centres
