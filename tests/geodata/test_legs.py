"""The leg from a village to the seat of its county, and stated times that it is added to."""

import pytest

from geodata.conditions import Conditions
from geodata.errors import UnknownDivisionError
from geodata.legs import with_leg
from geodata.road_tables import NeighbourHub
from geodata.site import Site, SiteKind
from geodata.travel_time import NO_TIME, TimeRow, TravelTimes


def place(lon, lat, minutes=None):
    return Site("v", SiteKind.PLACE, "A", lon, lat, minutes)


@pytest.fixture
def two(make_land):
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    land.hubs = (NeighbourHub("OUT-X", "", "", 0.0, 1.0, ()),)
    return land.estimate()


def test_a_village_with_stated_minutes_goes_by_them_whatever_its_point_is(two):
    """90 min at 30 km/h are 45 km; band 0.8 and 1.4."""
    assert two.leg_to_seat(place(0.0, 0.01, 90)) == (4320, 5400, 7560, 45_000)


def test_a_village_with_a_point_goes_by_the_straight_line(two):
    """0.01 degrees are 1112 m x 1.4 = 1557 m at 30 km/h = 187 s; band 0.60 and 1.70."""
    assert two.leg_to_seat(place(0.0, 0.01)) == (112, 187, 318, 1_557)


def test_the_leg_ends_where_the_roads_of_the_county_meet(make_land):
    """The seat at (0, 0), the road point 0.01 degrees further: 187 s more."""
    land = make_land("AB")
    land.points = {"A": (0.0, 0.01)}
    estimate = land.estimate()

    assert estimate.leg_to_seat(place(None, None, 30))[1] == 1800 + 187
    assert estimate.leg_to_seat(place(0.0, 0.01)) == (0, 0, 0, 0)


def test_darkness_lengthens_the_leg(two):
    assert two.leg_to_seat(place(None, None, 90), Conditions(night=True))[1] == 6210


def test_somewhere_in_the_county_and_a_city_have_no_leg(two):
    assert two.leg_to_seat(two.county_site("A")) == (0, 0, 0, 0)
    assert two.leg_to_seat(two.hubs[0].site()) == (0, 0, 0, 0)


def test_a_hospital_outside_has_the_leg_to_the_middle_of_its_city(two):
    suburb = Site("x", SiteKind.FACILITY, "OUT-X", 0.0, 1.01)
    stated = Site("x", SiteKind.FACILITY, "OUT-X", None, None, 30)

    assert two.leg_to_seat(suburb) == (112, 187, 318, 1_557)
    assert two.leg_to_seat(stated)[1] == 1800


def test_the_leg_of_a_village_in_no_county_is_refused(two):
    with pytest.raises(UnknownDivisionError):
        two.leg_to_seat(Site("v", SiteKind.PLACE, "Z", 0.0, 0.0))


def stated(*rows):
    return TravelTimes.from_table(
        [TimeRow("v", *row) for row in rows], origins=["v"], destinations=["h", "i", "j", "v"]
    )


def test_a_leg_is_added_to_every_way_and_to_nothing_else():
    """h takes 600 / 900 / 1200 s and a leg of 60 / 120 / 240 s; i has no kilometres, j no road."""
    times = stated(
        ("h", 600, 900, 1200, 10_000, "measured", None),
        ("i", 0, 0, 0, None, "measured", None),
        ("j", None, None, None, None, "measured", "no_open_road"),
    )
    longer = with_leg(times, (60, 120, 240, 2_000))

    way = longer.between("v", "h")
    assert (way.low_s, way.expected_s, way.high_s, way.distance_m) == (660, 1020, 1440, 12_000)
    assert (way.method, way.reason) == ("measured", None)
    assert longer.between("v", "i").distance_m is None
    assert longer.between("v", "i").expected_s == 120
    assert longer.between("v", "j").reason == "no_open_road"
    assert longer.expected_s[0, 2] == NO_TIME
    assert longer.between("v", "v").expected_s == 0


def test_a_village_two_hours_from_its_seat_is_two_hours_further_than_the_row_of_its_county(two):
    """The county row says 60 min to h; 120 min to the seat make 180."""
    times = stated(("h", 3000, 3600, 4800, None, "measured", None))
    leg = two.leg_to_seat(place(None, None, 120))

    assert with_leg(times, leg).between("v", "h").expected_s == 180 * 60
    assert times.between("v", "h").expected_s == 60 * 60
