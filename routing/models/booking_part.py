"""A booking solved again in part, to see what more room somewhere would do for one woman.

Everybody keeps her place but the women who are near to being where she could be: these are searched
in whole numbers, so a plan that is found is possible; none found is no proof that there is none.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.booking.problem import NO_OPTION, BookingPlan, BookingProblem
from routing.models.booking_finish import Search, Whole
from routing.models.booking_relaxed import Objective, bound_of, priced_all
from routing.models.solving import Clock

__all__ = ["PartAgain"]

Ints = npt.NDArray[np.int64]
GROUPS, PLACES, EFFORT = 60, 12, 0.3
WAITING_PRICE = 8


@dataclass(frozen=True, slots=True, eq=False)
class PartAgain:
    """A plan with the reduced cost of every option, from which parts are solved again."""

    objective: Objective
    search: Search
    plan: BookingPlan
    whole: Whole

    @classmethod
    def of(cls, problem: BookingProblem, plan: BookingPlan) -> "PartAgain":
        """Price every option once; prices do not change with the room."""
        dearest = int(np.max(problem.cost, initial=1, where=problem.cost < NO_OPTION))
        objective = Objective(problem.cost, WAITING_PRICE * dearest)
        priced = priced_all(problem, objective, plan.price)
        bound = bound_of(problem, objective, plan.price, priced)
        reduced = (priced.reshape(problem.groups, -1) - bound.least[:, None]).reshape(-1)
        clock = Clock.start(limit_s=1.0, seed=0, workers=1)
        whole = Whole(
            key=(plan.group * 2 + plan.lodged) * problem.centres + plan.centre,
            women=plan.women,
            centres=problem.centres,
            unbooked=plan.unbooked,
            cost=plan.cost,
            dear=objective.dear,
            bound=bound.value,
            price=plan.price,
        )
        return cls(objective, Search(problem, objective, reduced, bound, clock), plan, whole)

    def again(self, problem: BookingProblem, group: int, clock: Clock) -> BookingPlan:
        """Return the plan with the part around a group solved again, with the room of ``problem``.

        Raises
        ------
        SolverTimeoutError
            No time is left.
        """
        search = Search(problem, self.objective, self.search.reduced, self.search.bound, clock)
        groups = self._around(problem, group)
        found, _ = search.among(self.whole, groups, search.nearest(groups), clock, EFFORT)
        return BookingPlan(
            group=found.group,
            lodged=found.lodged,
            centre=found.centre,
            women=found.women,
            unbooked=found.unbooked,
            cost=found.cost,
            unbooked_bound=0,
            bound=0,
            status="feasible",
            price=self.plan.price,
            solve_s=clock.passed_s(),
        )

    def _around(self, problem: BookingProblem, group: int) -> Ints:
        """Return the groups that are near to being where she could be, in her weeks."""
        table = self.search.reduced.reshape(problem.groups, 2, problem.centres)
        hers = np.flatnonzero((problem.cost[group] < NO_OPTION).any(axis=0))
        hers = hers[np.argsort(table[group][:, hers].min(axis=0), kind="stable")[:PLACES]]
        near = table[:, :, hers].min(axis=(1, 2))
        weeks = problem.load[problem.shape[group]].any(axis=0)
        shared = np.asarray((problem.load.any(axis=1) & weeks).any(axis=1))[problem.shape]
        order = np.lexsort((np.arange(problem.groups), near, ~shared))
        found: Ints = np.union1d(order[:GROUPS], [group])
        return found
