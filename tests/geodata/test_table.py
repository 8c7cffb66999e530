"""Cells read from a row: a value, nothing, or a fault that names the cell."""

import pytest

from geodata.check import Fault
from geodata.crs import CRS
from geodata.table import CellReader, Row, table_of


def cells(**values):
    return CellReader("file.csv", Row(7, values))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "missing"),
        ("x", "not_a_number"),
        ("1,5", "not_a_number"),
        ("1_0", "not_a_number"),
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        ("-inf", "not_a_number"),
        ("10.1", "out_of_range"),
        ("-0.1", "out_of_range"),
    ],
)
def test_what_is_no_number_within_its_range_is_a_fault(value, code):
    reader = cells(n=value)

    assert reader.number("n", low=0, high=10, required=True) is None
    assert reader.faults == [
        Fault("file.csv", 7, "n", value, code, reader.faults[0].expected),
    ]


def test_a_number_is_read_and_an_empty_cell_that_may_be_empty_is_no_fault():
    reader = cells(n="9.5", whole="3.0", empty="")

    assert reader.number("n", low=0, high=10) == 9.5
    assert reader.integer("whole", low=0, high=10) == 3
    assert reader.number("empty", low=0, high=10) is None
    assert reader.integer("absent", low=0, high=10) is None
    assert reader.faults == []


def test_half_a_birth_is_no_whole_number():
    reader = cells(births="2.5")

    assert reader.integer("births", low=0, high=10) is None
    assert [fault.code for fault in reader.faults] == ["not_an_integer"]


def test_words_counties_and_coordinate_systems_are_those_we_know():
    reader = cells(kind="poor", wrong="wet", county="530102", prefecture="530100", crs="GCJ02")

    assert reader.choice("kind", ("poor", "seasonal")) == "poor"
    assert reader.choice("wrong", ("poor", "seasonal")) is None
    assert reader.county("county", {"530102"}.__contains__) == "530102"
    assert reader.county("prefecture", {"530102"}.__contains__) is None
    assert reader.county("wrong", {"530102"}.__contains__) is None
    assert reader.crs("crs", required=True) is None
    assert cells(crs="gcj02").crs("crs", required=True) is CRS.GCJ02
    assert [(fault.column, fault.code) for fault in reader.faults] == [
        ("wrong", "unknown_code"),
        ("prefecture", "unknown_county"),
        ("wrong", "not_a_county_code"),
        ("crs", "unknown_code"),
    ]


def test_a_text_longer_than_its_limit_is_a_fault():
    reader = cells(name="x" * 11)

    assert reader.text("name", limit=10) is None
    assert [fault.code for fault in reader.faults] == ["too_long"]


def test_missing_repeated_and_unknown_columns_are_all_listed():
    table = table_of("t.csv", [{"a": "1", "c": "2"}])
    faults = table.column_faults(required=("a", "b"), optional=("d",))

    assert [(fault.column, fault.code) for fault in faults] == [
        ("b", "missing_column"),
        ("c", "unknown_column"),
    ]


def test_a_fault_says_where_and_what_was_expected():
    fault = Fault("t.csv", 3, "births", "-1", "out_of_range", "0..10")

    assert str(fault) == "t.csv:3 births = '-1': out_of_range, expected 0..10"
    assert str(Fault("request", None, "", "", "empty", "facts")) == (
        "request = '': empty, expected facts"
    )
