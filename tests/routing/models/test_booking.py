"""The model of booking against every plan, against two other solvers, and against itself."""

from dataclasses import replace

import highspy
import numpy as np
import pytest
from ortools.sat.python import cp_model

from routing.booking.evaluate import check_booking, faults_of
from routing.booking.problem import NO_OPTION
from routing.models.booking import book_all
from routing.models.booking_part import PartAgain
from routing.models.booking_prices import smooth_prices
from routing.models.booking_relaxed import Objective, bound_of, relax
from routing.models.booking_scarce import scarce_first
from routing.models.errors import InfeasiblePlanError, RoutingModelError
from routing.models.solving import Clock
from tests.routing.models.booking_instances import best_plan, draw, options, varied

SCARCITY = (0.5, 0.7, 0.9, 1.2)
SEEDS = range(24)


def small(seed):
    return draw(seed, groups=3 + seed % 3, scarcity=SCARCITY[seed % 4])


def larger(seed):
    return draw(
        100 + seed, groups=14, centres=6, weeks=8, most=3, scarcity=SCARCITY[seed % 4] + 0.2
    )


def by_highs(problem):
    """(unbooked, cost) in two steps, gap 0."""
    keys, cost, uses = options(problem)
    fewest = round(_highs(problem, keys, uses, np.zeros(len(keys)), None))
    least = _highs(problem, keys, uses, cost.astype(float), fewest)
    return fewest, round(least)


def _highs(problem, keys, uses, cost, unbooked):
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    waits = 1.0 if unbooked is None else 0.0
    for n, j in enumerate(range(len(keys))):
        solver.addVar(0, float(problem.count[keys[j, 0]]))
        solver.changeColCost(n, cost[j])
    for g, n in enumerate(problem.count.tolist()):
        solver.addVar(0, float(n))
        solver.changeColCost(len(keys) + g, waits)
    size = len(keys) + problem.groups
    for column in range(size):
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    for g, n in enumerate(problem.count.tolist()):
        mine = [*np.flatnonzero(keys[:, 0] == g).tolist(), len(keys) + g]
        solver.addRow(n, n, len(mine), np.array(mine), np.ones(len(mine)))
    for row, capacity in enumerate(problem.capacity.tolist()):
        used = np.flatnonzero(uses[:, row])
        solver.addRow(-1e30, capacity, len(used), used, uses[used, row].astype(float))
    if unbooked is not None:
        every = np.arange(len(keys), size)
        solver.addRow(unbooked, unbooked, len(every), every, np.ones(len(every)))
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return solver.getInfo().objective_function_value


