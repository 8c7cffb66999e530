"""Prices of centre-weeks without a linear programme: the volume algorithm, for tens of thousands.

Every turn each group takes its cheapest option at the present prices; rows that are asked for more
than they hold become dearer, others cheaper. The mean of all turns, the late ones weighing more,
goes towards an answer of the linear programme, and the best prices bound every plan from below
(``bound_of`` reckons the bound in whole numbers over every option, whatever these prices are).

Barahona and Anbil, The volume algorithm, Math. Prog. 87 (2000).
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.booking.problem import NO_OPTION, BookingProblem
from routing.models.booking_relaxed import (
    Bound,
    Listed,
    Objective,
    Relaxed,
    bound_of,
    priced_all,
)
from routing.models.pricing import GRID
from routing.models.solving import Clock

__all__ = ["price_in_turns"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NEAREST = 8
JOINING = 3
TURNS = 40
ROUNDS = 200
SHARE_OF_TIME = 0.5
STEP, SMALLEST_STEP, AFRESH = 1.0, 0.002, 0.05
WORSE = 5
MEMORY, LEAST_MEMORY = 0.1, 0.01
ABOVE, LEAST_FAR, CLOSE = 0.02, 0.0005, 0.005
NOTHING = 1e-12


def price_in_turns(problem: BookingProblem, objective: Objective, clock: Clock) -> Relaxed:
    """Return prices, their bound, and the mean of all turns as an answer to be rounded.

    Every few turns all options are priced; those below their group's best join the list.
    """
    listed, state = _nearest(objective), _State(np.zeros(problem.capacity.size), None, STEP, MEMORY)
    until = clock.passed_s() + SHARE_OF_TIME * clock.left_s("the prices of booking")
    best: Bound | None = None
    turns: _Turns | None = None
    for _ in range(ROUNDS):
        turns = turns or _Turns.of(problem, objective, listed)
        state = turns.run(state, clock, until)
        whole = np.rint(state.price * GRID).astype(np.int64)
        priced = priced_all(problem, objective, whole)
        bound = bound_of(problem, objective, whole, priced)
        if best is None or bound.scaled > best.scaled:
            best = bound
        joining = _cheaper(problem, objective, listed, priced)
        if clock.passed_s() >= until or (not joining.size and state.step < SMALLEST_STEP):
            break
        if joining.size:
            longer = listed.with_these(joining)
            mean = np.zeros(longer.key.size)
            mean[np.searchsorted(longer.key, listed.key)] = state.listed_mean(turns)
            listed, turns = longer, None
            state = replace(state, mean=mean, step=max(state.step, AFRESH))
    assert best is not None and state.mean is not None  # noqa: S101, PT018  one round at least
    value = state.mean if turns is None else state.listed_mean(turns)
    return Relaxed(listed, value, best)


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Prices per unit of every row, the mean of the turns, how far and how long it remembers.

    ``mean`` is by option of the list, or by option of the turns after a run; None is nothing yet.
    """

    price: Floats
    mean: Floats | None
    step: float
    memory: float

    def listed_mean(self, turns: "_Turns") -> Floats:
        """Return the mean by option of the list."""
        assert self.mean is not None  # noqa: S101  after a run there is one
        return self.mean[turns.listed]


def _nearest(objective: Objective) -> Listed:
    """List each group's cheapest options, home and lodged together."""
    groups, _, centres = objective.cost.shape
    flat = objective.cost.reshape(groups, -1)
    most = min(NEAREST, flat.shape[1])
    best = np.argpartition(flat, most - 1, axis=1)[:, :most]
    fits = np.take_along_axis(flat, best, axis=1) < NO_OPTION
    keys = np.arange(groups)[:, None] * flat.shape[1] + best
    return Listed(np.unique(keys[fits]), centres)


def _cheaper(problem: BookingProblem, objective: Objective, listed: Listed, priced: Ints) -> Ints:
    """Return options cheaper than the best listed one of their group, the first few of each."""
    flat = priced.reshape(problem.groups, -1)
    least = np.full(problem.groups, objective.dear * GRID)
    np.minimum.at(least, listed.group, priced.reshape(-1)[listed.key])
    most = min(JOINING, flat.shape[1])
    best = np.argpartition(flat, most - 1, axis=1)[:, :most]
    cheaper = np.take_along_axis(flat, best, axis=1) < least[:, None]
    keys: Ints = (np.arange(problem.groups)[:, None] * flat.shape[1] + best)[cheaper]
    return np.setdiff1d(keys, listed.key)


