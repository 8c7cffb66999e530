"""Count a booking again, woman by woman, without the solver and its arrays of prices.

Plain loops over the problem and the answer: a fault in the model cannot hide here.
"""

from collections import Counter

from routing.booking.problem import NO_OPTION, BookingPlan, BookingProblem
from routing.models.errors import InfeasiblePlanError

__all__ = ["check_booking", "faults_of"]


def check_booking(problem: BookingProblem, plan: BookingPlan) -> BookingPlan:
    """Return the plan if it is possible and says the truth about itself.

    Raises
    ------
    InfeasiblePlanError
        With every disagreement.
    """
    faults = faults_of(problem, plan)
    if faults:
        raise InfeasiblePlanError(faults)
    return plan


def faults_of(problem: BookingProblem, plan: BookingPlan) -> list[str]:
    """List what is wrong with a plan."""
    taken, placed = Counter[tuple[int, int, int]](), Counter[int]()
    beds, cost = Counter[tuple[int, int]](), 0
    faults = []
    rows = zip(
        plan.group.tolist(),
        plan.lodged.tolist(),
        plan.centre.tolist(),
        plan.women.tolist(),
        strict=True,
    )
    for group, lodged, centre, women in rows:
        ticks = int(problem.cost[group, lodged, centre])
        if ticks >= NO_OPTION or women < 1:
            faults.append(f"group {group} takes option {lodged}, {centre}, which is none")
        cost += women * ticks
        placed[group] += women
        for kind, of_kind in enumerate(problem.load[problem.shape[group]].tolist()):
            served = int(problem.serves[kind, centre])
            for week, amount in enumerate(of_kind):
                if amount:
                    taken[centre, served, week] += women * amount
        if lodged:
            for week, held in enumerate(problem.held[problem.span[group]].tolist()):
                beds[centre, week] += women * held
    count = problem.count.tolist()
    faults += [
        f"group {group} has {count[group]} women and {n} places"
        for group, n in placed.items()
        if n > count[group]
    ]
    faults += [
        f"centre {centre}, kind {kind}, week {week} holds {problem.room[centre, kind, week]} "
        f"and is used {amount}"
        for (centre, kind, week), amount in taken.items()
        if kind < 0 or amount > problem.room[centre, kind, week]
    ]
    faults += [
        f"lodging of centre {centre} in week {week} holds {problem.lodging[centre, week]} of {n}"
        for (centre, week), n in beds.items()
        if n > problem.lodging[centre, week]
    ]
    return faults + _figures(plan, cost, sum(count) - sum(placed.values()))


def _figures(plan: BookingPlan, cost: int, unbooked: int) -> list[str]:
    """Compare what the plan says of itself with what was counted."""
    faults = []
    if (plan.unbooked, plan.cost) != (unbooked, cost):
        said = f"{plan.unbooked} unbooked, cost {plan.cost}"
        faults.append(f"the plan says {said}; found {unbooked}, {cost}")
    if plan.unbooked < plan.unbooked_bound or plan.bound > plan.cost:
        faults.append("the plan is better than its own bound")
    reached = plan.unbooked == plan.unbooked_bound and plan.bound == plan.cost
    if plan.proven and not reached:
        faults.append("the plan is called optimal and does not reach its bound")
    return faults
