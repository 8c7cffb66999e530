"""The road between two neighbouring counties: class, length, penalties, barriers, band."""

import pytest

from geodata.conditions import Conditions
from geodata.county_graph import RoadClass, figures
from geodata.errors import RefusedInputError, UnknownRoadError

STEP_M = 11_119.5
"""0.1 degrees on the equator; the tests below give times by hand from it."""


def only_road(land):
    (road,) = land.estimate().roads
    return road


def seconds(land, **conditions):
    estimate = land.estimate()
    (road,) = estimate.roads
    now = figures(road, Conditions(**conditions), estimate.assumptions)
    return now.low_s, now.expected_s, now.high_s


def test_an_ordinary_road_takes_the_length_of_the_road_graph_at_sixty(make_land):
    """11,119.5 m x 1.5 = 16,679 m; at 60 km/h 1001 s; band 0.75 and 1.40."""
    land = make_land("AB")
    land.centre = "A"
    land.border("A", "B", ratio=1.5)

    assert only_road(land).road_class is RoadClass.ORDINARY
    assert only_road(land).distance_m == pytest.approx(STEP_M * 1.5, abs=1)
    assert not only_road(land).doubtful
    assert seconds(land) == (751, 1001, 1401)


@pytest.mark.parametrize(("ratio", "factor"), [(2.5, 2.5), (2.51, 1.4), (None, 1.4)])
def test_a_ratio_above_two_and_a_half_or_none_gives_way_to_the_straight_line(
    make_land, ratio, factor
):
    """The line is 11.1 km, below the 15 km from which an unbelieved ratio is a penalty."""
    land = make_land("AB")
    land.border("A", "B", ratio=ratio)

    assert only_road(land).distance_m == pytest.approx(STEP_M * factor, abs=1)
    assert not only_road(land).doubtful


@pytest.mark.parametrize(
    ("relief", "road_class"), [((900, 700), RoadClass.MOUNTAIN), ((899, 700), RoadClass.ORDINARY)]
)
def test_a_mean_relief_of_eight_hundred_metres_makes_a_mountain_road(make_land, relief, road_class):
    land = make_land("AB")
    land.change("A", relief_m=relief[0])
    land.change("B", relief_m=relief[1])
    land.border("A", "B")

    assert only_road(land).road_class is road_class


def test_a_mountain_road_goes_at_forty_five_with_its_own_band(make_land):
    """16,679 m at 45 km/h are 1334 s; band 0.70 and 1.50."""
    land = make_land("AB")
    for code in "AB":
        land.change(code, relief_m=1000)
    land.border("A", "B", ratio=1.5)

    assert seconds(land) == (934, 1334, 2001)


@pytest.mark.parametrize(
    ("lon", "ratio", "climb", "factor"),
    [
        (0.13, 2.6, 0.0, 1.0),  # 14.5 km: the seats just lie close
        (0.14, 2.6, 0.0, 1.5),  # 15.6 km: no believable length over a long line
        (0.14, 2.4, 25.0, None),  # exactly 25 m per km is not steep
        (0.14, None, 25.1, 1.3),  # steep
        (0.14, 2.6, 25.1, 1.5),  # both: the larger, not 1.95
        (0.13, 2.6, 25.1, 1.3),  # the ratio does not count, the slope does
        (0.14, None, 0.0, 1.0),  # no ratio at all is no penalty
    ],
)
def test_the_larger_of_two_penalties_counts_and_never_both(make_land, lon, ratio, climb, factor):
    land = make_land("AB")
    land.change("B", seat_lon=lon)
    land.border("A", "B", ratio=ratio, climb=climb)
    believed = 2.4 if factor is None else 1.4 * factor

    assert only_road(land).distance_m == pytest.approx(STEP_M * 10 * lon * believed, abs=2)
    assert only_road(land).doubtful is (factor is not None and factor > 1)


def test_a_doubtful_road_has_the_wide_band_at_the_speed_of_its_class(make_land):
    """0.14 degrees x 1.4 x 1.5 = 32,691 m at 60 km/h: 1961 s; band 0.60 and 1.70."""
    land = make_land("AB")
    land.change("B", seat_lon=0.14)
    land.border("A", "B", ratio=3)

    assert seconds(land) == (1177, 1961, 3334)


def test_a_listed_barrier_replaces_the_penalties(make_land):
    """A ratio of 3 over 15.6 km would be x 1.5; the list says x 1.2."""
    land = make_land("AB")
    land.change("B", seat_lon=0.14)
    land.border("A", "B", ratio=3, climb=99)
    land.barrier("B", "A", "poor", factor=1.2)

    assert only_road(land).distance_m == pytest.approx(STEP_M * 1.4 * 1.4 * 1.2, abs=2)
    assert only_road(land).doubtful
    assert only_road(land).is_open(Conditions(month=1))


