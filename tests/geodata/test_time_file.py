"""``times.csv``: minutes of a file as seconds, or every fault of it."""

import pytest

from geodata.errors import RefusedInputError
from geodata.io import read_times
from geodata.table import table_of
from geodata.time_file import HIGH_FACTOR, LOW_FACTOR, parse_times
from geodata.travel_time import TravelTimes
from geodata.yunnan import load_road_estimate

COLUMNS = ("origin_id", "facility_id", "minutes", "low", "high", "km", "method", "reason")


def parse(*rows):
    return parse_times(
        table_of("times.csv", [dict(zip(COLUMNS, row, strict=True)) for row in rows])
    )


def faults(*rows):
    with pytest.raises(RefusedInputError) as caught:
        parse(*rows)
    return [(fault.line, fault.column, fault.code) for fault in caught.value.faults]


def test_minutes_become_whole_seconds_with_low_rounded_down_and_high_up():
    (row,) = parse(("530829", "F1", "90.51", "80.005", "100.004", "71.2", "measured", ""))

    assert (row.low_s, row.expected_s, row.high_s) == (4800, 5431, 6001)
    assert (row.distance_m, row.method, row.reason) == (71_200, "measured", None)


def test_a_band_nobody_stated_is_the_assumed_one():
    """0.8 and 1.4 of 100 min, the same as for stated minutes to a seat."""
    (row,) = parse(("a", "F1", "100", "", "", "", "", ""))
    stated = load_road_estimate().assumptions.of("stated_minutes")

    assert (row.low_s, row.expected_s, row.high_s) == (4800, 6000, 8400)
    assert (row.distance_m, row.method) == (None, "estimate")
    assert (stated.low, stated.high) == (LOW_FACTOR, HIGH_FACTOR)


def test_no_minutes_need_a_reason_which_is_kept():
    (row,) = parse(("a", "F1", "", "", "", "", "osm", "no_open_road"))

    assert (row.expected_s, row.reason) == (None, "no_open_road")
    assert TravelTimes.from_table([row]).between("a", "F1").reason == "no_open_road"


def test_fifteen_hours_are_a_time_and_a_week_and_a_minute_are_a_unit_mistaken():
    (row,) = parse(("a", "F1", "900", "", "", "", "", ""))

    assert row.expected_s == 54_000
    assert faults(("a", "F1", "10081", "", "", "", "", "")) == [(2, "minutes", "out_of_range")]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("a", "F1", "", "", "", "", "", ""), [("minutes", "missing")]),
        (("a", "F1", "nan", "", "", "", "", ""), [("minutes", "not_a_number")]),
        (("a", "F1", "-1", "", "", "", "", ""), [("minutes", "out_of_range")]),
        (("a", "F1", "10", "", "", "", "", "shut"), [("reason", "time_and_reason")]),
        (("a", "F1", "", "5", "", "", "", "shut"), [("low", "band_without_minutes")]),
        (("a", "F1", "10", "11", "", "", "", ""), [("low", "low_above_expected")]),
        (("a", "F1", "10", "", "9", "", "", ""), [("high", "high_below_expected")]),
        (("a", "F1", "10", "", "", "x", "", ""), [("km", "not_a_number")]),
        (("a", "F1", "10", "", "", "", "guess", ""), [("method", "unknown_code")]),
        (
            ("", "", "10", "", "", "", "", ""),
            [("origin_id", "missing"), ("facility_id", "missing")],
        ),
    ],
)
def test_each_fault_of_a_row_is_named(row, found):
    assert faults(row) == [(2, column, code) for column, code in found]


def test_every_fault_of_every_row_is_listed_and_a_repeated_pair_is_one():
    assert faults(
        ("a", "F1", "10", "11", "9", "", "", ""),
        ("b", "F1", "10", "", "", "", "", ""),
        ("b", "F1", "20", "", "", "", "", ""),
    ) == [
        (2, "low", "low_above_expected"),
        (2, "high", "high_below_expected"),
        (4, "facility_id", "duplicate_pair"),
    ]


def test_a_file_is_read_and_one_without_its_columns_is_refused(tmp_path):
    good, bad = tmp_path / "times.csv", tmp_path / "bad.csv"
    good.write_text("origin_id,facility_id,minutes\n530829,F1,20\n", encoding="utf-8")
    bad.write_text("origin_id,minuts\n530829,20\n", encoding="utf-8")
    with pytest.raises(RefusedInputError) as caught:
        read_times(bad)

    assert read_times(good)[0].expected_s == 1200
    assert {(f.column, f.code) for f in caught.value.faults if f.line == 1} == {
        ("facility_id", "missing_column"),
        ("minutes", "missing_column"),
        ("minuts", "unknown_column"),
    }
