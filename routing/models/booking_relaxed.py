"""The linear programme of booking: a few options of each group, all others priced in turn."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.booking.problem import HOME, NO_OPTION, BookingProblem
from routing.models.errors import RoutingModelError, SolverTimeoutError
from routing.models.pricing import GRID
from routing.models.solving import Clock, SparseModel, solve_linear

__all__ = ["Bound", "Listed", "Objective", "Relaxed", "bound_of", "dearest", "priced_all", "relax"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
FIRST = 4
JOINING = 4
NEAR_SHARE = 200
"""Near is what is dearer by less than such a share of the dearest option: some minutes."""
COUNT = 10**6
"""One woman without a place, where only they are counted: loads are small beside it."""
THOUSAND = 1000.0
LARGEST_PRICE = 1.0e14
"""A load of a thousand bed-days at this price still fits 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """``cost`` (G, 2, F) of the options and ``dear`` of being without a place."""

    cost: Ints
    dear: int

    def count_only(self) -> "Objective":
        """Return the objective that counts only those without a place, in parts of ``COUNT``."""
        return Objective(np.where(self.cost < NO_OPTION, 0, NO_OPTION), COUNT)

    def women(self, value: int) -> int:
        """Return how many are without a place at least if no plan has less than ``value``."""
        return max(0, -(-value // self.dear))


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """N options in order of group: ``key`` is (group x 2 + lodged) x F + centre."""

    key: Ints
    centres: int

    @property
    def group(self) -> Ints:
        """Whose option it is, shape (N,)."""
        found: Ints = self.key // (2 * self.centres)
        return found

    @property
    def lodged(self) -> Ints:
        """0 at home, 1 lodged, shape (N,)."""
        found: Ints = self.key // self.centres % 2
        return found

    @property
    def centre(self) -> Ints:
        """Where, shape (N,)."""
        found: Ints = self.key % self.centres
        return found

    def with_these(self, key: Ints) -> "Listed":
        """Return the options with some more."""
        return replace(self, key=np.union1d(self.key, key))

    def matrix(self, problem: BookingProblem) -> sparse.csc_matrix:
        """Return what the options take, shape (rows, N)."""
        option, row, amount = problem.uses(self.group, self.lodged, self.centre)
        size = (problem.capacity.size, self.key.size)
        return sparse.csc_matrix((amount, (row, option)), shape=size, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """Prices on the grid, the least price of each group with them, and L(p) times GRID."""

    price: Ints
    least: Ints
    scaled: int

    @property
    def value(self) -> int:
        """No plan has less, in whole units of the objective."""
        return -(-self.scaled // GRID)


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The last programme: its options, how many women take each, and the best bound of all."""

    listed: Listed
    value: Floats
    bound: Bound


def priced_all(problem: BookingProblem, objective: Objective, price: Ints) -> Ints:
    """Return every option with the price of what it takes, on the grid, shape (G, 2, F)."""
    loads, held = problem.priced(price)
    found = np.minimum(objective.cost, NO_OPTION) * GRID
    found += loads[problem.shape][:, None, :]
    found[:, 1, :] += held[problem.span]
    return found


def bound_of(
    problem: BookingProblem, objective: Objective, price: Ints, priced: Ints | None = None
) -> Bound:
    """Bound the objective from below by prices >= 0, over every option."""
    if priced is None:
        priced = priced_all(problem, objective, price)
    flat = priced.reshape(problem.groups, -1)
    least = np.minimum(flat.min(axis=1, initial=NO_OPTION * GRID), objective.dear * GRID)
    used = np.flatnonzero(price)
    capacity = problem.capacity
    spent = sum(b * p for b, p in zip(capacity[used].tolist(), price[used].tolist(), strict=True))
    total = sum(n * c for n, c in zip(problem.count.tolist(), least.tolist(), strict=True))
    return Bound(price, least, total - spent)


def relax(
    problem: BookingProblem, objective: Objective, clock: Clock, *, price: Ints | None = None
) -> Relaxed:
    """Solve the linear programme over all options by adding those that its duals ask for.

    Parameters
    ----------
    price : Ints, optional
        Prices near the best, on the grid: what is near its group's best with them is listed first.

    Raises
    ------
    SolverTimeoutError
        Time ran out before the first programme was solved, and there were no prices before it.
    """
    if price is None:
        found = None
        listed = _first(problem, objective)
    else:
        priced = priced_all(problem, objective, price)
        bound = bound_of(problem, objective, price, priced)
        listed = _near(problem, objective, priced, bound)
        found = Relaxed(listed, np.zeros(listed.key.size), bound)
    while True:
        try:
            clock.left_s("the linear programme of booking")
            value, dual = _solve(problem, objective, listed, clock)
        except SolverTimeoutError:
            if found is None:
                raise
            return found
        priced = priced_all(problem, objective, dual)
        bound = bound_of(problem, objective, dual, priced)
        if found is not None and found.bound.scaled > bound.scaled:
            bound = found.bound
        found = Relaxed(listed, value, bound)
        joining = _joining(problem, objective, listed, priced)
        if not joining.size or _closed(problem, objective, listed, value, bound):
            return found
        listed = listed.with_these(joining)


def _closed(
    problem: BookingProblem, objective: Objective, listed: Listed, value: Floats, best: Bound
) -> bool:
    """Whether the bound is what the programme over the list reached, to half a unit."""
    cost = objective.cost.reshape(-1)[listed.key]
    left = problem.count.sum() - value.sum()
    return float(cost @ value) + objective.dear * float(left) - best.scaled / GRID < 0.5


def _first(problem: BookingProblem, objective: Objective) -> Listed:
    """List each group's cheapest options, home and lodged apart."""
    groups, _, centres = objective.cost.shape
    keys = []
    most = min(FIRST, centres)
    for lodged in (HOME, 1):
        cost = objective.cost[:, lodged, :]
        best = np.argpartition(cost, most - 1, axis=1)[:, :most] if centres else cost
        fits = np.take_along_axis(cost, best, axis=1) < NO_OPTION
        group = np.repeat(np.arange(groups), most).reshape(groups, most)
        keys.append(((group * 2 + lodged) * centres + best)[fits])
    return Listed(np.unique(np.concatenate(keys)), centres)


def _near(problem: BookingProblem, objective: Objective, priced: Ints, bound: Bound) -> Listed:
    """List the options that are hardly dearer than their group's best."""
    far = GRID * max(1, dearest(objective) // NEAR_SHARE)
    reduced = priced.reshape(problem.groups, -1) - bound.least[:, None]
    return Listed(np.flatnonzero(reduced.reshape(-1) <= far), problem.centres)


def dearest(objective: Objective) -> int:
    """Return the cost of the dearest option; where only women count, of one without a place."""
    cost = objective.cost
    return int(np.max(cost, initial=0, where=cost < NO_OPTION)) or objective.dear


def _joining(problem: BookingProblem, objective: Objective, listed: Listed, priced: Ints) -> Ints:
    """Return options cheaper than the best listed one of their group, the first few of each."""
    groups = problem.groups
    flat = priced.reshape(groups, -1)
    least = np.full(groups, objective.dear * GRID)
    np.minimum.at(least, listed.group, priced.reshape(-1)[listed.key])
    most = min(JOINING, flat.shape[1])
    best = np.argpartition(flat, most - 1, axis=1)[:, :most]
    cheaper = np.take_along_axis(flat, best, axis=1) < least[:, None]
    keys: Ints = (np.arange(groups)[:, None] * flat.shape[1] + best)[cheaper]
    return np.setdiff1d(keys, listed.key)


def _solve(
    problem: BookingProblem, objective: Objective, listed: Listed, clock: Clock
) -> tuple[Floats, Ints]:
    """Solve over the list; return how many take each option, and the prices on the grid."""
    group, size = listed.group, listed.key.size
    cost = objective.cost.reshape(-1)[listed.key]
    base = np.full(problem.groups, objective.dear)
    np.minimum.at(base, group, cost)
    saved = np.concatenate([cost - base[group], objective.dear - base])
    unit = 2.0 ** max(0, int(saved.max(initial=1)).bit_length() - 20)
    uses = listed.matrix(problem)
    capacity = problem.capacity
    wanted = uses @ problem.count[group]
    rows = np.flatnonzero(wanted > capacity)
    # Bed-days, not their thousandths: the numbers of one programme stay near each other.
    scale = np.where(rows < problem.room.size, THOUSAND, 1.0)
    binding = sparse.diags_array(1 / scale) @ uses.tocsr()[rows].astype(np.float64)
    waits = sparse.csr_matrix((rows.size, problem.groups))
    every = np.concatenate([group, np.arange(problem.groups)])
    who = sparse.csr_matrix(
        (np.ones(every.size), (every, np.arange(every.size))), shape=(problem.groups, every.size)
    )
    matrix = sparse.csr_matrix(sparse.vstack([who, sparse.hstack([binding, waits])]))
    count = problem.count.astype(np.float64)
    upper = np.concatenate([count, capacity[rows] / scale])
    lower = np.concatenate([count, np.full(rows.size, -np.inf)])
    most = np.concatenate([count[group], count])
    answer = solve_linear(SparseModel(saved / unit, matrix, lower, upper, most), clock)
    if answer is None:
        raise RoutingModelError("a linear programme that has an answer was called infeasible")
    price = np.zeros(capacity.size)
    price[rows] = np.maximum(0.0, -answer.dual[problem.groups :]) * unit / scale
    return answer.value[:size], np.rint(np.minimum(price * GRID, LARGEST_PRICE)).astype(np.int64)