def test_a_border_without_a_through_road_has_no_road(make_land):
    land = make_land("ABC")
    land.border("A", "B")
    land.border("B", "C")
    land.barrier("B", "A", "none_through_road")

    assert [sorted(road.pair) for road in land.estimate().roads] == [["B", "C"]]


def test_a_seasonal_road_is_closed_in_its_months_and_when_the_month_is_not_known(make_land):
    land = make_land("AB")
    land.border("A", "B")
    land.barrier("A", "B", "seasonal", months=(12, 1, 2), factor=1.8)
    road = only_road(land)

    assert [m for m in range(1, 13) if not road.is_open(Conditions(month=m))] == [1, 2, 12]
    assert not road.is_open(Conditions(month=None))
    assert road.distance_m == pytest.approx(STEP_M * 1.5 * 1.8, abs=2)
    assert road.doubtful


def test_the_shortest_way_to_a_prefecture_seat_is_an_expressway(make_land):
    """A-B-C is the way from the centre A to the seat C; D hangs off it.

    11,119.5 m x 1.25 = 13,899 m at 80 km/h: 625 s.
    """
    land = make_land("ABCD")
    land.change("C", is_prefecture_seat=True)
    for a, b in ("AB", "BC", "CD"):
        land.border(a, b, ratio=2)
    estimate = land.estimate()
    classes = {"".join(sorted(road.pair)): road.road_class for road in estimate.roads}

    assert classes == {
        "AB": RoadClass.EXPRESSWAY,
        "BC": RoadClass.EXPRESSWAY,
        "CD": RoadClass.ORDINARY,
    }
    assert estimate.roads[0].distance_m == pytest.approx(STEP_M * 1.25, abs=1)
    assert figures(estimate.roads[0], Conditions(), estimate.assumptions).expected_s == 625


def test_a_road_marked_as_expressway_is_one_wherever_it_leads(make_land):
    land = make_land("AB")
    land.border("A", "B", ratio=3, climb=99)
    land.barrier("A", "B", "expressway")

    assert only_road(land).road_class is RoadClass.EXPRESSWAY
    assert not only_road(land).doubtful


def test_a_doubt_about_an_expressway_lengthens_it_and_widens_its_band(make_land):
    """0.2 degrees x 1.25 x 1.5 = 41,698 m at 80 km/h: 1876 s; band 0.60 and 1.70."""
    land = make_land("AB")
    land.change("B", seat_lon=0.2, is_prefecture_seat=True)
    land.border("A", "B", ratio=3)

    assert only_road(land).road_class is RoadClass.EXPRESSWAY
    assert only_road(land).doubtful
    assert seconds(land) == (1126, 1876, 3190)


def test_no_expressway_is_built_over_a_pass_that_closes_in_winter(make_land):
    land = make_land("AB")
    land.change("B", is_prefecture_seat=True)
    land.border("A", "B")
    land.barrier("A", "B", "seasonal", months=(1,), factor=1.8)

    assert only_road(land).road_class is RoadClass.ORDINARY


def test_night_and_rain_lengthen_every_figure_by_their_factors(make_land):
    """1001 s by day; x 1.15 at night, x 1.25 in rain, both x 1.4375."""
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)

    assert seconds(land, night=True)[1] == 1151
    assert seconds(land, rain=True)[1] == 1251
    assert seconds(land, night=True, rain=True) == (1079, 1439, 2014)


def test_a_closed_road_is_closed_in_both_directions(make_land):
    land = make_land("AB")
    land.border("A", "B")
    estimate = land.estimate()
    for ends in (("A", "B"), ("B", "A")):
        times = estimate.all_pairs(Conditions(closed=frozenset({frozenset(ends)})))

        assert times.expected_s.tolist() == [[0, -1], [-1, 0]]


def test_closing_a_pair_that_is_no_border_is_refused_with_every_such_pair(make_land):
    land = make_land("ABC")
    land.border("A", "B")
    closed = frozenset({frozenset("AC"), frozenset("BC"), frozenset("AB")})
    with pytest.raises(UnknownRoadError) as caught:
        land.estimate().all_pairs(Conditions(closed=closed))

    assert caught.value.pairs == (("A", "C"), ("B", "C"))
    assert {fault.code for fault in caught.value.faults} == {"unknown_road"}


def test_closing_a_border_that_has_no_road_anyway_is_no_fault(make_land):
    land = make_land("AB")
    land.border("A", "B")
    land.barrier("A", "B", "none_through_road")
    times = land.estimate().all_pairs(Conditions(closed=frozenset({frozenset("AB")})))

    assert times.path("A", "B") == ()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"month": 0}, "out_of_range"),
        ({"month": 13}, "out_of_range"),
        ({"closed": frozenset({frozenset("A")})}, "not_a_pair"),
        ({"closed": frozenset({frozenset("ABC")})}, "not_a_pair"),
    ],
)
def test_conditions_that_cannot_be_are_refused(values, code):
    with pytest.raises(RefusedInputError) as caught:
        Conditions(**values)

    assert [fault.code for fault in caught.value.faults] == [code]
