"""Tables of borders, barriers, hubs, road points and assumptions are sane or refused."""

import pytest

from geodata.assumptions import CLASSES, NUMBERS, parse_assumptions
from geodata.errors import RefusedInputError
from geodata.road_tables import (
    BarrierKind,
    parse_barriers,
    parse_borders,
    parse_hubs,
    parse_road_points,
)
from geodata.table import table_of
from geodata.yunnan import load_divisions, load_table


def shipped(name):
    return [dict(row.cells) for row in load_table(name).rows]


def borders():
    return parse_borders(load_table("county_adjacency"), load_divisions())


def refusal(parse, name, *changes):
    """Faults of a shipped table whose rows are changed: (row, column, value)."""
    rows = shipped(name)
    for at, column, value in changes:
        rows[at][column] = value
    with pytest.raises(RefusedInputError) as caught:
        parse(table_of(name, rows))
    return [(f.line, f.column, f.code) for f in caught.value.faults]


def parse_as_barriers(table):
    return parse_barriers(table, load_divisions(), borders())


def parse_as_borders(table):
    return parse_borders(table, load_divisions())


def parse_as_hubs(table):
    return parse_hubs(table, load_divisions())


def parse_as_points(table):
    return parse_road_points(table, load_divisions())


def parse_speeds(table):
    return parse_assumptions(table, load_table("assumption_numbers"))


def parse_numbers(table):
    return parse_assumptions(load_table("speed_assumptions"), table)


def test_seven_borders_have_a_barrier_and_one_of_them_is_a_pass_shut_from_december_to_may():
    barriers = parse_as_barriers(load_table("barriers"))
    kinds = [barrier.kind for barrier in barriers.values()]
    seasonal = barriers[frozenset(("533422", "533324"))]

    assert len(barriers) == 7
    assert [kinds.count(kind) for kind in BarrierKind] == [3, 1, 3, 0]
    assert seasonal.months == {12, 1, 2, 3, 4, 5}
    assert seasonal.detour_factor == 1.8


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ((0, "from_adcode", "530102"), (2, "to_adcode", "no_common_border")),
        ((0, "from_adcode", "Gongshan"), (2, "from_adcode", "not_a_county_code")),
        ((0, "kind", "river"), (2, "kind", "unknown_code")),
        ((0, "months", "1"), (2, "months", "months_without_season")),
        ((4, "months", "1"), (6, "months", "months_without_season")),
        ((3, "months", ""), (5, "months", "missing")),
        ((3, "months", "11;13"), (5, "months", "out_of_range")),
        ((3, "detour_factor", ""), (5, "detour_factor", "missing")),
        ((4, "detour_factor", "0.5"), (6, "detour_factor", "out_of_range")),
    ],
)
def test_a_barrier_that_cannot_be_is_refused(change, found):
    assert refusal(parse_as_barriers, "barriers", change) == [found]


def test_a_barrier_listed_twice_in_opposite_directions_is_refused():
    rows = shipped("barriers")
    rows.append(rows[0] | {"from_adcode": rows[0]["to_adcode"], "to_adcode": "533324"})
    with pytest.raises(RefusedInputError) as caught:
        parse_as_barriers(table_of("barriers", rows))

    assert [fault.code for fault in caught.value.faults] == ["duplicate_pair"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ((0, "to_adcode", "530102"), (2, "to_adcode", "same_county")),
        ((0, "to_adcode", "530112"), (3, "to_adcode", "duplicate_pair")),
        ((0, "to_adcode", "530100"), (2, "to_adcode", "unknown_county")),
        ((0, "crow_km", ""), (2, "crow_km", "missing")),
        ((0, "crow_km", "0"), (2, "crow_km", "out_of_range")),
        ((0, "ratio", "-1"), (2, "ratio", "out_of_range")),
        ((0, "sum_abs_dz_m", "high"), (2, "sum_abs_dz_m", "not_a_number")),
    ],
)
def test_a_border_that_cannot_be_is_refused(change, found):
    assert refusal(parse_as_borders, "county_adjacency", change) == [found]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ((0, "county_adcode", "511500"), (2, "county_adcode", "unknown_county")),
        ((1, "county_adcode", "530681"), (3, "county_adcode", "duplicate_pair")),
        ((0, "minutes_approx", "0"), (2, "minutes_approx", "out_of_range")),
        ((0, "lat", "104.64"), (2, "lat", "out_of_range")),
        ((0, "hub_id", ""), (2, "hub_id", "missing")),
        ((2, "hub_id", "530681"), (4, "hub_id", "malformed_id")),
        ((2, "hub_id", "Yibin"), (4, "hub_id", "malformed_id")),
    ],
)
def test_a_hub_that_cannot_be_is_refused(change, found):
    assert refusal(parse_as_hubs, "neighbour_hubs", change) == [found]


