"""Weeks of birth, bed-days of weeks, limits of weeks: by hand, and by plain sums."""

from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.booking.births import DAY, TERM, Births, births_of, loads
from routing.booking.room import limit_of
from routing.triage.booking_rows import PLANS
from routing.triage.rows import Colour
from tests.routing.toys import rules

ONE_WEEK = Births("planned_caesarean", True, (39,), (1.0,))


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("colour", Colour)
def test_every_plan_and_colour_has_weeks_that_sum_to_one(plan, colour):
    found = births_of(rules(), {}, plan=plan, colour=colour)

    assert sum(found.shares) == pytest.approx(1)
    assert found.plan == plan


def test_a_higher_colour_is_born_earlier():
    means = []
    for colour in (Colour.YELLOW, Colour.ORANGE, Colour.RED):
        found = births_of(rules(), {}, plan="spontaneous", colour=colour)
        means.append(float(np.dot(found.weeks, found.shares)))

    assert means == sorted(means, reverse=True)


@pytest.mark.parametrize(
    ("facts", "plan"),
    [
        ({}, "spontaneous"),
        ({"prior_cs_count": 1}, "planned_caesarean"),
        ({"prior_cs_count": 1, "tolac_planned": True}, "trial_of_labour"),
        (
            {"prior_cs_count": 1, "tolac_planned": True, "tolac_contraindicated": True},
            "planned_caesarean",
        ),
        (
            {"uterine_scar": True, "placenta_position": "praevia", "placenta_over_scar": True},
            "early_caesarean",
        ),
    ],
)
def test_the_plan_follows_from_the_facts_where_none_is_stated(facts, plan):
    assert births_of(rules(), facts, plan=None, colour=Colour.YELLOW).plan == plan


def test_a_birth_in_the_middle_of_a_week_fills_this_week_and_the_next():
    """Born at 39 weeks, half in the week before the due week and half in it, on any day.

    A stay of 3 days begun on a day u of 0..7 leaves the week after day 4: 3 - 9/14 = 2.357 days
    in the week of birth, 0.643 in the next. Due in week 5: half of 2.357 in week 4, half of
    0.643 and half of 2.357 in week 5, half of 0.643 in week 6.
    """
    (row,) = loads(ONE_WEEK, due_week=5, weeks=8, stays=[3.0])

    assert row.tolist() == [0, 0, 0, 0, 1179, 1500, 321, 0]


@given(st.sampled_from(PLANS), st.integers(-2, 20), st.floats(0.5, 20))
def test_all_bed_days_are_counted_where_the_weeks_are_long_enough(plan, due_week, days):
    births = births_of(rules(), {}, plan=plan, colour=Colour.RED)
    (row,) = loads(births, due_week=due_week, weeks=40, stays=[days])

    assert row.sum() == pytest.approx(DAY * days, abs=20)
    assert (row >= 0).all()


def test_who_is_past_a_week_does_not_give_birth_in_it_any_more():
    births = births_of(rules(), {}, plan="spontaneous", colour=Colour.YELLOW)
    left = births.after(TERM)

    assert left[np.array(births.weeks) < TERM].sum() == 0
    assert left.sum() == pytest.approx(1)
    assert births.after(99)[-1] == 1


def poisson(places, mean):
    return sum(exp(-mean) * mean**n / factorial(n) for n in range(places + 1))


@pytest.mark.parametrize("places", range(1, 60))
def test_the_limit_is_the_largest_mean_whose_95th_percentile_fits(places):
    mean = limit_of(places, 0.95) / DAY / 7

    assert poisson(places, mean) >= 0.95
    assert poisson(places, mean + 1 / DAY) < 0.95


def test_where_nothing_is_left_nothing_may_be_booked():
    assert limit_of(0, 0.95) == 0
    assert limit_of(-3, 0.95) == 0
