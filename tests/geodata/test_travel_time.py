"""A table of times is sane or is not built."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BrokenTimesError, GeodataError, UnknownSiteError
from geodata.travel_time import NO_TIME, TimeRow, TravelTimes


def array(*rows):
    return np.array(rows, np.int32)


def times(**changes):
    """One origin, two destinations: 10 / 20 / 30 s over 100 m, and no open road."""
    values = {
        "origins": ("a",),
        "destinations": ("x", "y"),
        "low_s": array([10, NO_TIME]),
        "expected_s": array([20, NO_TIME]),
        "high_s": array([30, NO_TIME]),
        "distance_m": array([100, NO_TIME]),
        "method": array([0, 0]),
        "methods": ("measured",),
        "reason": array([0, 1]),
        "reasons": ("", "no_open_road"),
    }
    return TravelTimes(**(values | changes))


def test_a_pair_has_seconds_or_the_reason_why_there_are_none():
    table = times()
    there, nowhere = table.between("a", "x"), table.between("a", "y")

    assert (there.low_s, there.expected_s, there.high_s, there.distance_m) == (10, 20, 30, 100)
    assert (there.method, there.reason, there.path) == ("measured", None, ())
    assert (nowhere.low_s, nowhere.expected_s, nowhere.high_s) == (None, None, None)
    assert (nowhere.distance_m, nowhere.reason) == (None, "no_open_road")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expected_s": array([20])}, "shape"),
        ({"low_s": array([10, NO_TIME], [10, NO_TIME])}, "shape"),
        ({"expected_s": np.array([[20.0, np.nan]])}, "integers"),
        ({"distance_m": np.array([[100.5, -1.0]])}, "integers"),
        ({"origins": ("a", "a")}, "shape"),
        ({"destinations": ("x", "x")}, "twice"),
        ({"reasons": ("no_open_road", "")}, "only empty one"),
        ({"reasons": ()}, "only empty one"),
        ({"reasons": ("", "")}, "only empty one"),
        ({"reason": array([0, 2])}, "points at no"),
        ({"method": array([0, -1])}, "points at no"),
        ({"low_s": array([21, NO_TIME])}, "low <= expected <= high"),
        ({"high_s": array([19, NO_TIME])}, "low <= expected <= high"),
        ({"low_s": array([-5, NO_TIME])}, "low <= expected <= high"),
        ({"reason": array([0, 0])}, "low <= expected <= high"),
        ({"reason": array([1, 1])}, "low <= expected <= high"),
        ({"expected_s": array([NO_TIME, NO_TIME])}, "low <= expected <= high"),
        ({"distance_m": array([-2, NO_TIME])}, "low <= expected <= high"),
    ],
)
def test_broken_arrays_are_refused(changes, said):
    with pytest.raises(BrokenTimesError, match=said) as caught:
        times(**changes)

    assert isinstance(caught.value, GeodataError)
    assert isinstance(caught.value, ValueError)


def test_a_refused_table_names_the_pairs_that_are_wrong():
    with pytest.raises(BrokenTimesError) as caught:
        times(low_s=array([21, NO_TIME]))

    assert caught.value.pairs == (("a", "x"),)
    assert "a->x" in str(caught.value)


def test_a_place_that_is_not_in_the_table_is_refused():
    with pytest.raises(UnknownSiteError):
        times().between("a", "z")
    with pytest.raises(UnknownSiteError):
        times().between("x", "x")


def test_a_table_cannot_be_changed_after_it_was_checked():
    table = times()
    with pytest.raises(ValueError, match="read-only"):
        table.expected_s[0, 0] = 0

    assert table.between("a", "x").expected_s == 20


def test_metres_may_be_unknown_where_the_time_is_known():
    assert times(distance_m=array([NO_TIME, NO_TIME])).between("a", "x").distance_m is None


def row(origin, destination, seconds, *, reason=None, method="measured"):
    if reason is not None:
        return TimeRow(origin, destination, None, None, None, None, method, reason)
    return TimeRow(origin, destination, seconds, seconds, seconds, None, method, None)


def test_a_table_of_rows_keeps_every_pair_and_says_which_nobody_stated():
    table = TravelTimes.from_table([row("a", "x", 60), row("b", "y", 0, reason="river")])

    assert (table.origins, table.destinations) == (("a", "b"), ("x", "y"))
    assert table.between("a", "x").expected_s == 60
    assert table.between("a", "y").reason == "not_in_table"
    assert table.between("b", "y").reason == "river"
    assert (table.reason > 0).sum() == 3


def test_a_stated_pair_counts_in_its_own_direction_only():
    table = TravelTimes.from_table([row("a", "b", 60)], origins="ab", destinations="ab")

    assert table.between("a", "b").expected_s == 60
    assert table.between("b", "a").reason == "not_in_table"


def test_a_place_is_no_time_from_itself_unless_a_row_says_otherwise():
    table = TravelTimes.from_table([row("a", "a", 300)], origins="ab", destinations="ab")

    assert table.between("b", "b").expected_s == 0
    assert table.between("b", "b").method == "same_site"
    assert table.between("a", "a").expected_s == 300


def test_rows_about_places_nobody_asked_for_are_left_out_and_the_asked_ones_stay():
    table = TravelTimes.from_table([row("a", "x", 60)], origins=["c"], destinations=["x"])

    assert table.origins == ("c",)
    assert table.between("c", "x").reason == "not_in_table"


def test_a_pair_stated_twice_is_refused_and_not_dropped():
    with pytest.raises(BrokenTimesError, match="twice") as caught:
        TravelTimes.from_table([row("a", "x", 60), row("a", "x", 90)])

    assert caught.value.pairs == (("a", "x"),)


def test_a_row_with_neither_time_nor_reason_is_refused():
    with pytest.raises(BrokenTimesError):
        TravelTimes.from_table([TimeRow("a", "x", None, None, None, None, "osm", None)])


pairs = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abxy")),
    st.one_of(st.integers(0, 100_000), st.sampled_from(["river", "closed"])),
    max_size=12,
)


@given(pairs)
def test_whatever_is_stated_comes_back_and_no_pair_is_without_answer(stated):
    rows = [
        row(a, b, 0, reason=v) if isinstance(v, str) else row(a, b, v)
        for (a, b), v in stated.items()
    ]
    table = TravelTimes.from_table(rows, origins="abc", destinations="abxy")
    for origin in "abc":
        for destination in "abxy":
            way = table.between(origin, destination)
            value = stated.get((origin, destination), 0 if origin == destination else None)

            assert (way.expected_s is None) == (way.reason is not None)
            assert (way.expected_s if way.reason is None else way.reason) == (
                "not_in_table" if value is None else value
            )
