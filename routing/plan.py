"""One plan for many requests: priority by priority, fewest left waiting, then least cost.

    requests -> ways of each -> columns -> solved, checked in numbers -> answer, counted again

A request alone gets the first row of its ranking; a test holds both ways of deciding together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.baselines import against
from routing.columns import Columns, build
from routing.models.assignment import assign_referrals
from routing.network import FacilityNetwork
from routing.plan_answer import (
    Added,
    Against,
    Assigned,
    Baseline,
    Blocking,
    Plan,
    Tier,
    Waiting,
)
from routing.plan_entries import Entry, catchment_ranks, entries_of
from routing.plan_recount import Patient, recounted
from routing.plan_stock import Stock
from routing.plan_told import assignments_of, tiers_of
from routing.plan_vehicles import Fleet
from routing.plan_waiting import waiting_of
from routing.prices import Prices
from routing.problem import UNASSIGNED, Assignment
from routing.request_values import PlanRequest
from routing.triage.rows import RuleSet

__all__ = [
    "Added",
    "Against",
    "Assigned",
    "Baseline",
    "Blocking",
    "Plan",
    "Tier",
    "Waiting",
    "plan",
]

TICKS_PER_MIN = 10_000
EXPLAINING_SHARE = 0.5
"""Of the time that the solver leaves, so much may go into solving again for those who wait."""


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """A plan in numbers and what its columns mean."""

    columns: Columns
    assignment: Assignment
    spent_s: float


def plan(
    network: FacilityNetwork,
    rules: RuleSet,
    asked: PlanRequest,
    *,
    limit_s: float = 10.0,
    seed: int = 0,
) -> Plan:
    """Plan all requests together.

    Parameters
    ----------
    network : FacilityNetwork
        Facilities, places and times.
    rules : RuleSet
        The rules in force, with every price.
    asked : PlanRequest
        Requests, reserves, vehicles and the moment of the plan.
    limit_s : float
        Time for the solver, in seconds. When it is over the rest is placed greedily by
        priority, and ``status`` says so.
    seed : int
        The same question and seed give the same plan.

    Returns
    -------
    Plan
        A request that waits is a result with reasons, not an error.

    Raises
    ------
    InfeasiblePlanError
        The plan does not stand when it is counted again. It does not leave.

    Notes
    -----
    Solved by :func:`routing.models.assignment.assign_referrals` and checked twice, in numbers by
    :mod:`routing.evaluate` and in patients and beds by :mod:`routing.plan_recount`.
    """
    planner = _Planner.of(network, rules, asked, limit_s=limit_s, seed=seed)
    solved = planner.solved(entries_of(network, rules, asked))
    spent_s = solved.spent_s
    columns, assignment = solved.columns, solved.assignment
    answer = Plan(
        status="feasible" if assignment.proven and columns.cut else assignment.status,
        proven=assignment.proven and not columns.cut,
        tiers=tiers_of(columns, assignment),
        seed=seed,
        assignments=assignments_of(columns, assignment),
        waiting=waiting_of(
            columns, assignment, limit_s=max(0.0, EXPLAINING_SHARE * (limit_s - spent_s))
        ),
        against=against(columns, network),
        solve_ms=round(1000 * spent_s, 1),
    )
    return recounted(
        answer,
        asked,
        planner.patients(solved),
        network.registry,
        over_limit=planner.stock.over_limit,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Planner:
    """What stays the same while a plan is made."""

    network: FacilityNetwork
    rules: RuleSet
    prices: Prices
    stock: Stock
    reach_min: float
    limit_s: float
    seed: int

    @classmethod
    def of(
        cls,
        network: FacilityNetwork,
        rules: RuleSet,
        asked: PlanRequest,
        *,
        limit_s: float,
        seed: int,
    ) -> "_Planner":
        """Read prices, reserves and vehicles."""
        prices, fleet = Prices.of(rules.numbers), None
        reach_min = float(rules.numbers["vehicle_reach_min"])
        if asked.vehicles is not None:
            fleet = Fleet.of(
                asked.vehicles,
                now=asked.now,
                row_of=network.row_of,
                leave_team_min=prices.leave_team_min,
                reach_min=reach_min,
            )
        limit = int(prices.over_capacity_limit)
        stock = Stock.of(
            network, asked.reserve, over_limit=limit, fleet=fleet, requests=len(asked.items)
        )
        return cls(network, rules, prices, stock, reach_min, limit_s, seed)

    def solved(self, entries: Sequence[Entry]) -> _Solved:
        """Solve; again with all her ways for each whose first stop, her only choice, is taken."""
        spent_s, columns, whole = 0.0, None, set[int]()
        while True:
            columns = build(
                entries, self.stock, last_min=self.reach_min, before=columns, whole=whole
            )
            assignment = assign_referrals(
                columns.problem,
                limit_s=max(0.0, self.limit_s - spent_s),
                seed=self.seed,
                yield_ticks=round(self.prices.yield_min * TICKS_PER_MIN),
            )
            spent_s += assignment.solve_ms / 1000
            waits = np.flatnonzero(assignment.column_of == UNASSIGNED).tolist()
            stuck = {r for r in waits if entries[r].stop is not None}
            cut = {entries[r].place for r in waits if columns.blocks[r].cut}
            if not stuck and not cut:
                return _Solved(columns, assignment, spent_s)
            whole |= cut
            entries = [entry.released() if r in stuck else entry for r, entry in enumerate(entries)]

    def patients(self, solved: _Solved) -> dict[str, Patient]:
        """Return what the recount must know of each request."""
        columns, ids = solved.columns, self.network.ids
        found = {}
        for r, column in enumerate(solved.assignment.column_of.tolist()):
            entry = columns.entries[r]
            chosen = None if column == UNASSIGNED else columns.chosen(r, column)
            apart = None if chosen is None else chosen.newborn_row
            ranks = catchment_ranks(self.network, entry.request)
            found[entry.item.id] = Patient(
                item=entry.item,
                need=entry.choices.assessed.need,
                priority=entry.priority,
                catchment=frozenset(ids[row] for row, rank in ranks.items() if rank == 0),
                newborn_to=None if apart is None else ids[apart],
            )
        return found