@dataclass(frozen=True, slots=True, eq=False)
class _Turns:
    """The listed options and, behind those of each group, one to be without a place.

    ``uses`` (N, K) is in shares of what each row holds, of the K rows that may be asked for more;
    ``row`` says which these are, ``size`` what they hold, ``listed`` where the options of the list
    stand.
    """

    count: Floats
    cost: Floats
    start: Ints
    owner: Ints
    uses: sparse.csr_matrix
    back: sparse.csr_matrix
    holds: Floats
    row: Ints
    size: Floats
    listed: Ints

    @classmethod
    def of(cls, problem: BookingProblem, objective: Objective, listed: Listed) -> "_Turns":
        """Put the options of each group side by side."""
        groups, capacity = np.arange(problem.groups), problem.capacity
        owner = np.concatenate([listed.group, groups])
        order = np.argsort(owner, kind="stable")
        cost = np.concatenate(
            [objective.cost.reshape(-1)[listed.key], np.full(groups.size, objective.dear)]
        )
        uses = listed.matrix(problem)
        row = np.flatnonzero(uses @ problem.count[listed.group] > capacity)
        size = np.maximum(1.0, capacity[row].astype(np.float64))
        shares = sparse.diags_array(1 / size) @ uses.tocsr()[row].astype(np.float64)
        both = sparse.hstack([shares, sparse.csr_matrix((row.size, groups.size))]).tocsc()
        back = sparse.csr_matrix(both[:, order])
        place = np.empty(order.size, dtype=np.int64)
        place[order] = np.arange(order.size)
        return cls(
            count=problem.count.astype(np.float64),
            cost=cost[order].astype(np.float64),
            start=np.searchsorted(owner[order], groups),
            owner=owner[order],
            uses=back.T.tocsr(),
            back=back,
            holds=np.where(capacity[row] > 0, 1.0, 0.0),
            row=row,
            size=size,
            listed=place[: listed.key.size],
        )

    def cheapest(self, scaled: Floats) -> tuple[float, Ints]:
        """Return the bound at prices per whole row, and the option each group takes."""
        priced = self.cost + self.uses @ scaled
        least = np.minimum.reduceat(priced, self.start)
        hit = np.flatnonzero(priced == least[self.owner])
        first = np.searchsorted(self.owner[hit], np.arange(self.start.size))
        return float(self.count @ least - self.holds @ scaled), hit[first]

    def run(self, state: _State, clock: Clock, until_s: float) -> _State:
        """Improve the prices for some turns."""
        best = state.price[self.row] * self.size
        bound, chosen = self.cheapest(best)
        mean = self._mean(state, chosen)
        step, worse, memory = state.step, 0, state.memory
        goal = bound + ABOVE * abs(bound)
        for _ in range(TURNS):
            over = self.back @ mean - self.holds
            over[(over < 0) & (best <= 0)] = 0.0
            size = float(over @ over)
            if size < NOTHING or step < SMALLEST_STEP or clock.passed_s() >= until_s:
                break
            far = max(goal - bound, LEAST_FAR * abs(bound))
            trial = np.maximum(0.0, best + step * far / size * over)
            value, chosen = self.cheapest(trial)
            mean *= 1 - memory
            mean[chosen] += memory * self.count
            if value > bound:
                best, bound, worse, step = trial, value, 0, min(2.0, 1.05 * step)
                if goal - bound < CLOSE * abs(bound):
                    goal = bound + ABOVE * abs(bound)
                continue
            worse += 1
            if worse >= WORSE:
                step, worse, memory = 0.9 * step, 0, max(LEAST_MEMORY, 0.97 * memory)
        price = state.price.copy()
        price[self.row] = best / self.size
        return _State(price, mean, step, memory)

    def _mean(self, state: _State, chosen: Ints) -> Floats:
        """Return the mean to begin with: the earlier one, or what is cheapest now."""
        mean = np.zeros(self.owner.size)
        if state.mean is None:
            mean[chosen] = self.count
        elif state.mean.size == mean.size:
            mean = state.mean.copy()
        else:
            mean[self.listed] = state.mean
            placed = np.add.reduceat(mean, self.start)
            mean[np.append(self.start[1:], mean.size) - 1] = self.count - placed
        return mean
