"""The joint plan beside its peers, in one run: 1,000 requests x 400 centres, a quarter coupled.

Medians of five, build and solve together (``python -m bench plan_core``). The flow solves the
uncoupled twin (every request needs one place), which is what a flow can say; the others solve the
same model as we do. Free places are 1.1 times the need; four of five centres are capable.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from bench.peers import Model, cbc, highs, whole_model
from routing.models.assignment import assign_referrals
from routing.models.greedy import place_in_turn
from routing.models.options import prepare
from routing.problem import ReferralProblem

__all__ = ["HEADER", "run", "stress"]

Row = tuple[str, ...]
HEADER: Row = (
    "stress: 1,000 requests x 400 centres",
    "ms",
    "of ours",
    "waiting",
    "minutes",
)

Floats = npt.NDArray[np.float64]
ROUNDS = 5
LIMIT_S = 120.0


def stress(
    *,
    seed: int = 0,
    requests: int = 1000,
    centres: int = 400,
    coupled: float = 0.25,
    tiers: tuple[float, float, float] = (1.0, 0.0, 0.0),
) -> ReferralProblem:
    """Draw requests and centres on a plane; all capable centres are columns."""
    rng = np.random.default_rng(seed)
    homes, sites = rng.random((requests, 2)) * 600, rng.random((centres, 2)) * 600
    kind = np.where(rng.random(requests) < coupled, 2, rng.integers(0, 2, requests))
    need = np.stack([kind != 1, kind != 0], axis=1)
    total = np.rint(need.sum(axis=0) * 1.1).astype(int)
    even = np.full(centres, 1 / centres)
    capacity = np.stack([rng.multinomial(n, even) for n in total], axis=1)
    minutes = 1.3 * np.hypot(*(sites[None] - homes[:, None]).transpose(2, 0, 1))
    rank = np.argsort(np.argsort(minutes, axis=1), axis=1)
    ticks = np.rint(minutes * 10).astype(np.int64) * 1000 + rank
    request, centre = np.nonzero(rng.random((requests, centres)) < 0.8)
    columns = np.arange(request.size)
    takes = [need[request, k] for k in (0, 1)]
    use_column = np.concatenate([columns[takes[0]], columns[takes[1]]])
    use_row = np.concatenate([2 * centre[takes[0]], 2 * centre[takes[1]] + 1])
    return ReferralProblem(
        tier=rng.choice([1, 2, 3], size=requests, p=tiers),
        request=request,
        cost=ticks[request, centre],
        use_column=use_column,
        use_row=use_row,
        use_amount=np.ones(use_column.size),
        capacity=capacity.reshape(-1),
    )


def _waiting_price(problem: ReferralProblem) -> int:
    return 8 * int(problem.cost.max())


def _ours(problem: ReferralProblem) -> tuple[int, int]:
    plan = assign_referrals(problem, limit_s=LIMIT_S)
    if not plan.proven:
        raise RuntimeError(f"the plan is only {plan.status}")
    return sum(t.waiting for t in plan.tiers), sum(t.objective for t in plan.tiers)


def _flow(problem: ReferralProblem) -> tuple[int, int]:
    requests, rows = problem.requests, problem.rows
    model, end = min_cost_flow.SimpleMinCostFlow(), requests + rows
    who = problem.request[problem.use_column]
    model.add_arcs_with_capacity_and_unit_cost(
        who, requests + problem.use_row, np.ones_like(who), problem.cost[problem.use_column]
    )
    model.add_arcs_with_capacity_and_unit_cost(
        requests + np.arange(rows), np.full(rows, end), problem.capacity, np.zeros(rows, int)
    )
    price, every = _waiting_price(problem), np.arange(requests)
    waits = model.add_arcs_with_capacity_and_unit_cost(
        every, np.full(requests, end), np.ones(requests, int), np.full(requests, price)
    )
    model.set_nodes_supplies(every, np.ones(requests, int))
    model.set_nodes_supplies(np.array([end]), np.array([-requests]))
    if model.solve() != model.OPTIMAL:
        raise RuntimeError("the flow has no optimum")
    waiting = int(model.flows(waits).sum())
    return waiting, int(model.optimal_cost()) - waiting * price


def _peer(problem: ReferralProblem, solve: Callable[[Model], Floats | None]) -> tuple[int, int]:
    """Solve the same model in one go: waiting costs more than anything else."""
    waits = np.full(problem.requests, _waiting_price(problem))
    answer = solve(whole_model(problem, np.concatenate([problem.cost, waits]).astype(np.float64)))
    if answer is None:
        raise RuntimeError("the peer has no answer")
    chosen = answer > 0.5
    ticks = int(problem.cost[chosen[: problem.columns]].sum())
    return int(chosen[problem.columns :].sum()), ticks


def _greedy(problem: ReferralProblem) -> tuple[int, int]:
    options = prepare(problem)
    waits = np.append(options.start[1:], options.owner.size) - 1
    order = np.argsort(problem.tier, kind="stable").tolist()
    plan = place_in_turn(options, waits, order)
    return int(options.waiting[plan].sum()), int(options.cost[plan].sum())


def _median_ms(solve: Callable[[], tuple[int, int]], rounds: int) -> tuple[float, tuple[int, int]]:
    times, answer = [], (0, 0)
    for _ in range(rounds):
        start = time.perf_counter()
        answer = solve()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), answer


def run(*, rounds: int = ROUNDS, seed: int = 0) -> list[Row]:
    """Return the rows of the table."""
    problem, twin = stress(seed=seed), stress(seed=seed, coupled=0.0)
    three = stress(seed=seed, tiers=(0.2, 0.3, 0.5))
    _ours(stress(seed=seed, requests=20))  # the first call loads the libraries
    rows: list[Row] = []
    base = 0.0
    for name, solve in (
        ("ours, one tier, proven", lambda: _ours(problem)),
        ("ours, three tiers, proven", lambda: _ours(three)),
        ("ours on the uncoupled twin", lambda: _ours(twin)),
        ("min-cost flow, uncoupled twin", lambda: _flow(twin)),
        ("greedy by priority", lambda: _greedy(problem)),
        ("HiGHS MIP direct (highspy)", lambda: _peer(problem, highs)),
        ("PuLP + CBC", lambda: _peer(problem, cbc)),
    ):
        ms, (waiting, ticks) = _median_ms(solve, rounds)
        base = base or ms
        rows.append((name, f"{ms:.1f}", f"{ms / base:.2f}", str(waiting), f"{ticks / 10_000:.1f}"))
    return rows
