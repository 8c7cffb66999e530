"""The estimate against roads somebody knows, and against what everybody in Yunnan knows."""

import pytest

from bench import travel
from geodata.conditions import Conditions
from geodata.errors import RefusedInputError
from geodata.road_facts import RoadFact, class_errors, parse_road_facts
from geodata.table import table_of
from geodata.yunnan import load_divisions, load_road_estimate, load_table

GONGSHAN, FUGONG, LUSHUI, LANPING = "533324", "533323", "533301", "533325"
SHANGRI_LA, KUNMING = "533401", "530102"
LARGEST_MEDIAN = {"expressway": 0.15, "plateau": 0.15, "gorge": 0.25}


def facts():
    return parse_road_facts(load_table("road_facts"), load_divisions())


@pytest.mark.parametrize("month", [None, 1, 7])
def test_the_median_error_of_each_class_stays_below_its_limit(month):
    errors = class_errors(load_road_estimate().all_pairs(Conditions(month=month)), facts())

    assert [(e.road_class, e.facts) for e in errors] == [
        ("expressway", 8),
        ("plateau", 1),
        ("gorge", 7),
    ]
    for error in errors:
        assert error.median <= LARGEST_MEDIAN[error.road_class], error


@pytest.mark.parametrize("month", [None, 1, 7])
def test_the_band_holds_at_least_four_of_five_known_roads_in_each_class(month):
    errors = class_errors(load_road_estimate().all_pairs(Conditions(month=month)), facts())

    assert {error.road_class: error.covered >= 0.8 for error in errors} == {
        "expressway": True,
        "plateau": True,
        "gorge": True,
    }


def test_the_error_is_counted_by_hand_on_two_roads(make_land):
    """A to B 1001 s in a band of 751..1401: against 20 min 16.6 % off; against 40 min 58.3 %."""
    land = make_land("AB")
    land.border("A", "B", ratio=1.5)
    known = [RoadFact("A", "B", 20, "gorge"), RoadFact("B", "A", 40, "gorge")]
    (error,) = class_errors(land.estimate().all_pairs(), known)

    assert error.worst == pytest.approx(1 - 1001 / 2400)
    assert error.median == pytest.approx((2 - 1001 / 1200 - 1001 / 2400) / 2)
    assert error.covered == 0.5
    assert (error.road_class, error.facts) == ("gorge", 2)


@pytest.mark.parametrize("month", [1, 7])
def test_from_gongshan_to_kunming_one_passes_lushui_in_january_and_july(month):
    times = load_road_estimate().all_pairs(Conditions(month=month))
    path = times.path(GONGSHAN, KUNMING)

    assert path[:3] == (GONGSHAN, FUGONG, LUSHUI)
    assert path[-1] == KUNMING


def test_from_gongshan_to_shangri_la_the_pass_saves_hours_in_summer_and_is_shut_in_winter():
    """Deqen lies on the summer way; in winter the way leads down the Nu valley first."""
    estimate = load_road_estimate()
    summer, winter = (estimate.all_pairs(Conditions(month=month)) for month in (7, 1))
    unknown = estimate.all_pairs(Conditions(month=None))
    at = summer.index(GONGSHAN), summer.index(SHANGRI_LA)

    assert summer.path(GONGSHAN, SHANGRI_LA) == (GONGSHAN, "533422", SHANGRI_LA)
    assert LUSHUI in winter.path(GONGSHAN, SHANGRI_LA)
    assert winter.expected_s[at] > summer.expected_s[at] + 3 * 3600
    assert unknown.expected_s[at] == winter.expected_s[at]
    assert winter.distance_m[at] > 1.5 * summer.distance_m[at]


@pytest.mark.parametrize("month", [1, 7])
def test_nobody_crosses_the_ridge_between_nu_and_lancang_where_no_road_does(month):
    times = load_road_estimate().all_pairs(Conditions(month=month))

    assert times.path(FUGONG, LANPING) == (FUGONG, LUSHUI, LANPING)
    assert "533423" not in times.path(GONGSHAN, KUNMING)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("from_adcode", "530100", "unknown_county"),
        ("to_adcode", "", "missing"),
        ("minutes_approx", "0", "out_of_range"),
        ("class", "motorway", "unknown_code"),
    ],
)
def test_a_road_nobody_can_check_is_refused(column, value, code):
    row = dict(load_table("road_facts").rows[0].cells) | {column: value}
    with pytest.raises(RefusedInputError) as caught:
        parse_road_facts(table_of("facts", [row]), load_divisions())

    assert [(fault.column, fault.code) for fault in caught.value.faults] == [(column, code)]


def test_the_benchmark_prints_error_and_aim_of_every_class_and_the_time_of_all_pairs():
    rows = travel.run()
    names = [row[0] for row in rows]

    assert names[:6] == [
        f"{figure}, {road_class}"
        for road_class in LARGEST_MEDIAN
        for figure in ("median error", "band holds")
    ]
    assert {row[0]: row[2] for row in rows}["all pairs, 129 counties"] == "< 1000 ms"
    assert {row[2] for row in rows[1:6:2]} == {">= 80 %"}
