"""Trips between facilities, counties, villages, points and cities outside."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.conditions import Conditions, closed_pairs
from geodata.crs import CRS, from_wgs84
from geodata.errors import OutsideDataError, UnknownDivisionError, UnknownSiteError
from geodata.site import Site, SiteKind
from geodata.yunnan import load_divisions, load_neighbour_hubs, load_road_estimate

JULY = Conditions(month=7)


def facility(site_id, county, lon, lat):
    return Site(site_id, SiteKind.FACILITY, county, lon, lat)


def minutes(estimate, origin, destination, conditions=JULY):
    way = estimate.travel_times([origin], [destination], conditions).between(
        origin.site_id, destination.site_id
    )
    return tuple(round(seconds / 60, 1) for seconds in (way.low_s, way.expected_s, way.high_s))


@pytest.fixture
def two(make_land):
    """A to B: 16,679 m, 751 / 1001 / 1401 s."""
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    return land.estimate()


def test_a_trip_between_two_road_points_is_the_road_alone(two):
    way = two.travel_times([facility("a", "A", 0.0, 0.0)], [facility("b", "B", 0.1, 0.0)])
    found = way.between("a", "b")

    assert (found.low_s, found.expected_s, found.high_s) == (751, 1001, 1401)
    assert found.distance_m == 16_679
    assert (found.method, found.path, found.reason) == ("estimate", ("A", "B"), None)


def test_a_facility_off_the_road_point_adds_its_way_to_it(two):
    """0.01 degrees are 1112 m x 1.4 at 30 km/h = 187 s; band 0.60 and 1.70."""
    way = two.travel_times([facility("a", "A", 0.0, 0.01)], [facility("b", "B", 0.1, 0.0)])
    found = way.between("a", "b")

    assert (found.low_s, found.expected_s, found.high_s) == (751 + 112, 1001 + 187, 1401 + 318)
    assert found.distance_m == 16_679 + 1_557


def test_an_origin_known_by_county_only_adds_half_a_to_the_middle_and_more_to_the_band(two):
    """Disc of 10 km: a = 2/3 x 10 km x 1.4 at 30 km/h = 1120 s; low + 0, + a/2, high + 1.5 a."""
    way = two.travel_times([two.county_site("A")], [facility("b", "B", 0.1, 0.0)])
    found = way.between("A", "b")

    assert (found.low_s, found.expected_s, found.high_s) == (751, 1001 + 560, 1401 + 1680)


def test_a_facility_without_a_point_is_taken_for_the_road_point_of_its_county(two):
    somewhere = Site("a", SiteKind.FACILITY, "A", None, None)
    way = two.travel_times([somewhere], [facility("b", "B", 0.1, 0.0)])

    assert way.between("a", "b").expected_s == 1001


def test_two_facilities_at_one_point_or_in_one_town_are_five_fifteen_thirty_minutes_apart(two):
    here, there = facility("a", "A", 0.0, 0.0), facility("x", "A", 0.0, 0.001)

    assert minutes(two, here, facility("y", "A", 0.0, 0.0)) == (5, 15, 30)
    assert minutes(two, here, there) == (5, 15, 30)
    assert minutes(two, here, facility("z", "B", 0.0, 0.0)) == (5, 15, 30)


def test_two_facilities_far_apart_in_one_county_take_the_way_between_them(two):
    """0.1 degrees are 11,119.5 m x 1.4 at 30 km/h = 1868 s = 31.1 min; 0.60 and 1.70."""
    here, there = facility("a", "A", 0.0, 0.0), facility("x", "A", 0.0, 0.1)

    assert minutes(two, here, there) == (18.7, 31.1, 52.9)


def test_a_site_is_no_time_away_from_itself_but_a_county_is_no_single_place(two):
    """Somewhere in A to somewhere in A: 0 / 560 / 1680 s, never below 5 / 15 / 30 minutes."""
    here = facility("a", "A", 0.0, 0.02)

    assert minutes(two, here, here) == (0, 0, 0)
    assert minutes(two, two.county_site("A"), two.county_site("A")) == (5, 15, 30)


def test_inside_one_county_an_origin_somewhere_takes_the_way_from_somewhere(make_land):
    """Disc of 40 km: a = 4480 s; the hospital at the seat is 0 / 2240 / 6720 s away."""
    land = make_land("AB")
    land.change("A", area_km2=16 * 314.159265)
    land.border("A", "B")
    estimate = land.estimate()

    assert minutes(estimate, estimate.county_site("A"), facility("a", "A", 0.0, 0.0)) == (
        5,
        round(2240 / 60, 1),
        112,
    )


def test_stated_minutes_to_the_seat_win_over_the_point(two):
    """90 min: 0.8 and 1.4 of it. The point alone would be 187 s from the seat."""
    village = Site("v", SiteKind.PLACE, "A", 0.0, 0.01, 90)

    assert minutes(two, village, facility("a", "A", 0.0, 0.0)) == (72, 90, 126)
    assert minutes(two, village, facility("b", "B", 0.1, 0.0)) == (
        round(72 + 751 / 60, 1),
        round(90 + 1001 / 60, 1),
        round(126 + 1401 / 60, 1),
    )


def test_a_village_by_its_point_takes_the_way_to_the_road_point(two):
    """0.1 degrees x 1.4 at 30 km/h: 1868 s."""
    village = Site("v", SiteKind.PLACE, "A", 0.0, 0.1)

    assert minutes(two, village, facility("a", "A", 0.0, 0.0)) == (18.7, 31.1, 52.9)
    assert minutes(two, village, facility("b", "B", 0.1, 0.0))[1] == round((1001 + 1868) / 60, 1)


def test_two_villages_with_stated_minutes_meet_at_the_seat(two):
    one = Site("v", SiteKind.PLACE, "A", None, None, 30)
    other = Site("w", SiteKind.PLACE, "A", None, None, 60)

    assert minutes(two, one, other) == (72, 90, 126)


def test_stated_minutes_lead_to_the_seat_and_then_on_to_the_road_point(make_land):
    """Road point 0.01 degrees from the seat: 187 s more."""
    land = make_land("AB")
    land.points = {"A": (0.0, 0.01)}
    land.border("A", "B", ratio=1.5)
    estimate = land.estimate()
    village = Site("v", SiteKind.PLACE, "A", None, None, 30)
    way = estimate.travel_times([village], [facility("b", "B", 0.1, 0.0)])
    plain = estimate.travel_times(
        [Site("p", SiteKind.PLACE, "A", None, None)], [facility("b", "B", 0.1, 0.0)]
    )

    assert way.between("v", "b").expected_s - plain.between("p", "b").expected_s == 1800 + 187


def test_night_and_rain_lengthen_the_legs_too(two):
    """187 s x 1.15 = 215; x 1.25 = 234; 90 min x 1.4375 = 129.4 min."""
    near = facility("a", "A", 0.0, 0.01)
    village = Site("v", SiteKind.PLACE, "A", None, None, 90)
    wet_night = Conditions(night=True, rain=True)
    by_night = two.travel_times([near], [facility("b", "B", 0.1, 0.0)], Conditions(night=True))

    assert by_night.between("a", "b").expected_s == 1151 + 215
    assert minutes(two, village, facility("a", "A", 0.0, 0.0), wet_night)[1] == 129.4


def test_legs_kept_from_one_question_are_not_those_of_another_night_or_place(two):
    """Legs are kept per sites, darkness and rain; asking in any order gives the same figures."""
    sites = (facility("a", "A", 0.0, 0.02), facility("b", "B", 0.1, 0.02))
    moved = (facility("a", "A", 0.0, 0.04), facility("b", "B", 0.1, 0.04))
    ways = [Conditions(), Conditions(night=True), Conditions(rain=True)]
    asked = [(places, way) for places in (sites, moved) for way in ways]
    first = [two.travel_times(places, places, way).expected_s[0, 1] for places, way in asked]
    again = [two.travel_times(list(p), list(p), way).expected_s[0, 1] for p, way in asked[::-1]]

    assert again[::-1] == first
    assert len(set(first)) == len(first)


def test_where_no_open_road_leads_the_reason_stands_and_no_figure(two):
    closed = Conditions(closed=closed_pairs([("B", "A")]))
    times = two.travel_times([two.county_site("A")], [facility("b", "B", 0.1, 0.0)], closed)
    way = times.between("A", "b")

    assert way.reason == "no_open_road"
    assert (way.low_s, way.expected_s, way.high_s, way.distance_m) == (None,) * 4
    assert way.path == ()


def test_the_doubtful_steps_of_a_way_can_be_named(yunnan):
    """The list of barriers calls the road over the Gaoligong range poor."""
    assert yunnan.doubtful_roads(("530581", "533301", "533323")) == (("530581", "533301"),)
    assert yunnan.doubtful_roads(("530102",)) == ()


def test_every_county_reaches_every_county_and_hub_with_a_time(yunnan):
    sites = [yunnan.county_site(c.adcode) for c in load_divisions().counties]
    sites += [hub.site() for hub in load_neighbour_hubs()]
    for month in (None, 1, 7):
        times = yunnan.travel_times(sites, sites, Conditions(month=month))

        assert times.expected_s.shape == (136, 136)
        assert (times.reason == 0).all()
        assert times.expected_s.dtype == np.int32


def test_a_way_of_fifteen_hours_has_its_time_like_any_other(yunnan):
    """腾冲 to 盐津: about 1,000 km; nothing is cut at two hours."""
    times = yunnan.travel_times([yunnan.county_site("530581")], [yunnan.county_site("530623")])
    way = times.between("530581", "530623")

    assert 14.5 * 3600 < way.expected_s < 16.5 * 3600
    assert way.low_s < way.expected_s < way.high_s
    assert way.distance_m > 800_000
    assert len(way.path) > 10


def test_a_county_cut_off_by_closures_keeps_its_rows_with_the_reason(yunnan):
    """Gongshan has two roads and one border without a road."""
    roads = [road.pair for road in yunnan.roads if "533324" in road.pair]
    cut = Conditions(month=7, closed=closed_pairs(roads))
    counties = [yunnan.county_site(c.adcode) for c in load_divisions().counties]
    times = yunnan.travel_times([yunnan.county_site("533324")], counties, cut)
    reasons = [times.between("533324", site.site_id).reason for site in counties]

    assert len(roads) == 2
    assert reasons.count("no_open_road") == 128
    assert times.between("533324", "533324").reason is None


@pytest.mark.parametrize(
    ("county", "hub_id", "most_minutes"),
    [("530626", "OUT-YB", 105), ("532628", "OUT-BS", 110)],
)
def test_suijiang_may_go_to_yibin_and_funing_to_bose_far_quicker_than_to_kunming(
    yunnan, county, hub_id, most_minutes
):
    hubs = {hub.hub_id: hub for hub in load_neighbour_hubs()}
    seat = load_divisions().get(county)
    origin = facility("county-hospital", county, seat.seat_lon, seat.seat_lat)
    kunming = yunnan.county_site("530102")
    times = yunnan.travel_times([origin], [hubs[hub_id].site(), kunming], JULY)

    assert times.between("county-hospital", hub_id).expected_s <= most_minutes * 60
    assert times.between("county-hospital", hub_id).path[0] == county
    assert hub_id not in times.between("county-hospital", hub_id).path
    assert (
        times.between("county-hospital", "530102").expected_s
        > 3 * times.between("county-hospital", hub_id).expected_s
    )


def test_seven_hubs_with_twenty_one_roads_stand_outside_the_network(yunnan):
    hubs = load_neighbour_hubs()

    assert len(hubs) == 7
    assert sum(len(hub.roads) for hub in hubs) == 21
    assert not {hub.hub_id for hub in hubs} & set(yunnan.graph().nodes)
    assert all(not load_divisions().is_county(hub.hub_id) for hub in hubs)


def test_no_way_between_counties_gets_shorter_because_hubs_exist(yunnan):
    """The hubs have ways of their own; the 129 counties see the network only."""
    times = yunnan.all_pairs(JULY)
    graph = yunnan.graph(JULY)
    for origin, destination in [("530626", "530629"), ("532327", "530724"), ("530323", "530325")]:
        path = times.path(origin, destination)

        assert all(graph.has_edge(*step) for step in pairwise(path))


@pytest.mark.parametrize("crs", list(CRS))
def test_a_point_is_found_in_the_same_county_from_every_coordinate_system(yunnan, crs):
    seat = load_divisions().get("533324")
    given_point = from_wgs84(seat.seat_lon, seat.seat_lat, crs)
    site = yunnan.site_at(*given_point, crs=crs, site_id="here")

    assert (site.county, site.kind, site.site_id) == ("533324", SiteKind.POINT, "here")
    assert (site.lon, site.lat) == pytest.approx((seat.seat_lon, seat.seat_lat), abs=1e-6)


@pytest.mark.parametrize("crs", list(CRS))
@pytest.mark.parametrize(
    "point",
    [(116.4, 39.9), (25.0, 102.7), (0, 0), (float("nan"), 25), (1e308, 1e308), (102.7, -1e300)],
)
def test_a_point_outside_the_data_is_refused_in_every_system(yunnan, crs, point):
    with pytest.raises(OutsideDataError) as caught:
        yunnan.site_at(*point, crs=crs)

    assert [fault.code for fault in caught.value.faults] == ["outside_data"]


def test_a_refused_point_is_shown_to_a_kilometre_only(yunnan):
    with pytest.raises(OutsideDataError) as caught:
        yunnan.site_at(116.403963, 39.915119)

    assert caught.value.faults[0].value == "116.40,39.92"
    assert "116.403" not in str(caught.value)


def test_an_unknown_county_hub_or_prefecture_is_refused(yunnan):
    here = yunnan.county_site("530102")
    for wrong, error in [
        (Site("x", SiteKind.COUNTY, "532331", None, None), UnknownDivisionError),
        (Site("x", SiteKind.FACILITY, "530100", None, None), UnknownSiteError),
        (Site("OUT-XX", SiteKind.HUB, "", 104.0, 28.0), UnknownSiteError),
    ]:
        with pytest.raises(error):
            yunnan.travel_times([here], [wrong])
        with pytest.raises(error):
            yunnan.travel_times([wrong], [here])
    with pytest.raises(UnknownDivisionError):
        yunnan.county_site("532331")


def sites_of(numbers):
    """Sites of every kind, spread over Yunnan, and hospitals outside."""
    counties, hubs = load_divisions().counties, load_neighbour_hubs()
    made = {}
    for number in numbers:
        c = counties[number % len(counties)]
        kind = number // len(counties) % 5
        city = hubs[number % len(hubs)]
        site_id = f"s{number}"
        made[site_id] = [
            Site(site_id, SiteKind.COUNTY, c.adcode, None, None),
            Site(site_id, SiteKind.FACILITY, c.adcode, c.seat_lon, c.seat_lat),
            Site(site_id, SiteKind.PLACE, c.adcode, c.seat_lon + 0.1, c.seat_lat, number % 200),
            Site(site_id, SiteKind.POINT, c.adcode, c.seat_lon, c.seat_lat - 0.07),
            Site(site_id, SiteKind.FACILITY, city.hub_id, city.lon, city.lat + number % 3 / 10),
        ][kind]
    return list(made.values())


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 129 * 5 - 1), min_size=1, max_size=12),
    st.sampled_from([None, 1, 7]),
    st.booleans(),
)
def test_sites_of_every_kind_are_as_far_there_as_back_with_a_sane_band(numbers, month, night):
    sites = sites_of(numbers)
    times = load_road_estimate().travel_times(sites, sites, Conditions(month=month, night=night))

    for array in (times.low_s, times.expected_s, times.high_s, times.distance_m):
        assert (array == array.T).all()
    assert (times.low_s >= 0).all()
    assert (times.low_s <= times.expected_s).all()
    assert (times.expected_s <= times.high_s).all()
