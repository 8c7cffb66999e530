"""The evaluation that stands between the solver and the world: planted faults are found."""

from dataclasses import replace

import pytest

from routing.evaluate import check, evaluate
from routing.models.assignment import assign_referrals
from routing.models.errors import InfeasiblePlanError
from routing.problem import UNASSIGNED, ReferralProblem
from tests.routing.models.instances import draw, table


def two():
    """Two requests, two centres with one place each; best 300 + 600."""
    return table([[300, 900], [283, 600]], [1, 1])


def with_tier(plan, **changed):
    return replace(plan, tiers=(replace(plan.tiers[0], **changed), *plan.tiers[1:]))


def test_a_plan_is_added_up_tier_by_tier():
    """Tier 1 pays 30, tier 2 waits, tier 3 pays 5."""
    problem = table([[30, None], [40, None], [None, 5]], [1, 1], tier=[1, 2, 3])
    found = evaluate(problem, [0, UNASSIGNED, 2])

    assert found.faults == ()
    assert found.placed == (1, 0, 1)
    assert found.waiting == (0, 1, 0)
    assert found.objective == (30, 0, 5)


def test_a_true_plan_passes():
    plan = assign_referrals(two())

    assert check(two(), plan) is plan


@pytest.mark.parametrize(
    ("column_of", "said"),
    [
        ([0, 2], "row 0 holds 1 and is used 2 times"),
        ([2, 3], "request 0 has column 2 of request 1"),
        ([0, 9], "request 1 has column 9, which does not exist"),
        ([0, -7], "request 1 has column -7, which does not exist"),
        ([0], "the plan has 1 requests, the problem 2"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_found(column_of, said):
    assert said in evaluate(two(), column_of).faults


def test_waiting_beside_a_fallback_is_a_fault():
    problem = ReferralProblem(
        tier=[1], request=[0], cost=[5], use_column=[], use_row=[], use_amount=[], capacity=[],
        fallback=[True],
    )  # fmt: skip

    assert evaluate(problem, [UNASSIGNED]).faults == ("request 0 waits beside its fallback column",)


def test_a_frozen_request_that_waits_is_a_fault():
    problem = table([[10]], [1], frozen=[True])

    assert evaluate(problem, [UNASSIGNED]).faults == ("frozen request 0 waits",)


def test_frozen_requests_may_overdraw_a_row_and_nobody_else_may_add_to_it():
    problem = table([[1], [1], [1]], [1], frozen=[True, True, False])

    assert evaluate(problem, [0, 1, UNASSIGNED]).faults == ()
    assert evaluate(problem, [0, 1, 2]).faults == ("row 0 holds 1 and is used 3 times",)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"objective": 899}, "tier 1 says placed 2, waiting 0, objective 899"),
        ({"placed": 1}, "tier 1 says placed 1"),
        ({"waiting": 1}, "tier 1 says placed 2, waiting 1"),
        ({"bound": 901}, "tier 1 is better than its own bound"),
        ({"waiting_bound": 1}, "tier 1 is better than its own bound"),
        ({"bound": 899}, "tier 1 is called proven and does not reach its bound"),
        ({"proven": False}, "the plan is called proven and one of its tiers is not"),
    ],
)
def test_a_tier_that_says_something_else_does_not_leave(changed, said):
    plan = with_tier(assign_referrals(two()), **changed)

    with pytest.raises(InfeasiblePlanError) as refused:
        check(two(), plan)
    assert any(fault.startswith(said) for fault in refused.value.faults)


def test_a_worse_plan_cannot_keep_the_name_of_the_optimal_one():
    """1183 instead of 900: the figures disagree, and corrected they miss the bound."""
    best = assign_referrals(two())
    worse = replace(best, column_of=best.column_of[::-1] * 0 + [1, 2])

    with pytest.raises(InfeasiblePlanError, match="found 2, 0, 1183"):
        check(two(), worse)
    with pytest.raises(InfeasiblePlanError, match="does not reach its bound"):
        check(two(), with_tier(worse, objective=1183))


def test_proven_and_status_must_agree():
    plan = replace(assign_referrals(two()), status="feasible")

    with pytest.raises(InfeasiblePlanError, match="disagree"):
        check(two(), plan)


@pytest.mark.parametrize("seed", range(20))
def test_any_plan_with_one_more_than_fits_is_refused(seed):
    """A waiting request is put into a random column of its own: some row must overflow."""
    problem = draw(seed, requests=12, centres=4, scarcity=0.8)
    plan = assign_referrals(problem, seed=seed)
    for request in (plan.column_of == UNASSIGNED).nonzero()[0].tolist():
        for column in (problem.request == request).nonzero()[0].tolist():
            forced = plan.column_of.copy()
            forced[request] = column

            with pytest.raises(InfeasiblePlanError, match="holds"):
                check(problem, replace(plan, column_of=forced))
