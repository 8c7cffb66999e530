"""Recompute a plan without the solver: whether it is possible, and what it costs.

Plain on purpose: it shares no code, no array and no idea with ``routing.models``, so that a
fault there cannot hide here.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from routing.models.errors import InfeasiblePlanError
from routing.problem import TIERS, UNASSIGNED, Assignment, ReferralProblem

__all__ = ["Evaluation", "check", "evaluate"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``faults`` of the plan, and per tier 1, 2, 3: how many placed, how many wait, ticks."""

    faults: tuple[str, ...]
    placed: tuple[int, ...]
    waiting: tuple[int, ...]
    objective: tuple[int, ...]


def evaluate(problem: ReferralProblem, column_of: list[int]) -> Evaluation:
    """Check every rule of ``problem`` on a plan and add up its tiers.

    Parameters
    ----------
    column_of : list of length R
        Column of each request, ``UNASSIGNED`` where it waits.
    """
    tier, columns = problem.tier.tolist(), problem.columns
    if len(column_of) != len(tier):
        fault = f"the plan has {len(column_of)} requests, the problem {len(tier)}"
        return Evaluation((fault,), (0, 0, 0), (0, 0, 0), (0, 0, 0))
    faults = []
    for r, column in enumerate(column_of):
        if column != UNASSIGNED and not 0 <= column < columns:
            faults.append(f"request {r} has column {column}, which does not exist")
        elif column != UNASSIGNED and problem.request[column] != r:
            faults.append(f"request {r} has column {column} of request {problem.request[column]}")
    if not faults:
        faults = [*_waiting_faults(problem, column_of), *_row_faults(problem, column_of)]
    placed, waiting, ticks = Counter[int](), Counter[int](), Counter[int]()
    for r, column in enumerate(column_of):
        if 0 <= column < columns:
            placed[tier[r]] += 1
            ticks[tier[r]] += int(problem.cost[column])
        else:
            waiting[tier[r]] += 1
    return Evaluation(
        tuple(faults),
        tuple(placed[t] for t in TIERS),
        tuple(waiting[t] for t in TIERS),
        tuple(ticks[t] for t in TIERS),
    )


def _waiting_faults(problem: ReferralProblem, column_of: list[int]) -> list[str]:
    """Frozen requests and those with a column that is always possible never wait."""
    always = set(problem.request[problem.fallback].tolist())
    faults = []
    for r, frozen in enumerate(problem.frozen.tolist()):
        if column_of[r] == UNASSIGNED and frozen:
            faults.append(f"frozen request {r} waits")
        elif column_of[r] == UNASSIGNED and r in always:
            faults.append(f"request {r} waits beside its fallback column")
    return faults


def _row_faults(problem: ReferralProblem, column_of: list[int]) -> list[str]:
    """No row is used beyond its capacity; what frozen requests take by themselves is theirs."""
    frozen = {c for c, f in zip(column_of, problem.frozen.tolist(), strict=True) if f}
    chosen = np.zeros(problem.columns, dtype=np.bool_)
    chosen[[c for c in column_of if c != UNASSIGNED]] = True
    used, taken = Counter[int](), Counter[int]()
    for i in np.flatnonzero(chosen[problem.use_column]).tolist():
        row, amount = int(problem.use_row[i]), int(problem.use_amount[i])
        used[row] += amount
        if int(problem.use_column[i]) in frozen:
            taken[row] += amount
    capacity = problem.capacity.tolist()
    return [
        f"row {row} holds {capacity[row]} and is used {used[row]} times"
        for row in sorted(used)
        if used[row] > max(capacity[row], taken[row])
    ]


def check(problem: ReferralProblem, assignment: Assignment) -> Assignment:
    """Return ``assignment`` if it says the truth about a possible plan.

    Raises
    ------
    InfeasiblePlanError
        With every rule it breaks and every figure that is not what it says.
    """
    found = evaluate(problem, assignment.column_of.tolist())
    faults = list(found.faults)
    for i, said in enumerate(assignment.tiers):
        truth = (found.placed[i], found.waiting[i], found.objective[i])
        if (said.placed, said.waiting, said.objective) != truth:
            faults.append(
                f"tier {said.tier} says placed {said.placed}, waiting {said.waiting}, objective "
                f"{said.objective}; found {truth[0]}, {truth[1]}, {truth[2]}"
            )
        if said.waiting_bound > truth[1] or (
            said.waiting_bound == truth[1] and said.bound > truth[2]
        ):
            faults.append(f"tier {said.tier} is better than its own bound")
        above = truth[2] - said.bound
        if said.proven and (said.waiting_bound != truth[1] or above > assignment.yield_ticks):
            faults.append(f"tier {said.tier} is called proven and does not reach its bound")
    if assignment.proven != (assignment.status == "optimal"):
        faults.append(f"status {assignment.status} and proven {assignment.proven} disagree")
    if assignment.proven and not all(t.proven for t in assignment.tiers):
        faults.append("the plan is called proven and one of its tiers is not")
    if faults:
        raise InfeasiblePlanError(faults)
    return assignment