def test_the_roads_of_dali_meet_at_xiaguan_and_not_at_its_new_seat():
    points = parse_as_points(load_table("road_points"))
    dali = load_divisions().get("532900")

    assert points == {"532901": (dali.hub_lon, dali.hub_lat)}
    assert refusal(parse_as_points, "road_points", (0, "lon", "x")) == [(2, "lon", "not_a_number")]


def test_all_classes_and_numbers_are_stated_and_marked_as_assumed():
    assumptions = parse_speeds(load_table("speed_assumptions"))

    assert tuple(assumptions.classes) == CLASSES
    assert tuple(assumptions.numbers) == NUMBERS
    for name in ("speed_assumptions", "assumption_numbers"):
        assert {row["status"] for row in load_table(name).rows} == {"assumed"}


@pytest.mark.parametrize(
    ("name", "kph", "band", "factor"),
    [
        ("expressway", 80, (0.8, 1, 1.3), 1.25),
        ("mountain", 45, (0.7, 1, 1.5), 1.4),
        ("ordinary", 60, (0.75, 1, 1.4), 1.4),
        ("doubtful", 0, (0.6, 1, 1.7), 1),
        ("inside_county", 30, (0, 0.5, 1.5), 1.4),
    ],
)
def test_each_class_has_the_speed_and_the_band_that_was_tried(name, kph, band, factor):
    row = parse_speeds(load_table("speed_assumptions")).of(name)

    assert (row.kph, (row.low, row.expected, row.high)) == (kph, band)
    assert row.straight_line_factor == factor


def test_touching_places_are_five_fifteen_thirty_minutes_apart():
    row = parse_speeds(load_table("speed_assumptions")).of("same_county_or_touching")

    assert row.local_s == (300, 900, 1800)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ((0, "speed_kph", "300"), (2, "speed_kph", "out_of_range")),
        ((0, "low_factor", "1.1"), (2, "low_factor", "out_of_range")),
        ((0, "high_factor", "0.9"), (2, "expected_factor", "band_not_ordered")),
        ((4, "low_min", "20"), (6, "expected_min", "band_not_ordered")),
        ((0, "night_factor", "0.9"), (2, "night_factor", "out_of_range")),
    ],
)
def test_an_assumption_that_cannot_be_is_refused(change, found):
    assert refusal(parse_speeds, "speed_assumptions", change) == [found]


def test_a_missing_repeated_or_unknown_assumption_is_refused():
    renamed = refusal(parse_speeds, "speed_assumptions", (0, "class", "mountain"))
    unknown = refusal(parse_numbers, "assumption_numbers", (0, "name", "steepness"))
    empty = refusal(parse_numbers, "assumption_numbers", (0, "value", ""))

    assert renamed == [(3, "class", "duplicate"), (None, "class", "missing_row")]
    assert unknown == [(2, "name", "unknown_code"), (None, "name", "missing_row")]
    assert empty == [(2, "value", "missing"), (None, "name", "missing_row")]
