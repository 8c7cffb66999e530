"""One need at all centres as plain lists: reading single values from arrays is slow in Python."""

import numpy as np

from routing.question import Question
from routing.tenths import rounded
from routing.way import COST_PARTS, TransportPlan
from routing.weighing import Weighed

__all__ = ["Listed"]


class Listed:
    """Gives cost and transport of single centres, as floats of Python.

    ``variant`` says which way of taking the places is the cheapest, where ``over`` is not true.
    """

    def __init__(self, question: Question, weighed: Weighed, escort: str | None) -> None:
        drives = weighed.drives
        none = [0.0] * question.centres.size
        parts = {name: minutes.tolist() for name, minutes in weighed.chosen().items()}
        self._costs = list(zip(*(parts.get(name, none) for name in COST_PARTS), strict=True))
        chosen, rows = drives.chosen, np.arange(question.centres.size)
        ways = drives.options
        self._by = [ways[number].by for number in chosen.tolist()]
        ready = np.stack([way.ready_min for way in ways])[chosen, rows]
        out = np.stack([way.out_min for way in ways])[chosen, rows]
        self._ready: list[float] = rounded(ready).tolist()
        self._out: list[float] = rounded(out).tolist()
        self._travel: list[float] = rounded(question.expected_min).tolist()
        self._short: list[bool] = np.stack([way.short for way in ways])[chosen, rows].tolist()
        self._escort = (escort,) if escort else ()
        self.variant: list[int] = weighed.variant.tolist()
        self.over: list[bool] = weighed.over.tolist()
        self.care_min: list[float] = drives.care_min.tolist()
        self.high_min: list[float] = drives.high_min.tolist()
        self.arrival_min: list[float] = drives.arrival_min.tolist()

    def cost(self, row: int) -> dict[str, float]:
        """Return the cost of one centre by parts."""
        return dict(zip(COST_PARTS, self._costs[row], strict=True))

    def transport(self, row: int) -> TransportPlan:
        """Return who drives to one centre, and when."""
        missing = self._escort if self._short[row] else ()
        return TransportPlan(
            self._by[row], self._ready[row], self._out[row], self._travel[row], missing
        )
