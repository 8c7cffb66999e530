"""One need at all centres as plain lists: reading single values from arrays is slow in Python."""

from routing.question import Question
from routing.way import COST_PARTS, TransportPlan
from routing.weighing import Weighed

__all__ = ["Listed"]

_ZERO = dict.fromkeys(COST_PARTS, 0.0)


class Listed:
    """Gives cost and transport of single centres, as floats of Python."""

    def __init__(self, question: Question, weighed: Weighed, escort: str | None) -> None:
        drives = weighed.drives
        seats = weighed.seating
        self._base = [(name, minutes.tolist()) for name, minutes in weighed.base.items()]
        self._steps: list[float] = seats.ward_step.tolist()
        self._trust: list[list[float]] = seats.trust.tolist()
        self._over_price: list[float] = weighed.over_price.tolist()
        self._chosen: list[int] = drives.chosen.tolist()
        self._travel: list[float] = question.expected_min.tolist()
        self._ways = [
            (way.by, way.ready_min.tolist(), way.out_min.tolist(), way.short.tolist())
            for way in drives.options
        ]
        self._short = (escort,) if escort else ()
        self._plans: dict[int, TransportPlan] = {}
        self.variant: list[int] = weighed.variant.tolist()
        self.over: list[bool] = weighed.over.tolist()
        self.care_min: list[float] = drives.care_min.tolist()
        self.high_min: list[float] = drives.high_min.tolist()
        self.arrival_min: list[float] = drives.arrival_min.tolist()

    def cost(self, row: int, variant: int | None) -> dict[str, float]:
        """Return the cost of one centre by parts; ``variant`` None is over capacity."""
        cost = _ZERO.copy()
        for name, minutes in self._base:
            cost[name] = minutes[row]
        if variant is None:
            cost["over_capacity"] = self._over_price[row]
        else:
            cost["ward_step"] = self._steps[variant]
            cost["trust"] = self._trust[variant][row]
        return cost

    def transport(self, row: int) -> TransportPlan:
        """Return who drives to one centre, and when."""
        plan = self._plans.get(row)
        if plan is None:
            by, ready, out, short = self._ways[self._chosen[row]]
            travel = round(self._travel[row], 1)
            missing = self._short if short[row] else ()
            plan = TransportPlan(by, round(ready[row], 1), round(out[row], 1), travel, missing)
            self._plans[row] = plan
        return plan
