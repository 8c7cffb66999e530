"""Every instance up to six requests and four centres, against all plans there are."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from routing.models.assignment import assign_referrals
from routing.problem import ReferralProblem
from tests.routing.models.brute import best_plan
from tests.routing.models.instances import draw, reached, table


def test_the_oracle_itself_is_right_on_a_plan_worked_by_hand():
    """Two places at 0 and 1: 30+60=90 against 90+28=118; the third request, tier 2, waits."""
    problem = table([[30, 90], [28, 60], [1, 1]], [1, 1], tier=[1, 1, 2])

    assert best_plan(problem) == [(0, 90), (1, 0), (0, 0)]


@given(
    st.integers(0, 10**6),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from([0.5, 0.8, 1.0, 1.3]),
    st.sampled_from([0.0, 0.5]),
)
def test_tier_by_tier_no_plan_of_all_is_better(seed, requests, centres, kinds, scarcity, fallback):
    problem = draw(
        seed,
        requests=requests,
        centres=centres,
        kinds=kinds,
        scarcity=scarcity,
        fallback=fallback,
    )
    plan = assign_referrals(problem, seed=seed, limit_s=60)

    assert plan.status == "optimal"
    assert reached(plan) == best_plan(problem)


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 2), st.integers(1, 3))
def test_with_vehicles_as_rows_no_plan_of_all_is_better(seed, requests, centres, vehicles):
    problem = draw(seed, requests=requests, centres=centres, vehicles=vehicles)
    plan = assign_referrals(problem, seed=seed, limit_s=60)

    assert plan.status == "optimal"
    assert reached(plan) == best_plan(problem)


@given(st.integers(0, 10**6), st.integers(2, 5))
def test_amounts_above_one_and_equal_costs_change_nothing(seed, requests):
    """Costs 0..3 make ties everywhere, amounts up to 3 make the programme fractional."""
    drawn = draw(seed, requests=requests, centres=3, kinds=2, most=24)
    problem = ReferralProblem(
        tier=drawn.tier,
        request=drawn.request,
        cost=drawn.cost % 4,
        use_column=drawn.use_column,
        use_row=drawn.use_row,
        use_amount=1 + (drawn.use_column + drawn.use_row) % 3,
        capacity=drawn.capacity + 1,
    )

    assert reached(assign_referrals(problem, seed=seed, limit_s=60)) == best_plan(problem)


@pytest.mark.parametrize("seed", range(3))
def test_the_oracle_notices_a_plan_that_is_not_the_best(seed):
    """The guard fires: one tick less on one chosen column is another best plan."""
    problem = draw(seed, scarcity=2.0)
    plan = assign_referrals(problem)
    cost = problem.cost.copy()
    cost[plan.column_of[plan.column_of >= 0][0]] -= 1
    cheaper = ReferralProblem(
        problem.tier,
        problem.request,
        cost,
        problem.use_column,
        problem.use_row,
        problem.use_amount,
        problem.capacity,
    )

    assert best_plan(cheaper) != reached(plan)
