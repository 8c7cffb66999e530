"""Trips to and from hospitals in the cities outside, which nothing passes through."""

import pytest

from geodata.conditions import Conditions
from geodata.errors import UnknownDivisionError, UnknownSiteError
from geodata.road_tables import HubRoad, NeighbourHub
from geodata.site import Site, SiteKind
from geodata.yunnan import load_divisions, load_neighbour_hubs

JULY = Conditions(month=7)


def facility(site_id, county, lon, lat):
    return Site(site_id, SiteKind.FACILITY, county, lon, lat)


def hub(hub_id, *roads, lon=0.0):
    return NeighbourHub(hub_id, hub_id, "", lon, 1.0, tuple(HubRoad(c, m, s) for c, m, s in roads))


def seconds(estimate, origin, destination, conditions=JULY):
    times = estimate.travel_times([origin], [destination], conditions)
    way = times.between(origin.site_id, destination.site_id)
    return (way.low_s, way.expected_s, way.high_s)


@pytest.fixture
def two(make_land):
    """A to B: 751 / 1001 / 1401 s and 16,679 m; from B a kilometre and a minute to OUT-X."""
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    land.hubs = (hub("OUT-X", ("B", 1000, 60)),)
    return land.estimate()


A = facility("a", "A", 0.0, 0.0)
AT_HUB = facility("x", "OUT-X", 0.0, 1.0)


def test_a_hospital_in_the_middle_of_the_city_is_as_far_as_the_city(two):
    """One minute more than to B, band 0.8 and 1.3: 48 / 60 / 78 s."""
    way = two.travel_times([A], [AT_HUB], JULY).between("a", "x")

    assert (way.low_s, way.expected_s, way.high_s) == (751 + 48, 1001 + 60, 1401 + 78)
    assert way.distance_m == 16_679 + 1000
    assert (way.path, way.reason) == (("A", "B"), None)
    assert seconds(two, A, two.hubs[0].site()) == (799, 1061, 1479)


def test_the_way_back_from_the_hospital_takes_as_long_and_passes_the_same_counties(two):
    back = two.travel_times([AT_HUB], [A], JULY).between("x", "a")

    assert (back.low_s, back.expected_s, back.high_s) == (799, 1061, 1479)
    assert back.path == ("B", "A")


def test_a_hospital_off_the_middle_of_the_city_adds_its_way_to_it(two):
    """0.01 degrees are 1112 m x 1.4 at 30 km/h = 187 s; band 0.60 and 1.70."""
    suburb = facility("x", "OUT-X", 0.0, 1.01)

    assert seconds(two, A, suburb) == (799 + 112, 1061 + 187, 1479 + 318)
    assert seconds(two, suburb, A) == seconds(two, A, suburb)


def test_a_hospital_without_a_point_is_taken_for_the_city(two):
    assert seconds(two, A, Site("x", SiteKind.FACILITY, "OUT-X", None, None)) == (799, 1061, 1479)


def test_hospitals_of_one_city_and_the_city_itself_are_five_fifteen_thirty_minutes_apart(two):
    city = two.hubs[0].site()
    other = facility("y", "OUT-X", 0.0, 1.001)

    for here, there in [(AT_HUB, other), (other, AT_HUB), (city, AT_HUB), (other, city)]:
        assert seconds(two, here, there) == (300, 900, 1800)
    assert seconds(two, AT_HUB, AT_HUB) == (0, 0, 0)
    assert two.travel_times([AT_HUB], [other]).between("x", "y").path == ()


def test_hospitals_far_apart_at_one_city_take_the_way_between_them(two):
    """0.1 degrees are 11,119.5 m x 1.4 at 30 km/h = 1868 s; band 0.60 and 1.70."""
    far = facility("y", "OUT-X", 0.0, 1.1)

    assert seconds(two, AT_HUB, far) == (1121, 1868, 3176)


def test_darkness_and_rain_lengthen_the_road_to_the_city_and_the_leg_in_it(two):
    """Road 60 s x 1.4375 = 86 s, leg 187 s x 1.4375 = 269 s."""
    wet_night = Conditions(month=7, night=True, rain=True)
    inner = facility("b", "B", 0.1, 0.0)

    assert seconds(two, inner, AT_HUB, wet_night)[1] == 86
    assert seconds(two, inner, facility("x", "OUT-X", 0.0, 1.01), wet_night)[1] == 86 + 269


def test_with_the_only_road_to_the_city_closed_its_hospitals_are_out_of_reach(two):
    cut = Conditions(month=7, closed=frozenset({frozenset(("OUT-X", "B"))}))
    other = facility("y", "OUT-X", 0.0, 1.001)
    times = two.travel_times([A, AT_HUB], [A, AT_HUB, other], cut)

    assert times.between("a", "x").reason == "no_open_road"
    assert times.between("x", "a").reason == "no_open_road"
    assert times.between("x", "y").expected_s == 900


