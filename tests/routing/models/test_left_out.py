"""What a proof says of columns that were never listed, against the problem with all of them."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from routing.models.assignment import assign_referrals
from routing.models.pricing import GRID
from routing.models.relaxation import smallest_relaxations
from routing.problem import NO_COLUMN, TIERS, UNASSIGNED, ReferralProblem
from tests.routing.models.instances import draw, reached


def part_of(problem, listed):
    """The same problem with some of its columns."""
    place = np.cumsum(listed) - 1
    uses = listed[problem.use_column]
    return ReferralProblem(
        tier=problem.tier,
        request=problem.request[listed],
        cost=problem.cost[listed],
        use_column=place[problem.use_column[uses]],
        use_row=problem.use_row[uses],
        use_amount=problem.use_amount[uses],
        capacity=problem.capacity,
        fallback=problem.fallback[listed],
    )


def priced(problem, price, cost):
    """What every column costs with its rows, on the grid."""
    found = GRID * cost
    np.add.at(found, problem.use_column, problem.use_amount * price[problem.use_row])
    return found


def let_in(problem, listed, tier, proof):
    """Mark the columns of a tier left out that a proof lets in; without one all of them."""
    mine = np.flatnonzero(~listed & (problem.tier[problem.request] == tier))
    asked = np.zeros_like(listed)
    if proof is None:
        asked[mine] = True
        return asked
    assert np.all((proof.least < NO_COLUMN) == (problem.tier == tier))
    cost = priced(problem, proof.price, problem.cost)[mine]
    waiting = priced(problem, proof.waiting_price, np.zeros_like(problem.cost))[mine]
    asked[mine] = proof.lets_in(problem.request[mine], cost, waiting)
    return asked


def asked_for(problem, listed, plan):
    """Mark the columns left out that the proofs of a plan let in."""
    asked = [let_in(problem, listed, tier, plan.proofs[tier - 1]) for tier in TIERS]
    return np.logical_or.reduce(asked)


def solved_from_few(problem, seed, *, share=0.35, yield_ticks=0):
    """Solve with a few columns and what the proofs let in, until they let in none."""
    rng = np.random.default_rng(seed)
    listed = (rng.random(problem.columns) < share) | problem.fallback
    rounds = 0
    while True:
        rounds += 1
        plan = assign_referrals(part_of(problem, listed), limit_s=30, yield_ticks=yield_ticks)
        asked = asked_for(problem, listed, plan)
        if not asked.any():
            return plan, listed, rounds
        listed |= asked


@pytest.mark.parametrize("seed", range(60))
def test_a_proof_that_lets_nothing_in_holds_for_all_columns(seed):
    problem = draw(
        seed,
        requests=14,
        centres=4,
        kinds=1 + seed % 3,
        scarcity=0.7 + 0.1 * (seed % 6),
        vehicles=4 * (seed % 2),
        most=900 if seed % 3 else 30,
        fallback=0.5,
    )
    whole = assign_referrals(problem, limit_s=30)
    plan, _, _ = solved_from_few(problem, seed)

    assert (whole.status, plan.status) == ("optimal", "optimal")
    assert reached(plan) == reached(whole)


@pytest.mark.parametrize("seed", range(20))
def test_it_holds_as_well_where_a_tier_may_yield_to_the_next(seed):
    problem = draw(seed, requests=14, scarcity=0.9, vehicles=3, most=90)
    whole = assign_referrals(problem, limit_s=30, yield_ticks=25)
    plan, _, _ = solved_from_few(problem, seed, yield_ticks=25)

    assert reached(plan) == reached(whole)


def test_something_is_let_in_and_much_stays_out():
    """The comparisons would show little if all columns joined, or none."""
    seen = Counter()
    for seed in range(20):
        problem = draw(seed, requests=14, centres=6, scarcity=1.6, vehicles=9)
        _, listed, rounds = solved_from_few(problem, seed, share=0.2)
        seen["again"] += rounds > 1
        seen["listed"] += int(listed.sum())
        seen["columns"] += problem.columns

    assert seen["again"] >= 15
    assert seen["listed"] < 0.8 * seen["columns"]


def relaxed(problem, listed):
    """Relaxations of a problem of which few columns are listed, and how often it was asked."""
    rounds = 0
    while True:
        rounds += 1
        asked = np.zeros_like(listed)

        def matters(tier, proof, *, asked=asked, listed=listed):
            more = let_in(problem, listed, tier, proof)
            asked |= more
            return bool(more.any())

        few = part_of(problem, listed)
        plan = assign_referrals(few, limit_s=30)
        rows = range(problem.rows)
        found = smallest_relaxations(few, plan, rows=rows, left_out=matters, limit_s=30)
        if not asked.any():
            return rounds, found
        listed = listed | asked


def relaxed_from_few(problem, seed):
    """The same, beginning with a plan of few columns; who waits lists all."""
    plan, listed, _ = solved_from_few(problem, seed, share=0.15)
    listed |= (plan.column_of == UNASSIGNED)[problem.request]
    return plan, *relaxed(problem, listed)


SCARCE = {"requests": 16, "centres": 3, "scarcity": 0.8, "vehicles": 8, "most": 120}


@pytest.mark.parametrize("seed", range(40))
def test_what_is_added_helps_in_the_problem_with_all_columns(seed):
    """One fewer of the tier waits there, and no tier above gets worse."""
    problem = draw(seed, **SCARCE)
    plan, _, found = relaxed_from_few(problem, seed)
    before = reached(plan)

    for request, ways in found.items():
        tier = int(problem.tier[request]) - 1
        for way in ways:
            capacity = problem.capacity.copy()
            for row, units in way.added:
                capacity[row] += units
            after = reached(assign_referrals(replace(problem, capacity=capacity), limit_s=30))

            assert after[:tier] <= before[:tier]
            assert after[tier][0] < before[tier][0]


def test_relaxations_ask_for_columns_that_the_plan_did_not_need():
    """And as many are found as with everything listed."""
    seen = Counter()
    for seed in range(40):
        problem = draw(seed, **SCARCE)
        _, rounds, found = relaxed_from_few(problem, seed)
        whole = assign_referrals(problem, limit_s=30)
        all_of = smallest_relaxations(problem, whole, rows=range(problem.rows), limit_s=30)
        seen["again"] += rounds > 1
        seen["waiting"] += len(found)
        for request in found.keys() & all_of.keys():
            units = [{way.units for way in ways[request]} for ways in (found, all_of)]
            seen["compared"] += 1
            seen["other"] += units[0] != units[1]

    assert seen["again"] >= 10
    assert seen["compared"] >= 60
    assert seen["other"] == 0


def test_one_unit_elsewhere_is_found_though_the_column_for_it_was_left_out():
    """Request 1 lacks two units of centre 0; request 0 holds them and may move to centre 1.

    There it lacks one unit. That column is dear, and the plan does not need it.
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
    listed = np.array([True, False, True])
    _, found = relaxed(problem, listed)

    assert [(way.units, way.added) for way in found[1]] == [(1, ((2, 1),))]
