"""What is least to add for a request that waits, verified by solving again."""

from dataclasses import replace
from functools import partial

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from routing.models import relaxation
from routing.models.assignment import assign_referrals
from routing.problem import UNASSIGNED, ReferralProblem
from tests.routing.models.brute import best_plan
from tests.routing.models.instances import draw, table

# A busy machine is slow, not wrong.
PATIENT = {"limit_s": 60}
smallest_relaxation = partial(relaxation.smallest_relaxation, **PATIENT)
smallest_relaxations = partial(relaxation.smallest_relaxations, **PATIENT)


def enlarged(problem, added):
    capacity = problem.capacity.copy()
    for row, units in added:
        capacity[row] += units
    return replace(problem, capacity=capacity)


def test_the_place_with_the_least_cost_is_named():
    """Request 1 waits; a place more at centre 0 costs it 40, at centre 1 it costs 70."""
    problem = table([[10, None], [40, 70]], [1, 0])
    plan = assign_referrals(problem)
    (found,) = smallest_relaxation(problem, plan, 1, rows=[0, 1])

    assert found.added == ((0, 1),)
    assert found.cost == 40


def test_equal_ones_are_given_three_at_most():
    problem = table([[50, 50, 50, 50]], [0, 0, 0, 0])
    found = smallest_relaxation(problem, assign_referrals(problem), 0, rows=range(4))

    assert [way.added for way in found] == [((0, 1),), ((1, 1),), ((2, 1),)]


def test_a_row_that_cannot_grow_is_no_way_out():
    problem = table([[50, 60]], [0, 0])
    (found,) = smallest_relaxation(problem, assign_referrals(problem), 0, rows=[1])

    assert found.added == ((1, 1),)


def test_nothing_helps_a_request_without_columns():
    problem = table([[None, None]], [1, 1])

    assert smallest_relaxation(problem, assign_referrals(problem), 0, rows=[0, 1]) == ()


def test_a_place_that_a_higher_tier_would_take_for_itself_is_not_offered():
    """One place more at centre 0: tier 1 moves there (50 for 90) and leaves centre 1, which the
    request of tier 3 cannot use. Two places more there, or one at centre 2 for 95, are needed:
    one is fewer."""
    problem = table([[50, 90, None], [60, None, 95]], [0, 1, 0], tier=[1, 3])
    plan = assign_referrals(problem)
    (found,) = smallest_relaxation(problem, plan, 1, rows=[0, 1, 2])

    assert plan.column_of.tolist() == [1, UNASSIGNED]
    assert found.added == ((2, 1),)


def test_where_only_that_place_exists_one_more_unit_is_asked_for():
    problem = table([[50, 90], [60, None]], [0, 1], tier=[1, 3])
    (found,) = smallest_relaxation(problem, assign_referrals(problem), 1, rows=[0, 1])

    assert found.added == ((0, 2),)


def test_rows_that_grow_together_count_as_one_thing():
    """A place in a pool of which one is reserved: the pool and what tier 3 may use grow by one."""
    problem = ReferralProblem(
        tier=[3],
        request=[0, 0],
        cost=[50, 40],
        use_column=[0, 0, 1, 1],
        use_row=[0, 1, 2, 3],
        use_amount=[1] * 4,
        capacity=[0, 0, 0, 0],
    )
    plan = assign_referrals(problem)
    (found,) = smallest_relaxation(problem, plan, 0, rows=[], bundles=[(0, 1)])

    assert found.units == 1
    assert found.added == ((0, 1), (1, 1))


@given(st.integers(0, 10**6), st.sampled_from([0.5, 0.8, 1.0]))
def test_solving_again_with_what_is_named_places_one_more_and_hurts_nobody_above(seed, scarcity):
    problem = draw(seed, requests=6, centres=3, scarcity=scarcity)
    plan = assign_referrals(problem, seed=seed)
    found = smallest_relaxations(problem, plan, rows=range(problem.rows), limit_s=30)
    before = best_plan(problem)
    for request, ways in found.items():
        tier = int(problem.tier[request])
        for way in ways:
            after = best_plan(enlarged(problem, way.added))

            assert after[: tier - 1] <= before[: tier - 1]
            assert after[tier - 1][0] < before[tier - 1][0]


@given(st.integers(0, 10**6))
def test_no_single_row_is_cheaper_than_the_one_named(seed):
    """The oracle: every row, one unit more, by brute force; the request itself must be in it."""
    problem = draw(seed, requests=5, centres=3, scarcity=0.6)
    plan = assign_referrals(problem, seed=seed)
    found = smallest_relaxations(problem, plan, rows=range(problem.rows), limit_s=30)
    left = problem.capacity.copy()
    for column in plan.column_of[plan.column_of != UNASSIGNED].tolist():
        np.subtract.at(left, problem.use_row[problem.use_column == column], 1)
    for request, ways in found.items():
        for way in ways:
            for column in np.flatnonzero(problem.request == request).tolist():
                rows = problem.use_row[problem.use_column == column]
                lack = rows[left[rows] < 1]
                if lack.size == 1 and problem.cost[column] < way.cost:
                    after = best_plan(enlarged(problem, [(int(lack[0]), 1)]))
                    before = best_plan(problem)
                    tier = int(problem.tier[request])
                    worse_above = after[: tier - 1] > before[: tier - 1]

                    assert worse_above or after[tier - 1][0] >= before[tier - 1][0]


def test_one_unit_elsewhere_is_enough_where_her_own_columns_lack_two():
    """Request 0 holds both kinds of centre 0 and may move to centre 1, which lacks one kind.

    Request 1 fits centre 0 only and lacks two units there; one unit at centre 1 places both.
    """
    problem = ReferralProblem(
        tier=[1, 1],
        request=[0, 0, 1],
        cost=[50, 60, 55],
        use_column=[0, 0, 1, 1, 2, 2],
        use_row=[0, 1, 2, 3, 0, 1],
        use_amount=[1] * 6,
        capacity=[1, 1, 0, 1],
    )
    plan = assign_referrals(problem)
    (found, *more) = smallest_relaxation(problem, plan, 1, rows=range(4))

    assert (found.units, found.added, more) == (1, ((2, 1),), [])
    assert assign_referrals(enlarged(problem, found.added)).tiers[0].waiting == 0