def test_with_one_road_to_the_city_closed_the_other_one_is_taken(make_land):
    """Through B 1001 + 60 s, direct from A 2000 s."""
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    land.hubs = (hub("OUT-X", ("A", 9000, 2000), ("B", 1000, 60)),)
    estimate = land.estimate()
    cut = Conditions(month=7, closed=frozenset({frozenset(("OUT-X", "B"))}))

    assert seconds(estimate, A, AT_HUB)[1] == 1061
    assert seconds(estimate, A, AT_HUB, cut)[1] == 2000


def test_a_hospital_outside_joins_no_two_counties(make_land):
    """A and B reach the hospital in a minute each, and each other not at all."""
    land = make_land("AB")
    land.border("A", "B")
    land.barrier("A", "B", "none_through_road")
    land.hubs = (hub("OUT-X", ("A", 1000, 60), ("B", 1000, 60)),)
    estimate = land.estimate()
    b = facility("b", "B", 0.1, 0.0)
    times = estimate.travel_times([A, AT_HUB], [b, AT_HUB], JULY)

    assert times.between("a", "b").reason == "no_open_road"
    assert times.between("a", "x").expected_s == times.between("x", "b").expected_s == 60


def test_between_hospitals_of_two_cities_the_way_leads_over_the_counties(make_land):
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    land.hubs = (hub("OUT-X", ("A", 1000, 60)), hub("OUT-Y", ("B", 1000, 120), lon=0.1))
    estimate = land.estimate()
    other = facility("y", "OUT-Y", 0.1, 1.0)
    times = estimate.travel_times([AT_HUB], [other], JULY)

    assert times.between("x", "y").expected_s == 60 + 1001 + 120
    assert times.between("x", "y").path == ("A", "B")
    assert seconds(estimate, other, AT_HUB) == seconds(estimate, AT_HUB, other)


@pytest.mark.parametrize("kind", [SiteKind.COUNTY, SiteKind.PLACE, SiteKind.POINT])
def test_only_a_facility_may_be_in_a_city_outside(two, kind):
    elsewhere = Site("v", kind, "OUT-X", 0.0, 1.0)

    with pytest.raises(UnknownDivisionError):
        two.travel_times([elsewhere], [A])
    with pytest.raises(UnknownDivisionError):
        two.leg_to_seat(elsewhere)


def test_a_facility_in_a_city_nobody_knows_is_refused(two):
    for lost in (facility("x", "OUT-Z", 0.0, 1.0), facility("x", "", 0.0, 1.0)):
        with pytest.raises(UnknownDivisionError):
            two.travel_times([A], [lost])
    with pytest.raises(UnknownSiteError):
        two.travel_times([A], [Site("OUT-Z", SiteKind.HUB, "", 0.0, 1.0)])


@pytest.mark.parametrize(
    ("county", "hub_id", "most_minutes"), [("530626", "OUT-YB", 105), ("532628", "OUT-BS", 110)]
)
def test_suijiang_reaches_a_hospital_in_yibin_and_funing_one_in_bose(
    yunnan, county, hub_id, most_minutes
):
    city = {hub.hub_id: hub for hub in load_neighbour_hubs()}[hub_id]
    seat = load_divisions().get(county)
    origin = facility("county-hospital", county, seat.seat_lon, seat.seat_lat)
    hospital = facility("hospital", hub_id, city.lon, city.lat)
    way = yunnan.travel_times([origin], [hospital], JULY).between("county-hospital", "hospital")

    assert way.expected_s <= most_minutes * 60
    assert way.path[0] == county
    assert hub_id not in way.path
    assert seconds(yunnan, hospital, origin) == (way.low_s, way.expected_s, way.high_s)


def test_every_county_reaches_a_hospital_at_every_hub_both_ways_as_fast_as_the_hub(yunnan):
    hospitals = [facility(f"h-{h.hub_id}", h.hub_id, h.lon, h.lat) for h in load_neighbour_hubs()]
    hubs = [hub.site() for hub in load_neighbour_hubs()]
    counties = [yunnan.county_site(county.adcode) for county in load_divisions().counties]
    there = yunnan.travel_times(counties, hospitals, JULY)

    assert (there.reason == 0).all()
    assert (there.expected_s == yunnan.travel_times(counties, hubs, JULY).expected_s).all()
    assert (yunnan.travel_times(hospitals, counties, JULY).expected_s == there.expected_s.T).all()
