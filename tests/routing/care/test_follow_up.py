"""When she is seen again, counted by hand; the oracle walks day by day (R-FOLLOW-01)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.care.follow_up import next_visit
from routing.triage.rows import Colour
from tests.routing.care.records import CARE

MARCH = date(2026, 3, 2)


def days(colour, ga_days, *, purple=False):
    """Days from a visit to the next one."""
    colour = None if colour is None else Colour(colour)
    found = next_visit(CARE, colour, purple=purple, ga_days=ga_days, last_visit=MARCH)
    return None if found is None else (found.day - MARCH).days


@pytest.mark.parametrize(
    ("colour", "weeks", "expected"),
    [
        ("yellow", (12, 0), 28),
        ("yellow", (24, 0), 28),  # 28+0 comes on day 28 itself
        ("yellow", (25, 0), 21),  # at 28+0 21 days have passed, more than 14
        ("yellow", (26, 0), 14),
        ("yellow", (27, 0), 14),  # at 28+0 only 7 have passed: 29+0
        ("yellow", (30, 0), 14),
        ("orange", (20, 0), 14),
        ("orange", (34, 3), 11),  # 36+0 comes after 11 days
        ("orange", (35, 0), 7),
        ("orange", (37, 0), 7),
        ("red", (8, 0), 7),
        ("red", (39, 0), 7),
        ("green", (20, 0), None),
        (None, (20, 0), None),
    ],
)
def test_the_interval_follows_colour_and_week(colour, weeks, expected):
    assert days(colour, weeks[0] * 7 + weeks[1]) == expected


def test_purple_is_seen_as_often_as_yellow_and_beside_a_colour_the_shorter_counts():
    assert days("green", 140, purple=True) == 28
    assert days("yellow", 210, purple=True) == 14
    assert days("red", 140, purple=True) == 7


def test_while_the_weeks_are_unknown_the_shortest_interval_counts():
    assert days("yellow", None) == 14
    assert days("orange", None) == 7


def by_walking(labels, ga_days):
    """The first day on which some row of her labels says that it has been long enough."""
    for waited in range(1, 60):
        for row in CARE.follow_up:
            in_week = row.from_days <= ga_days + waited < (row.until_days or 10_000)
            if row.label in labels and in_week and waited >= row.interval_days:
                return waited
    return None


@given(st.sampled_from(["green", "yellow", "orange", "red"]), st.booleans(), st.integers(0, 310))
def test_walking_day_by_day_finds_the_same_visit(colour, purple, ga_days):
    labels = {colour, "purple"} if purple else {colour}

    assert days(colour, ga_days, purple=purple) == by_walking(labels, ga_days)


@given(st.sampled_from(list(Colour)), st.integers(0, 310))
def test_a_higher_colour_is_never_seen_later(colour, ga_days):
    for higher in Colour:
        if higher.rank > colour.rank and days(colour, ga_days) is not None:
            assert days(higher, ga_days) <= days(colour, ga_days)


@given(st.sampled_from(["yellow", "orange", "red"]), st.integers(0, 310))
def test_unknown_weeks_never_let_her_wait_longer(colour, ga_days):
    assert days(colour, None) <= days(colour, ga_days)


def test_the_row_that_asked_is_named():
    found = next_visit(CARE, Colour.ORANGE, purple=False, ga_days=252, last_visit=MARCH)

    assert found.row.info.id == "R-FOLLOW-01-orange-late"
    assert found.day == MARCH + timedelta(days=7)