def by_cp_sat(problem):
    """(unbooked, cost) with a price above everything."""
    keys, cost, uses = options(problem)
    model = cp_model.CpModel()
    x = [model.new_int_var(0, int(problem.count[g]), "") for g in keys[:, 0].tolist()]
    u = [model.new_int_var(0, n, "") for n in problem.count.tolist()]
    for g, n in enumerate(problem.count.tolist()):
        model.add(sum(x[j] for j in np.flatnonzero(keys[:, 0] == g).tolist()) + u[g] == n)
    for row, capacity in enumerate(problem.capacity.tolist()):
        used = np.flatnonzero(uses[:, row]).tolist()
        model.add(sum(int(uses[j, row]) * x[j] for j in used) <= capacity)
    dear = 1 + problem.women * int(cost.max(initial=1))
    model.minimize(sum(int(c) * v for c, v in zip(cost, x, strict=True)) + dear * sum(u))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    unbooked = sum(solver.value(v) for v in u)
    return unbooked, round(solver.objective_value) - dear * unbooked


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_at_all_is_better(seed):
    plan = book_all(small(seed), seed=seed)

    assert plan.status == "optimal"
    assert (plan.unbooked, plan.cost) == best_plan(small(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_two_other_solvers_reach_the_same(seed):
    problem = larger(seed)
    plan = book_all(problem, seed=seed, limit_s=60)

    assert plan.status == "optimal"
    assert by_highs(problem) == (plan.unbooked, plan.cost)
    assert by_cp_sat(problem) == (plan.unbooked, plan.cost)


@pytest.mark.parametrize("seed", SEEDS)
def test_with_refusals_closed_wards_and_standing_bookings_no_plan_is_better(seed):
    problem = varied(seed, groups=3 + seed % 3, scarcity=SCARCITY[seed % 4])
    plan = book_all(problem, seed=seed)

    assert plan.status == "optimal"
    assert (plan.unbooked, plan.cost) == best_plan(problem)


@pytest.mark.parametrize("seed", range(12))
def test_with_refusals_closed_wards_and_standing_bookings_two_other_solvers_agree(seed):
    problem = varied(300 + seed, groups=12, centres=5, weeks=8, most=3, scarcity=1.0)
    plan = book_all(problem, seed=seed, limit_s=60)

    assert plan.status == "optimal"
    assert by_highs(problem) == (plan.unbooked, plan.cost)
    assert by_cp_sat(problem) == (plan.unbooked, plan.cost)


def test_the_instances_are_not_all_easy():
    """Some leave somebody without a place and some nobody; some are not whole at first."""
    unbooked = [book_all(larger(seed)).unbooked for seed in SEEDS]

    assert min(unbooked) == 0
    assert sum(n > 0 for n in unbooked) >= 5


@pytest.mark.parametrize("seed", range(8))
def test_any_prices_bound_every_plan_from_below(seed):
    problem = larger(seed)
    plan = book_all(problem)
    objective = Objective(problem.cost, 8 * int(problem.cost[problem.cost < NO_OPTION].max()))
    price = np.random.default_rng(seed).integers(0, 10**6, problem.capacity.size)
    bound = bound_of(problem, objective, price)

    assert bound.value <= objective.dear * plan.unbooked + plan.cost


@pytest.mark.parametrize("seed", range(6))
def test_without_time_the_plan_is_possible_and_says_that_nothing_is_proven(seed):
    plan = check_booking(larger(seed), book_all(larger(seed), limit_s=1e-9))

    assert plan.status == "fallback_greedy"
    assert not plan.proven


def test_the_same_problem_and_seed_give_the_same_plan():
    plans = [book_all(larger(2), seed=3) for _ in range(2)]

    assert all(
        np.array_equal(getattr(plans[0], part), getattr(plans[1], part))
        for part in ("group", "lodged", "centre", "women")
    )


def planted(problem, plan):
    """Plans that must not leave, by what is wrong with them."""
    yield "one woman too many", replace(plan, women=plan.women + 5)
    yield "the wrong cost", replace(plan, cost=plan.cost - 1)
    yield "more unbooked than it says", replace(plan, women=plan.women * 0 + 1, unbooked=0)
    yield "a bound above it", replace(plan, bound=plan.cost + 1)
    yield "optimal without reaching its bound", replace(plan, bound=plan.cost - 1)
    closed = np.argwhere(problem.cost[plan.group[0]] >= NO_OPTION)
    lodged, centre = plan.lodged.copy(), plan.centre.copy()
    lodged[0], centre[0] = closed[0]
    yield "no option of hers", replace(plan, lodged=lodged, centre=centre)


def test_every_planted_fault_is_found():
    problem = next(p for p in map(larger, SEEDS) if (p.cost[0] >= NO_OPTION).any())
    plan = book_all(problem)

    assert faults_of(problem, plan) == []
    for name, wrong in planted(problem, plan):
        assert faults_of(problem, wrong), name
        with pytest.raises(InfeasiblePlanError):
            check_booking(problem, wrong)


@pytest.mark.parametrize("seed", range(4))
def test_the_way_of_tens_of_thousands_reaches_the_same(monkeypatch, seed):
    """Smooth prices, those of whom few fit first, parts: on problems whose best plan is known."""
    problem = larger(seed)
    best = book_all(problem)
    for name in ("booking.MANY_GROUPS", "booking_finish.FEW_GROUPS"):
        monkeypatch.setattr(f"routing.models.{name}", 0)
    proven = check_booking(problem, book_all(problem, limit_s=60))
    monkeypatch.setattr("routing.models.booking_finish.FEW", -1)
    monkeypatch.setattr("routing.models.booking_finish.FRUITLESS", 5)
    plans = [check_booking(problem, book_all(problem, limit_s=60)) for _ in range(2)]

    assert proven.status == "optimal"
    assert (proven.unbooked, proven.cost) == (best.unbooked, best.cost)
    for plan in plans:
        assert plan.unbooked_bound <= best.unbooked <= plan.unbooked
        assert plan.unbooked > best.unbooked or plan.bound <= best.cost <= plan.cost
        assert plan.cost == plans[0].cost


NOT_ALL_WHOLE = (25, 54, 63)
"""Here the programme places women in halves whom whole lodgings cannot all take."""


@pytest.mark.parametrize("seed", [*range(12), *NOT_ALL_WHOLE])
def test_what_is_scarce_is_given_whole_within_every_room_and_nobody_twice(seed):
    problem = varied(300 + seed, groups=12, centres=5, weeks=8, most=3, scarcity=1.0).trimmed()
    objective = Objective(problem.cost, 8 * int(problem.cost[problem.cost < NO_OPTION].max()))
    clock = Clock.start(limit_s=60, seed=0, workers=1)
    best = relax(problem, objective, clock)
    found, now = scarce_first(problem, objective, best, clock)
    listed, value = found.listed, found.value
    lodged = value[listed.lodged == 1]

    assert np.abs(lodged - np.rint(lodged)).max(initial=0) < 1e-6
    assert (listed.matrix(problem) @ value <= problem.capacity + 1e-3).all()
    placed = np.bincount(listed.group, weights=value, minlength=problem.groups)
    assert (placed <= problem.count + 1e-6).all()
    assert found.bound is best.bound
    assert (now.price >= 0).all()


def test_where_the_programmes_for_what_is_scarce_have_no_answer_the_booking_goes_on(monkeypatch):
    def none(*_, **__):
        raise RoutingModelError("no answer")

    problem = larger(1)
    best = book_all(problem)
    monkeypatch.setattr("routing.models.booking_scarce.solve_mixed", none)
    monkeypatch.setattr("routing.models.booking_finish.FEW_GROUPS", 0)
    plan = check_booking(problem, book_all(problem, limit_s=60))

    assert (plan.unbooked, plan.cost) == (best.unbooked, best.cost)


def test_without_time_nothing_is_scarce():
    problem = larger(1).trimmed()
    objective = Objective(problem.cost, 8 * int(problem.cost[problem.cost < NO_OPTION].max()))
    best = relax(problem, objective, Clock.start(limit_s=60, seed=0, workers=1))
    none = Clock.start(limit_s=1e-9, seed=0, workers=1)

    assert scarce_first(problem, objective, best, none) == (best, best.bound)


@pytest.mark.parametrize("seed", range(8))
def test_smooth_prices_bound_within_a_tenth_of_the_programme(seed):
    problem = larger(seed).trimmed()
    objective = Objective(problem.cost, 8 * int(problem.cost[problem.cost < NO_OPTION].max()))
    clock = Clock.start(limit_s=60, seed=0, workers=1)
    best = relax(problem, objective, clock).bound.value
    found = bound_of(problem, objective, smooth_prices(problem, objective, clock)).value

    assert 0.9 * best <= found <= best


@pytest.mark.parametrize("seed", SEEDS)
def test_one_place_more_is_solved_again_around_her_and_never_promises_too_much(seed):
    """A quarter more in every row: the part is possible, and as good as the best of all plans."""
    problem = larger(seed)
    plan = book_all(problem)
    placed = np.bincount(plan.group, weights=plan.women, minlength=problem.groups)
    waiting = np.flatnonzero(placed < problem.count)
    if not waiting.size:
        return
    more = replace(problem, room=problem.room + problem.room // 4 + 2000)
    clock = Clock.start(limit_s=60, seed=0, workers=1)
    found = PartAgain.of(problem, plan).again(more, int(waiting[0]), clock)

    assert faults_of(more, found) == []
    assert book_all(more).unbooked <= found.unbooked <= plan.unbooked
    assert found.unbooked < plan.unbooked
