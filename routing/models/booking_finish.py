"""From the linear programme of booking to whole women: round, fill up, then search what is near.

1. Every option keeps the whole part of its women; the others take, one after another, what fits
   and costs least with the prices.
2. A better plan holds only options with a reduced cost within what is left of the gap: where they
   are few, whole numbers over them find the best plan or prove that there is none.
3. Where they are many, parts of the plan are searched in turn, always the same ones for a seed.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.booking.filling import Filling
from routing.booking.problem import NO_OPTION, BookingProblem
from routing.models.booking_relaxed import Bound, Listed, Objective, Relaxed, priced_all
from routing.models.booking_scarce import scarce_first
from routing.models.errors import SolverTimeoutError
from routing.models.pricing import GRID
from routing.models.solving import Clock, SparseModel, improve_integer

__all__ = ["Search", "Whole", "finish"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
WHOLE = 1e-6
FEW = 30_000
"""Options among which whole numbers are searched to the end."""
FEW_GROUPS = 1_500
"""Up to so many groups whole numbers are searched to the end soon enough without more ado."""
PART, NEAR, EFFORT = 40, 10, 0.1
"""Groups of a part, options of each, and the work of one search (``improve_integer``)."""
FRUITLESS, LARGEST, LARGER = 60, 480, 5_000
"""After so many searches that find nothing the parts are doubled, up to so many groups; among so
many groups they are that much larger from the beginning."""


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A plan in whole women, ``key`` as in :class:`Listed`, and what is known of its bound.

    ``bound`` counts in the objective, M for each without a place; ``price`` on the grid.
    """

    key: Ints
    women: Ints
    centres: int
    unbooked: int
    cost: int
    dear: int
    bound: int
    price: Ints
    proven: bool = False
    greedy: bool = False

    @property
    def group(self) -> Ints:
        """Whose option it is."""
        return Listed(self.key, self.centres).group

    @property
    def lodged(self) -> Ints:
        """0 at home, 1 lodged."""
        return Listed(self.key, self.centres).lodged

    @property
    def centre(self) -> Ints:
        """Where."""
        return Listed(self.key, self.centres).centre

    @property
    def value(self) -> int:
        """M U + C."""
        return self.dear * self.unbooked + self.cost

    @property
    def least(self) -> int:
        """How many are without a place at least, where only they are counted."""
        return max(0, -(-self.bound // self.dear))

    @classmethod
    def in_turn(cls, problem: BookingProblem, objective: Objective) -> "Whole":
        """Fill up from nothing, each group in turn: what is left where there is no programme."""
        price = np.zeros(problem.capacity.size, dtype=np.int64)
        plan = Filling(problem)
        plan.fill(problem.count, objective.cost)
        return replace(_whole(plan, objective, Bound(price, price, 0)), greedy=True)


def finish(
    problem: BookingProblem, objective: Objective, relaxed: Relaxed, clock: Clock, *, gap: float
) -> Whole:
    """Return the best plan found and what is proven of it."""
    priced = priced_all(problem, objective, relaxed.bound.price)
    reduced = (priced.reshape(problem.groups, -1) - relaxed.bound.least[:, None]).reshape(-1)
    now = relaxed.bound
    if problem.groups > FEW_GROUPS:
        relaxed, now = scarce_first(problem, objective, relaxed, clock)
        priced = priced_all(problem, objective, now.price)
    best = _rounded(problem, objective, relaxed, priced)
    if _room(best, relaxed.bound) < 0:
        return replace(best, proven=True)
    if np.count_nonzero(reduced <= _room(best, relaxed.bound)) <= FEW:
        return Search(problem, objective, reduced, relaxed.bound, clock).exactly(best)
    reduced = (priced.reshape(problem.groups, -1) - now.least[:, None]).reshape(-1)
    return Search(problem, objective, reduced, now, clock).in_parts(best, gap)


def _room(best: Whole, bound: Bound) -> int:
    """How far above the bound a plan that beats ``best`` may lie; negative = there is none."""
    return (best.value - 1) * GRID - bound.scaled


def _rounded(
    problem: BookingProblem, objective: Objective, relaxed: Relaxed, priced: Ints
) -> Whole:
    """Keep the whole part of every option where it fits, and fill up."""
    plan = Filling(problem)
    kept = np.floor(relaxed.value + WHOLE).astype(np.int64)
    width = 2 * problem.centres
    for at in np.flatnonzero(kept).tolist():
        group, option = divmod(int(relaxed.listed.key[at]), width)
        # The programme keeps to its rooms up to its tolerance.
        kept[at] = min(int(kept[at]), int(plan.fits(group).reshape(-1)[option]))
        if kept[at]:
            plan.put(int(relaxed.listed.key[at]), int(kept[at]))
    placed = np.bincount(relaxed.listed.group, weights=kept, minlength=problem.groups)
    plan.fill(problem.count - placed.astype(np.int64), priced)
    return _whole(plan, objective, relaxed.bound)


def _whole(plan: Filling, objective: Objective, bound: Bound) -> Whole:
    """Return a plan as it stands."""
    key = np.array(sorted(k for k, n in plan.taken.items() if n), dtype=np.int64)
    women = np.array([plan.taken[k] for k in key.tolist()], dtype=np.int64)
    return Whole(
        key=key,
        women=women,
        centres=plan.problem.centres,
        unbooked=plan.problem.women - int(women.sum()),
        cost=int(objective.cost.reshape(-1)[key] @ women),
        dear=objective.dear,
        bound=bound.value,
        price=bound.price,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Looks for better plans among options with small reduced costs, ``reduced`` (G x 2 x F,).

    ``bound`` holds the prices by which they are so, which need not be those of the proof.
    """

    problem: BookingProblem
    objective: Objective
    reduced: Ints
    bound: Bound
    clock: Clock

    def exactly(self, best: Whole) -> Whole:
        """Search to the end, near options first; a search within what is left is the proof."""
        many = 2 * self.problem.groups + 20
        everybody = np.arange(self.problem.groups)
        try:
            while (room := _room(best, self.bound)) >= 0:
                radius, near = room, self.reduced[self.reduced <= room]
                if many < near.size:
                    radius = int(np.partition(near, many)[many])
                near = np.flatnonzero(self.reduced <= radius)
                best, proven = self.among(best, everybody, near, self.clock)
                if not proven:
                    return best
                if radius >= min(room, _room(best, self.bound)):
                    break
                many *= 3
        except SolverTimeoutError:
            return best
        return replace(best, proven=True)

    def in_parts(self, best: Whole, gap: float) -> Whole:
        """Search parts in turn where most is lost; larger ones where small ones find nothing."""
        rng = np.random.default_rng(self.clock.seed)
        tried = np.zeros((self.problem.centres, self.problem.room.shape[2]))
        fruitless, size = 0, PART * max(1, self.problem.groups // LARGER)
        while size <= LARGEST and not self._near(best, gap):
            try:
                self.clock.left_s("a part of the booking")
                groups, effort = self._part(best, tried, rng, size), EFFORT * size / PART
                found, _ = self.among(best, groups, self.nearest(groups), self.clock, effort)
            except SolverTimeoutError:
                break
            fruitless = 0 if found.value < best.value else fruitless + 1
            best = found
            if fruitless == FRUITLESS:
                fruitless, size = 0, 2 * size
                tried[:] = 0
        return best

    def _near(self, best: Whole, gap: float) -> bool:
        return best.value - best.bound <= gap * best.cost

    def nearest(self, groups: Ints, most: int = NEAR) -> Ints:
        """Return the options of some groups that are nearest to their best, a few of each."""
        width = 2 * self.problem.centres
        table, most = self.reduced.reshape(-1, width)[groups], min(most, width)
        near = np.argpartition(table, most - 1, axis=1)[:, :most]
        keys: Ints = (groups[:, None] * width + near).reshape(-1)
        return keys

    def _part(self, best: Whole, tried: Floats, rng: np.random.Generator, size: int) -> Ints:
        """Draw a centre-week by what is lost there, and the groups that are near to being there.

        Whatever a plan costs above the bound is lost somewhere: room with a price that is not
        used, or a woman who is not at her cheapest option. What was tried often is tried less.
        """
        problem = self.problem
        weight = self._lost(best) / (1 + tried) ** 2
        total = weight.sum()
        share = weight / total if total > 0 else np.full(weight.shape, 1 / weight.size)
        centre, week = divmod(int(rng.choice(weight.size, p=share.ravel())), weight.shape[1])
        tried[centre, week] += 1
        near = self.reduced.reshape(problem.groups, 2, problem.centres)[:, :, centre].min(axis=1)
        lies = np.asarray(problem.load[:, :, week].any(axis=1))[problem.shape]
        there = lies | (problem.held[problem.span, week] > 0)
        order = np.lexsort((rng.random(problem.groups), near // (GRID * 10_000), ~there))
        return np.sort(order[:size])

    def _lost(self, best: Whole) -> Floats:
        """Return what the plan loses against the bound, by centre and week, shape (F, W)."""
        problem, (centres, _, weeks) = self.problem, self.problem.room.shape
        used = Listed(best.key, centres).matrix(problem) @ best.women
        price = self.bound.price.astype(np.float64) / GRID
        idle = (problem.capacity - used) * price
        rooms = idle[: problem.room.size].reshape(problem.room.shape).sum(axis=1)
        lost: Floats = rooms + idle[problem.room.size :].reshape(centres, weeks)
        table = self.reduced.reshape(problem.groups, 2, centres)
        wish, due = table.min(axis=1).argmin(axis=1), problem.load.sum(axis=1).argmax(axis=1)
        at = wish, due[problem.shape]
        placed = np.bincount(best.group, weights=best.women, minlength=problem.groups)
        np.add.at(lost, at, (problem.count - placed) * self.objective.dear)
        further = self.reduced[best.key] / GRID * best.women
        np.add.at(lost, (at[0][best.group], at[1][best.group]), further)
        return np.maximum(lost, 0.0)

    def among(
        self, best: Whole, groups: Ints, keys: Ints, clock: Clock, effort: float | None = None
    ) -> tuple[Whole, bool]:
        """Find the best plan that moves only ``groups``, among the options ``keys`` of theirs.

        What they have now is among the options in any case; ``effort`` as in
        :func:`improve_integer`.
        """
        problem = self.problem
        mine = np.isin(best.group, groups)
        fits = self.objective.cost.reshape(-1)[keys] < NO_OPTION
        keys = np.union1d(keys[fits], best.key[mine])
        listed = Listed(keys, problem.centres)
        uses, left = listed.matrix(problem), problem.capacity
        if not mine.all():
            others = Listed(best.key[~mine], problem.centres)
            left = left - others.matrix(problem) @ best.women[~mine]
        model, known = self._model(best, groups, listed, uses, left)
        value, proven = improve_integer(model, known, clock, effort=effort)
        women = np.rint(value[: keys.size]).astype(np.int64)
        taken = np.flatnonzero(women)
        key = np.concatenate([best.key[~mine], keys[taken]])
        order = np.argsort(key)
        count = np.concatenate([best.women[~mine], women[taken]])[order]
        found = replace(
            best,
            key=key[order],
            women=count,
            unbooked=problem.women - int(count.sum()),
            cost=int(self.objective.cost.reshape(-1)[key[order]] @ count),
        )
        return (found if found.value < best.value else best), proven

    def _model(
        self, best: Whole, groups: Ints, listed: Listed, uses: sparse.csc_matrix, left: Ints
    ) -> tuple[SparseModel, Floats]:
        """Write the programme in whole numbers, and the plan that is known in its variables."""
        problem, size = self.problem, listed.key.size
        count = problem.count[groups].astype(np.float64)
        place = np.searchsorted(groups, listed.group)
        rows = np.flatnonzero(uses @ problem.count[listed.group] > left)
        every = np.concatenate([place, np.arange(groups.size)])
        who = sparse.csr_matrix(
            (np.ones(every.size), (every, np.arange(every.size))),
            shape=(groups.size, every.size),
        )
        waits = sparse.csr_matrix((rows.size, groups.size))
        room = sparse.hstack([uses.tocsr()[rows].astype(np.float64), waits])
        cost = self.objective.cost.reshape(-1)[listed.key]
        known = np.zeros(size)
        mine = np.isin(best.group, groups)
        known[np.searchsorted(listed.key, best.key[mine])] = best.women[mine]
        waiting = count - np.bincount(place, weights=known, minlength=groups.size)
        model = SparseModel(
            objective=np.concatenate([cost, np.full(groups.size, self.objective.dear)]).astype(
                np.float64
            ),
            matrix=sparse.csr_matrix(sparse.vstack([who, room])),
            lower=np.concatenate([count, np.full(rows.size, -np.inf)]),
            upper=np.concatenate([count, left[rows].astype(np.float64)]),
            most=np.concatenate([count[place], count]),
        )
        return model, np.concatenate([known, waiting])
