"""The joint plan in numbers, on instances worked by hand."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from routing.models.assignment import assign_referrals
from routing.problem import UNASSIGNED, ReferralProblem
from tests.routing.models.instances import draw, reached, table


def test_two_requests_share_two_single_place_centres_by_total_cost():
    """Both are nearest to centre 0, which has one place; 300 + 600 < 900 + 283."""
    plan = assign_referrals(table([[300, 900], [283, 600]], [1, 1]))

    assert plan.column_of.tolist() == [0, 3]
    assert plan.tiers[0].objective == plan.tiers[0].bound == 900
    assert plan.status == "optimal"


def test_nobody_asks_and_the_plan_is_empty_and_proven():
    plan = assign_referrals(table([], [1, 1]))

    assert plan.column_of.tolist() == []
    assert plan.status == "optimal"
    assert [tier.tier for tier in plan.tiers] == [1, 2, 3]


def test_one_more_placed_is_worth_any_cost():
    """One place each: placing both costs 10 + 900000; leaving one out would cost 1 only."""
    plan = assign_referrals(table([[1, 900_000], [10, None]], [1, 1]))

    assert plan.column_of.tolist() == [1, 2]
    assert reached(plan)[0] == (0, 900_010)


def test_priority_1_takes_the_place_however_dear_it_is_for_her():
    """One place; the request of tier 3 would cost 1, the one of tier 1 costs 5000."""
    plan = assign_referrals(table([[1], [5000]], [1], tier=[3, 1]))

    assert plan.column_of.tolist() == [UNASSIGNED, 1]
    assert reached(plan) == [(0, 5000), (0, 0), (1, 0)]


def test_a_lower_tier_chooses_among_the_equal_plans_of_the_higher():
    """Tier 1 costs 50 at either centre; it leaves centre 0 to the request that has only that."""
    plan = assign_referrals(table([[50, 50], [20, None]], [1, 1], tier=[1, 2]))

    assert plan.column_of.tolist() == [1, 2]
    assert reached(plan) == [(0, 50), (0, 20), (0, 0)]


def test_a_lower_tier_never_makes_a_higher_one_dearer():
    """Tier 1 keeps centre 0 for one tick less, and tier 2 pays 900 instead of 20."""
    plan = assign_referrals(table([[49, 50], [20, 900]], [1, 1], tier=[1, 2]))

    assert plan.column_of.tolist() == [0, 3]


def test_a_higher_tier_yields_what_the_setting_allows_and_not_more():
    """With one tick to yield, tier 1 moves over and tier 2 pays 20 instead of 900."""
    problem = table([[49, 50], [20, 900]], [1, 1], tier=[1, 2])

    assert assign_referrals(problem, yield_ticks=1).column_of.tolist() == [1, 2]
    assert assign_referrals(problem, yield_ticks=0).column_of.tolist() == [0, 3]


def test_a_frozen_request_keeps_its_place_against_priority_1():
    """The frozen request of tier 3 stands in the only place of centre 0."""
    problem = table([[10, None], [5, 70]], [1, 1], tier=[3, 1], frozen=[True, False])

    assert assign_referrals(problem).column_of.tolist() == [0, 2]


def test_two_frozen_requests_overdraw_a_row_which_is_full_for_everybody_else():
    problem = table([[10], [10], [5]], [1], tier=[2, 2, 1], frozen=[True, True, False])
    plan = assign_referrals(problem)

    assert plan.column_of.tolist() == [0, 1, UNASSIGNED]
    assert plan.status == "optimal"


def test_a_request_with_a_fallback_column_never_waits():
    """No place anywhere; the fallback of the first costs 600, the second has none and waits."""
    problem = ReferralProblem(
        tier=[1, 1],
        request=[0, 0, 1],
        cost=[100, 600, 100],
        use_column=[0, 2],
        use_row=[0, 0],
        use_amount=[1, 1],
        capacity=[0],
        fallback=[False, True, False],
    )
    plan = assign_referrals(problem)

    assert plan.column_of.tolist() == [1, UNASSIGNED]
    assert reached(plan)[0] == (1, 600)


def test_a_fractional_programme_is_finished_in_whole_numbers():
    """Each of three columns takes two of three rows: the programme says 1.5, one goes."""
    problem = ReferralProblem(
        tier=[1, 1, 1],
        request=[0, 1, 2],
        cost=[5, 7, 6],
        use_column=[0, 0, 1, 1, 2, 2],
        use_row=[0, 1, 1, 2, 0, 2],
        use_amount=[1] * 6,
        capacity=[1, 1, 1],
    )
    plan = assign_referrals(problem)

    assert reached(plan)[0] == (2, 5)
    assert plan.proven


@given(st.integers(0, 10**6))
def test_same_problem_and_seed_give_the_same_plan(seed):
    problem = draw(seed, requests=20, centres=6, most=60, scarcity=0.9)
    first, again = (assign_referrals(problem, seed=7) for _ in range(2))

    assert first.column_of.tolist() == again.column_of.tolist()
    assert reached(first) == reached(again)


@given(st.integers(0, 10**6))
def test_a_request_alone_takes_its_cheapest_column(seed):
    problem = draw(seed, requests=1, centres=6, scarcity=9.0)
    plan = assign_referrals(problem, seed=seed)
    free = problem.capacity[problem.use_row] > 0
    possible = np.ones(problem.columns, dtype=bool)
    possible[problem.use_column[~free]] = False

    cheapest = min(problem.cost[possible].tolist(), default=0)
    assert sum(tier.objective for tier in plan.tiers) == cheapest


def test_options_left_off_the_shortlist_are_priced_before_optimal_is_said():
    """Each of 30 requests lists 12 of 40 centres; 29 near ones are one place short of all."""
    near = [[10 + f for f in range(29)] + [5000 + f for f in range(11)]] * 30
    plan = assign_referrals(table(near, [1] * 40))

    assert plan.status == "optimal"
    assert reached(plan)[0] == (0, sum(10 + f for f in range(29)) + 5000)


@pytest.mark.parametrize("limit_s", [0.0, 1e-9])
def test_time_that_runs_out_gives_the_greedy_plan_by_priority_and_says_so(limit_s):
    """In turn: tier 1 takes centre 0 for 300, then tier 2 the other for 600; no proof."""
    problem = table([[283, 600], [300, 900], [1, 1]], [1, 1], tier=[2, 1, 3])
    plan = assign_referrals(problem, limit_s=limit_s)

    assert plan.status == "fallback_greedy"
    assert not plan.proven
    assert plan.column_of.tolist() == [1, 2, UNASSIGNED]


def test_the_greedy_plan_claims_no_more_than_it_knows():
    problem = table([[300, 900], [283, 600]], [1, 1])
    plan = assign_referrals(problem, limit_s=0.0)

    assert reached(plan)[0] == (0, 900)
    assert plan.tiers[0].bound == plan.tiers[0].waiting_bound == 0
    assert not plan.tiers[0].proven
