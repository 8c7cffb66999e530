"""The course of a newborn by its transport score (R-TRIPS)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.transfers.scoring import course

LEFT = datetime(2026, 1, 14, 3, tzinfo=UTC)
THERE = LEFT + timedelta(hours=2)
TIMES = {"departed": LEFT, "arrived": THERE}


@pytest.mark.parametrize(("arrival", "flag"), [(14, False), (15, True), (3, False)])
def test_a_rise_of_ten_from_call_to_arrival_is_a_flag(arrival, flag):
    found = course(called=5, scored=[(LEFT, 7), (THERE, arrival)], times=TIMES)

    assert (found.call, found.departure, found.arrival) == (5, 7, arrival)
    assert (found.rise, found.quality_flag) == (arrival - 5, flag)


def test_what_was_not_scored_is_not_known_and_is_no_rise_of_nothing():
    on_the_way = [(LEFT + timedelta(hours=1), 40)]

    for called, scored in ((None, [(THERE, 30)]), (5, on_the_way)):
        found = course(called=called, scored=scored, times=TIMES)
        assert (found.rise, found.quality_flag) == (None, None)


def test_what_is_measured_at_the_door_before_anybody_types_counts_as_arrival():
    found = course(called=5, scored=[(THERE - timedelta(minutes=10), 20)], times=TIMES)

    assert found.arrival == 20
