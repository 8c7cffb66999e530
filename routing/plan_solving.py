"""From requests to a plan in numbers: solved from a few columns, with what else may matter joining.

    few columns -> solved -> what is left out is priced -> what may matter joins -> solved again

until nothing joins: then the plan is proven over every way with every vehicle. Where time or memory
ends first the best plan so far stands, and who waits is given what is still there, in turn.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.columns import Columns, Joined, build, carried_over
from routing.ground import Ground
from routing.left_out import LeftOut
from routing.models.assignment import assign_referrals, place_those_waiting
from routing.plan_entries import Entry
from routing.plan_stock import Stock
from routing.problem import UNASSIGNED, Assignment

__all__ = ["MOST_COLUMNS", "Solved", "Solving"]

MOST_COLUMNS = 1_500_000
"""Memory is not endless: what would join beyond this stays out, and nothing is called proven."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A plan in numbers and what its columns mean.

    ``proven`` over every column, listed or not; ``whole`` are the places of requests of which
    everything is listed.
    """

    columns: Columns
    assignment: Assignment
    proven: bool
    spent_s: float
    whole: frozenset[int] = frozenset()

    @property
    def bounded(self) -> bool:
        """Whether the bounds of the tiers hold: nothing that may matter has been left out."""
        return self.proven or not LeftOut.of(self.columns).requests

    @property
    def waits(self) -> list[int]:
        """The requests that wait."""
        found: list[int] = np.flatnonzero(self.assignment.column_of == UNASSIGNED).tolist()
        return found

    @property
    def stuck(self) -> set[int]:
        """Those of them whose first stop, their only choice, is taken."""
        return {r for r in self.waits if self.columns.entries[r].stop is not None}

    @property
    def room(self) -> int:
        """How many columns more memory allows."""
        return MOST_COLUMNS - self.columns.problem.columns


@dataclass(frozen=True, slots=True, eq=False)
class Solving:
    """How a plan is solved.

    Parameters
    ----------
    last_min : float
        What going without any vehicle costs more, in minutes.
    yield_ticks : int
        How much dearer a tier may become for the good of the next ones.
    limit_s : float
        Time for the solver.
    """

    stock: Stock
    last_min: float
    yield_ticks: int
    limit_s: float
    seed: int

    def solved(self, entries: Sequence[Entry]) -> Solved:
        """Solve, again and again, until nothing that is left out may matter.

        Who waits has everything listed, as far as memory allows, and may leave a first stop that
        is taken.
        """
        ground, whole, joined = Ground.of(entries, self.stock), frozenset[int](), Joined.none()
        before: Solved | None = None
        spent_s = 0.0
        while True:
            columns = self._listed(ground, whole, joined)
            assignment = assign_referrals(
                columns.problem,
                limit_s=max(0.0, self.limit_s - spent_s),
                seed=self.seed,
                yield_ticks=self.yield_ticks,
            )
            spent_s += assignment.solve_ms / 1000
            if before is not None and not assignment.proven:
                assignment = carried_over(before.assignment, before.columns, columns)
                return self._in_turn(Solved(columns, assignment, False, spent_s, whole))
            found = Solved(columns, assignment, False, spent_s, whole)
            left_out = LeftOut.of(columns)
            asked = left_out.asked_for(assignment.proofs, most=found.room)
            if not assignment.proven or asked is None:
                return self._in_turn(found)
            some_left = left_out.requests
            fresh = [r for r in found.waits if r in some_left]
            if left_out.size(fresh) <= found.room - asked.size:
                whole |= {columns.entries[r].place for r in fresh}
            found, joined = replace(found, whole=whole), columns.joined.with_these(asked)
            if not found.stuck and not asked.size:
                # What is left out of those who wait changes nothing; it is listed to help them.
                found = replace(found, proven=True)
                return self.with_more(found, joined) if fresh else found
            before = found
            ground, joined = self._released(found, joined)

    def with_more(self, solved: Solved, joined: Joined) -> Solved:
        """Return the same plan with more columns listed."""
        return self._carried(solved, self._listed(solved.columns.ground, solved.whole, joined))

    def _carried(self, solved: Solved, columns: Columns) -> Solved:
        assignment = carried_over(solved.assignment, solved.columns, columns)
        return replace(solved, columns=columns, assignment=assignment)

    def _listed(self, ground: Ground, whole: Container[int], joined: Joined) -> Columns:
        return build(ground, last_min=self.last_min, whole=whole, joined=joined)

    def _released(self, solved: Solved, joined: Joined) -> tuple[Ground, Joined]:
        """Let those who wait beside a first stop that is taken go all their ways."""
        ground, stuck = solved.columns.ground, solved.stuck
        if not stuck:
            return ground, joined
        entries = [e.released() if r in stuck else e for r, e in enumerate(ground.entries)]
        after = Ground.of(entries, self.stock, before=ground)
        return after, joined.moved(ground.ways, after.ways, without=stuck)

    def _in_turn(self, solved: Solved) -> Solved:
        """Give those who wait what is still there, until nobody is placed any more."""
        while solved.waits:
            columns = solved.columns
            free = LeftOut.of(columns).still_there(
                solved.waits, columns.problem.left(solved.assignment.column_of)
            )
            ground, joined = self._released(solved, columns.joined.with_these(free))
            more = self._carried(solved, self._listed(ground, solved.whole, joined))
            assignment = place_those_waiting(more.columns.problem, more.assignment)
            more = replace(more, assignment=assignment)
            if len(more.waits) == len(solved.waits) and not solved.stuck:
                return more
            solved = more
        return solved
