"""One plan for many requests: priority by priority, fewest left waiting, then least cost.

    requests -> ways of each -> columns -> solved, checked in numbers -> answer, counted again

A request alone gets the first row of its ranking; a test holds both ways of deciding together.
"""

from dataclasses import dataclass

from routing.baselines import against
from routing.left_out import LeftOut, Wanted
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
from routing.plan_entries import catchment_ranks, entries_of
from routing.plan_recount import Patient, recounted
from routing.plan_solving import Solved, Solving
from routing.plan_stock import Stock
from routing.plan_told import assignments_of, tiers_of
from routing.plan_vehicles import Fleet
from routing.plan_waiting import waiting_of
from routing.prices import Prices
from routing.problem import UNASSIGNED
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
    solved = planner.solving().solved(entries_of(network, rules, asked))
    columns, assignment = solved.columns, solved.assignment
    answer = Plan(
        status="feasible" if assignment.proven and not solved.proven else assignment.status,
        proven=solved.proven,
        tiers=tiers_of(columns, assignment, bounded=solved.bounded),
        seed=seed,
        assignments=assignments_of(columns, assignment),
        waiting=planner.waiting(solved),
        against=against(columns, network, last_min=planner.reach_min),
        solve_ms=round(1000 * solved.spent_s, 1),
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

    def solving(self) -> Solving:
        """Return how it is solved."""
        yield_ticks = round(self.prices.yield_min * TICKS_PER_MIN)
        return Solving(self.stock, self.reach_min, yield_ticks, self.limit_s, self.seed)

    def waiting(self, solved: Solved) -> tuple[Waiting, ...]:
        """Explain who waits, with as much listed as what is added asks for."""
        limit_s = max(0.0, EXPLAINING_SHARE * (self.limit_s - solved.spent_s))
        while True:
            columns = solved.columns
            wanted = Wanted(LeftOut.of(columns), most=solved.room)
            found = waiting_of(columns, solved.assignment, left_out=wanted, limit_s=limit_s)
            if not wanted.columns.size:
                return found
            joined = columns.joined.with_these(wanted.columns)
            solved = self.solving().with_more(solved, joined)

    def patients(self, solved: Solved) -> dict[str, Patient]:
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
