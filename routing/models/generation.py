"""Minimise one objective over a face: shortlist, price what was left out, finish exactly.

0. Prices that are known already, if any, bound the level: no plan better than the known one holds
   an option with d_j > GRID v - L. Only the others are looked at from here on.
1. Linear programme over a shortlist of every request's cheapest options and a plan already known.
2. Its duals price every option (``pricing``). Options cheaper than their request's best on the list
   join it and the programme is solved again, until none is left.
3. The answer is whole most of the time, and equal to the bound: proven. Otherwise an integer
   programme over all options with d_j <= GRID (v - 1) - L, where every plan better than v must lie,
   finds the best one or proves that there is none.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.models.errors import RoutingModelError, SolverTimeoutError
from routing.models.face import Level, firsts
from routing.models.options import per_request_smallest
from routing.models.pricing import GRID, Bound, on_grid, price_all
from routing.models.solving import Clock, SparseModel, solve_integer, solve_linear

__all__ = ["Minimum", "minimise"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
WHOLE = 1e-6
OUT = np.iinfo(np.int64).max
SHORTLIST = 12
JOINING = 6
CORNERS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Minimum:
    """``chosen`` (requests of the level,): positions in it; ``value`` includes its constant."""

    chosen: Ints
    value: int
    bound: Bound
    proven: bool

    def least(self, level: Level) -> int:
        """Return the proven lower bound of the objective of the level."""
        return self.value if self.proven else self.bound.value + level.constant


@dataclass(frozen=True, slots=True, eq=False)
class _Relaxed:
    """The last linear programme: its options, their values, and the best bound of all."""

    listed: Ints
    value: Floats
    bound: Bound


def minimise(
    level: Level, known: Ints, clock: Clock, *, price: Ints | None = None, margin: int = 0
) -> Minimum:
    """Find the least objective of ``level``.

    Parameters
    ----------
    known : shape (requests of the level,)
        A plan that keeps all rows, as positions in the level: it keeps the shortlist feasible.
    clock : Clock
        When it runs out during the exact finish, the best plan so far is returned unproven.
    price : shape (rows,), optional
        Prices on the grid to begin with, from a problem that differs little.
    margin : int
        Plans dearer than the known one by so much must still be told from others.

    Raises
    ------
    SolverTimeoutError
        Time ran out during the linear programme.
    """
    bound = price_all(level, np.zeros(0, dtype=np.int64) if price is None else price)
    best = Minimum(known, _value(level, known), bound, False)
    if bound.value + level.constant >= best.value:
        return replace(best, proven=True)
    if price is None:
        return _minimised(level, best, clock)
    near = np.flatnonzero(bound.reduced <= _room(level, best) + GRID * (1 + margin))
    best = replace(best, chosen=np.searchsorted(near, known))
    best = _minimised(level.only(near), best, clock)
    reduced = np.full(level.option.size, OUT)
    reduced[near] = best.bound.reduced
    return replace(best, chosen=near[best.chosen], bound=replace(best.bound, reduced=reduced))


def _minimised(level: Level, best: Minimum, clock: Clock) -> Minimum:
    """Start from a plan that is possible, whatever its bound."""
    relaxed = _relax(level, best.chosen, clock)
    best = replace(best, bound=relaxed.bound)
    whole = _whole_plan(relaxed.listed, relaxed.value)
    if whole is None:
        best = _corner(level, best, clock)
    elif _value(level, whole) < best.value:
        best = replace(best, chosen=whole, value=_value(level, whole))
    return _finish(level, best, clock)


def _corner(level: Level, best: Minimum, clock: Clock) -> Minimum:
    """Look for a whole plan that reaches the bound, at other corners of what the programme answers.

    These are the plans of options with d_j = 0 that use up every row with a price; each turn
    another objective leads to another corner, always the same ones.
    """
    bound = best.bound
    near = np.flatnonzero(bound.reduced == 0)
    face = replace(level, full=level.full | (bound.price != 0))
    rng = np.random.default_rng(clock.seed)
    for _ in range(CORNERS):
        wish = np.zeros_like(level.objective)
        wish[near] = rng.integers(0, 1024, near.size)
        answer = solve_linear(_programme(replace(face, objective=wish), near).model, clock)
        if answer is None:
            return best
        whole = _whole_plan(near, answer.value)
        if whole is not None and _value(level, whole) < best.value:
            return replace(best, chosen=whole, value=_value(level, whole))
    return best


def _value(level: Level, chosen: Ints) -> int:
    return level.constant + int(level.objective[chosen].sum())


def _relax(level: Level, known: Ints, clock: Clock) -> _Relaxed:
    """Solve the linear programme over all options by adding those that its duals ask for."""
    listed = np.zeros(level.option.size, dtype=np.bool_)
    listed[per_request_smallest(level.objective, level.owner, level.start, SHORTLIST)] = True
    listed[known] = True
    best: Bound | None = None
    while True:
        on_list = np.flatnonzero(listed)
        programme = _programme(level, on_list)
        answer = solve_linear(programme.model, clock)
        if answer is None:
            raise RoutingModelError("a linear programme that has an answer was called infeasible")
        bound = price_all(level, on_grid(programme.prices(answer.dual, level.full.size)))
        if best is None or bound.scaled > best.scaled:
            best = bound
        joining = _joining(level, bound, listed)
        if not joining.size:
            return _Relaxed(on_list, answer.value, best)
        listed[joining] = True


def _joining(level: Level, bound: Bound, listed: Flags) -> Ints:
    """Left-out options cheaper than the best listed one of their request, and a few near ones.

    None if no option is cheaper. The near ones save rounds: they are the next to be asked for.
    """
    on_list = np.flatnonzero(listed)
    least = np.minimum.reduceat(bound.reduced[on_list], firsts(level.owner[on_list]))
    over = np.where(listed, np.iinfo(np.int64).max, bound.reduced - least[level.owner])
    cheaper = np.flatnonzero(over < 0)
    if not cheaper.size:
        return cheaper
    order = cheaper[np.lexsort((over[cheaper], level.owner[cheaper]))]
    first = firsts(level.owner[order])
    rank = np.arange(order.size) - np.repeat(first, np.diff(np.append(first, order.size)))
    near = min(level.start.size // 2, over.size - 1)
    limit = max(0, int(np.partition(over, near)[near]))
    alike = np.flatnonzero((over >= 0) & (over <= limit) & ~listed)
    return np.concatenate([order[rank < JOINING], alike[: level.start.size]])


@dataclass(frozen=True, slots=True, eq=False)
class _Programme:
    """The arrays for the solver, the rows that can bind, and what the objective is divided by."""

    model: SparseModel
    rows: Ints
    unit: float

    def prices(self, dual: Floats, rows: int) -> Floats:
        """Price per unit of every row, from the duals (a row more of capacity costs -price)."""
        price = np.zeros(rows)
        price[self.rows] = -dual[dual.size - self.rows.size :] * self.unit
        return price


def _programme(level: Level, listed: Ints, *, whole: bool = False) -> _Programme:
    """Min of the objective over the ``listed`` options: one per request, rows within capacity.

    For ``whole`` numbers the objective stays in whole ticks, otherwise it is brought below 1024.
    """
    first = firsts(level.owner[listed])
    owner = np.repeat(np.arange(first.size), np.diff(np.append(first, listed.size)))
    saved = level.objective[listed]
    saved = saved - np.minimum.reduceat(saved, first)[owner]
    unit = 1.0 if whole else 2.0 ** max(0, int(saved.max()).bit_length() - 10)
    use = level.use[listed].tocoo()
    demand = np.bincount(use.col, weights=use.data, minlength=level.full.size)
    rows = np.flatnonzero(level.full | (demand > level.capacity))
    place = np.full(level.full.size, -1)
    place[rows] = np.arange(rows.size) + first.size
    binding = place[use.col] >= 0
    matrix = sparse.csr_matrix(
        (
            np.concatenate([np.ones(owner.size), use.data[binding].astype(np.float64)]),
            (
                np.concatenate([owner, place[use.col[binding]]]),
                np.concatenate([np.arange(owner.size), use.row[binding]]),
            ),
        ),
        shape=(first.size + rows.size, owner.size),
    )
    capacity = level.capacity[rows].astype(np.float64)
    lower = np.where(level.full[rows], capacity, -np.inf)
    ones = np.ones(first.size)
    model = SparseModel(
        saved / unit, matrix, np.concatenate([ones, lower]), np.concatenate([ones, capacity])
    )
    return _Programme(model, rows, unit)


def _whole_plan(listed: Ints, value: Floats) -> Ints | None:
    """Return the plan of a linear programme if its values are whole."""
    if np.any(np.abs(value - np.rint(value)) > WHOLE):
        return None
    return listed[value > 0.5]


def _finish(level: Level, best: Minimum, clock: Clock) -> Minimum:
    """Close the gap between ``best`` and its bound with whole numbers, near options first.

    A better plan holds only options with d_j <= room. Where that is many, a good plan is looked for
    among those with the smallest d_j first: its smaller room makes the proof small. A search within
    a radius that is not less than the room that remains is the proof.
    """
    reduced = best.bound.reduced
    many = 2 * level.start.size + 20
    try:
        while (room := _room(level, best)) >= 0:
            radius, near = room, reduced[reduced <= room]
            if many < near.size:
                radius = int(np.partition(near, many)[many])
            plan = _whole_within(level, reduced <= radius, clock)
            if plan is not None and _value(level, plan) < best.value:
                best = replace(best, chosen=plan, value=_value(level, plan))
            if radius >= min(room, _room(level, best)):
                break
            many *= 3
    except SolverTimeoutError:
        return best
    return replace(best, proven=True)


def _room(level: Level, best: Minimum) -> int:
    """How far above the bound a plan that beats ``best`` may lie; negative = there is none."""
    return (best.value - level.constant - 1) * GRID - best.bound.scaled


def _whole_within(level: Level, keep: Flags, clock: Clock) -> Ints | None:
    """Return the best plan of the options to ``keep``, None if there is none."""
    kept = np.flatnonzero(keep)
    count = np.bincount(level.owner[kept], minlength=level.start.size)
    single = kept[count[level.owner[kept]] == 1]
    left = level.capacity - np.asarray(level.use[single].sum(axis=0)).reshape(-1)
    several = kept[count[level.owner[kept]] > 1]
    if np.any(count == 0) or np.any(left < 0):
        return None
    if not several.size:
        return single if not np.any(left[level.full]) else None
    programme = _programme(replace(level, capacity=left), several, whole=True)
    value = solve_integer(programme.model, clock)
    return None if value is None else np.sort(np.concatenate([single, several[value > 0.5]]))
