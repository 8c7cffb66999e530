"""Joint plan: give every waiting request a centre, tier by tier, fewest waiting, then least cost.

Sets      r in R      requests; R_t those of tier t = 1, 2, 3; F those frozen
          j in J      columns: one way of serving one request, r(j); J_r the columns of r
          k in K      rows: a pool of places, a reserve, placements over capacity, a vehicle
Data      c_j         cost of column j, whole ticks of 0.0001 min, tie-break included
          a_kj        how much of row k column j uses, whole
          b_k         how much there is of row k, never less than the frozen requests use
Variables x_j         1 if column j is chosen, else 0
          u_r         1 if request r waits, else 0; only where r is not frozen
Model     lexmin      ( W_1, C_1, W_2, C_2, W_3, C_3 )    one level after the other
          where       W_t = sum_{r in R_t} u_r                  (left waiting)
                      C_t = sum_{j: r(j) in R_t} c_j x_j        (cost of those placed)
          s.t.        sum_{j in J_r} x_j + u_r = 1   for all r  (every request has an answer)
                      sum_j a_kj x_j <= b_k          for all k  (there is only so much)
          A level keeps the values of the levels before, not their plan: any plan that reaches
          them may be used, so tier 2 chooses among the optimal plans of tier 1.

Two levels in one. Tier t is first solved for M W_t + C_t with M a few times the dearest column. A
plan that is optimal for this sum has the least C_t among all plans with its W_t, whatever M is.
That its W_t is the least of all is not left to M: the prices divided by M and rounded bound W_t
from below; where that bound is not reached, the level W_t is solved by itself, then C_t.

Bound. The duals of the linear programme are rounded to prices p_k on the grid 1/2520 and

    L(p) = sum_r min( u-price, min_{j in J_r} (c_j + sum_k a_kj p_k) ) - sum_k b_k p_k

is reckoned in whole numbers over every column, shortlisted or not. It is a lower bound for any
p >= 0, so nothing rests on the tolerances of the linear programme, and as costs are whole ticks a
plan of cost ceil(L) is optimal. Scaling: a request's cheapest column is taken off its costs and the
rest is divided by a power of two to stay below 1024, which floating point holds exactly; duals are
then good to far less than half a tick, and what they lack shows as a gap, never as a false proof.

Keeping a tier. With value v, room e = v - L and reduced costs d_j, every plan that stays at v holds
only columns with d_j <= e and uses up each row with p_k > e: these columns and rows describe the
optimal plans without a budget row. Only where e > 0 is a row C_t <= v added (also W_t <= v).

Pricing. The programme starts from each request's cheapest columns; all others are priced with the
duals, those below their request's best join, until none is left (``generation``). Exact finish: if
the optimum is not whole, an integer programme over the columns with d_j <= v - 1 - L either finds
the better plan or proves that there is none. ``optimal`` is said only then.

References: Daskin, *Network and Discrete Location*, 2nd ed. (2013), assignment with capacities;
Geoffrion, Lagrangean relaxation for integer programming, Math. Prog. Study 2 (1974), the bound.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from routing.evaluate import check
from routing.models.errors import RoutingModelError
from routing.models.face import first_face
from routing.models.greedy import place_in_turn
from routing.models.options import Options, prepare
from routing.models.solving import Clock
from routing.models.tier import SolvedTier, open_tier, solve_tier
from routing.problem import (
    TIERS,
    UNASSIGNED,
    Assignment,
    ReferralProblem,
    Status,
    TierResult,
)

__all__ = ["assign_referrals", "place_those_waiting"]

Ints = npt.NDArray[np.int64]


def assign_referrals(
    problem: ReferralProblem,
    *,
    limit_s: float = 2.0,
    seed: int = 0,
    workers: int = 1,
    yield_ticks: int = 0,
    last_tier: int = 3,
) -> Assignment:
    """Give every request a column or let it wait: tier by tier, fewest waiting, then least cost.

    Parameters
    ----------
    problem : ReferralProblem
        R requests, J columns, K rows.
    limit_s : float
        Wall-clock limit for everything, in seconds.
    seed, workers : int
        Seed and threads of the integer finish; the same problem, seed and number of threads give
        the same plan.
    yield_ticks : int
        How much dearer each tier may become for the good of the next ones.
    last_tier : int
        Tiers after this one are left waiting and unproven.

    Returns
    -------
    Assignment
        Checked by :func:`routing.evaluate.check`. Time that runs out is a result
        (``fallback_greedy`` or ``feasible``), a request that waits as well.

    Raises
    ------
    InfeasiblePlanError
        The solver said something that is not true; no plan leaves.
    """
    clock = Clock.start(limit_s=limit_s, seed=seed, workers=workers)
    options = prepare(problem)
    face = first_face(options)
    chosen = options.own_or_waiting()
    solved: list[SolvedTier] = []
    for tier in TIERS[:last_tier]:
        last = not _in_turn(options, TIERS[tier:last_tier])
        try:
            opened = open_tier(face, tier, clock, yield_ticks=yield_ticks, last=last)
            result = solve_tier(opened, chosen)
        except RoutingModelError:
            break
        if not result.proven and _better_in_turn(options, chosen, tier, result):
            break
        solved.append(result)
        face, chosen = result.face, result.chosen
        if not result.proven:
            break
    in_turn = _in_turn(options, TIERS[len(solved) : last_tier])
    chosen = place_in_turn(options, chosen, in_turn)
    tiers = tuple(_tier_result(options, chosen, tier, solved) for tier in TIERS)
    status: Status = "fallback_greedy" if in_turn else "feasible"
    if all(tier.proven for tier in tiers):
        status = "optimal"
    return check(
        problem,
        Assignment(
            column_of=options.column[chosen],
            status=status,
            proven=status == "optimal",
            tiers=tiers,
            seed=seed,
            yield_ticks=yield_ticks,
            solve_ms=1000 * clock.passed_s(),
            sensitive_tier=_sensitive_tier(problem, solved),
            prices=tuple(tier.price for tier in solved),
            proofs=(*(tier.proof for tier in solved), *[None] * (len(TIERS) - len(solved))),
        ),
    )


def place_those_waiting(problem: ReferralProblem, assignment: Assignment) -> Assignment:
    """Give those who wait what is still free, tier by tier; all others keep what they have.

    Returns
    -------
    Assignment
        Checked by :func:`routing.evaluate.check`; nothing of it is proven.
    """
    options = prepare(problem)
    waits = assignment.column_of == UNASSIGNED
    chosen = options.of_plan(assignment.column_of)
    chosen = place_in_turn(options, chosen, [r for r in _in_turn(options, TIERS) if waits[r]])
    optimal = assignment.status == "optimal"
    return check(
        problem,
        replace(
            assignment,
            column_of=options.column[chosen],
            status="feasible" if optimal else assignment.status,
            proven=False,
            tiers=tuple(_tier_result(options, chosen, tier, []) for tier in TIERS),
            sensitive_tier=np.ones(problem.rows, dtype=np.int64),
            prices=(),
            proofs=tuple(None for _ in TIERS),
        ),
    )


def _sensitive_tier(problem: ReferralProblem, solved: list[SolvedTier]) -> Ints:
    """Find the first tier that more of each row might change; unsolved tiers always might."""
    first = np.full(problem.rows, len(solved) + 1)
    for tier in range(len(solved), 0, -1):
        first[solved[tier - 1].sensitive] = tier
    return first


def _in_turn(options: Options, tiers: tuple[int, ...]) -> list[int]:
    """List the requests of ``tiers`` that are not frozen, by tier and number."""
    return [int(r) for t in tiers for r in np.flatnonzero((options.tier == t) & ~options.frozen)]


def _better_in_turn(options: Options, chosen: Ints, tier: int, result: SolvedTier) -> bool:
    """Whether placing in turn beats the unproven plan that the solver had when time was over."""

    def reached(plan: Ints) -> tuple[int, int]:
        mine = plan[options.tier == tier]
        return int(options.waiting[mine].sum()), int(options.cost[mine].sum())

    in_turn = place_in_turn(options, chosen, _in_turn(options, (tier,)))
    return reached(in_turn) < reached(result.chosen)


def _tier_result(options: Options, chosen: Ints, tier: int, solved: list[SolvedTier]) -> TierResult:
    """Count one tier of the final plan beside the bounds it was solved with."""
    mine = chosen[options.tier == tier]
    placed = mine[options.column[mine] != UNASSIGNED]
    waiting = mine.size - placed.size
    objective = int(options.cost[placed].sum())
    bounds = solved[tier - 1] if tier <= len(solved) else None
    return TierResult(
        tier=tier,
        placed=int(placed.size),
        waiting=int(waiting),
        objective=objective,
        bound=bounds.bound if bounds else 0,
        waiting_bound=bounds.waiting_bound if bounds else 0,
        proven=bounds.proven if bounds else mine.size == 0,
    )
