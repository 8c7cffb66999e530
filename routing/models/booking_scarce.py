"""What is scarce is given in whole women before the rest is rounded: large loads, then lodging.

The programme of booking loses next to nothing by whole women where hundreds share a centre-week. It
loses where few do: a place of intensive care holds one or two, six are lodged near a centre.
Rounded last, they would find what the others left. So two small programmes come first:

1. Women who often take more than a quarter of a centre-week: whole numbers over their options. The
   rooms of the kinds they lie in so, and the lodging, cost nothing but are limited; all others are
   limited and cost their prices, for many want them.
2. The programme for all others in the room that is left, and over the options near their best with
   its prices once more, lodged women whole, those at home in parts. Whatever its answer keeps of
   women at home, their whole parts fit.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.booking.problem import LODGED, NO_OPTION, BookingProblem
from routing.models.booking_relaxed import (
    Bound,
    Listed,
    Objective,
    Relaxed,
    dearest,
    priced_all,
    relax,
)
from routing.models.errors import RoutingModelError, SolverTimeoutError
from routing.models.pricing import GRID
from routing.models.solving import Clock, SparseModel, solve_mixed

__all__ = ["scarce_first"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
COARSE = 4
"""Who takes more than such a share of a centre-week takes much of it."""
FAR_SHARE, NEAR_SHARE = 2, 150
"""Options dearer than a group's best by less than such shares of the dearest option: of women with
large loads, and of all others."""
GAP_LARGE, GAP_LODGED = 0.02, 0.002
"""Good enough, as shares of what is paid above everybody's cheapest option."""
WHOLE = 1e-6
THOUSAND = 1000.0


def scarce_first(
    problem: BookingProblem, objective: Objective, relaxed: Relaxed, clock: Clock
) -> tuple[Relaxed, Bound]:
    """Return the programme with what is scarce in whole women, and what rooms are worth then.

    The bound of the first stays that of everybody. Without an answer they are what is known so far.
    """
    now = relaxed.bound
    try:
        key, women = _large(problem, objective, relaxed, clock)
        placed = np.isin(relaxed.listed.group, Listed(key, problem.centres).group)
        others = np.where(placed, 0.0, relaxed.value)
        relaxed = _both(relaxed, key, women, relaxed.listed.key, others)
        left = _without(problem, key, women)
        rest = relax(left, objective, clock, price=relaxed.bound.price)
        now = rest.bound
        relaxed = _both(relaxed, key, women, rest.listed.key, rest.value)
        relaxed = _both(relaxed, key, women, *_lodged(left, objective, rest, clock))
    except RoutingModelError:
        pass
    return relaxed, now


def _both(at: Relaxed, more: Ints, women: Ints, key: Ints, value: Floats) -> Relaxed:
    """Return the programme with two lists of options in place of its own."""
    every = np.union1d(key, more)
    found = np.zeros(every.size)
    found[np.searchsorted(every, key)] = value
    found[np.searchsorted(every, more)] += women
    return replace(at, listed=Listed(every, at.listed.centres), value=found)


def _without(problem: BookingProblem, key: Ints, women: Ints) -> BookingProblem:
    """Return the problem for the others, in the room that is left."""
    listed = Listed(key, problem.centres)
    left = problem.capacity - listed.matrix(problem) @ women
    rooms, placed = problem.room.size, np.zeros(problem.groups, dtype=np.int64)
    np.add.at(placed, listed.group, women)
    return replace(
        problem,
        count=problem.count - placed,
        room=left[:rooms].reshape(problem.room.shape),
        lodging=left[rooms:].reshape(problem.lodging.shape),
    )


def _large(
    problem: BookingProblem, objective: Objective, relaxed: Relaxed, clock: Clock
) -> tuple[Ints, Ints]:
    """Place women with large loads: their options, and how many take each."""
    kinds = _coarse(problem, relaxed)
    lies = np.asarray(problem.load.any(axis=2))[problem.shape][:, kinds].any(axis=1)
    if not lies.any():
        none = np.zeros(0, dtype=np.int64)
        return none, none
    theirs = replace(problem, count=np.where(lies, problem.count, 0))
    key = _near(theirs, objective, relaxed, FAR_SHARE)
    scarce = np.zeros(problem.room.shape, dtype=np.bool_)
    scarce[:, kinds, :] = True
    row = np.concatenate([scarce.reshape(-1), np.ones(problem.lodging.size, dtype=np.bool_)])
    price = np.where(row, 0, relaxed.bound.price)
    cost = priced_all(problem, objective, price).reshape(-1)[key] // GRID
    listed = Listed(key, problem.centres)
    value = _solve(theirs, listed, cost, objective.dear, theirs.count, clock)
    women = np.rint(value).astype(np.int64)
    return key[women > 0], women[women > 0]


def _coarse(problem: BookingProblem, relaxed: Relaxed) -> Flags:
    """Return the kinds of place of which one woman often takes more than a quarter, shape (K,)."""
    listed, value = relaxed.listed, relaxed.value
    each, capacity = listed.matrix(problem).tocoo(), problem.capacity
    room = each.row < problem.room.size
    big = np.zeros(value.size)
    big[each.col[room & (each.data * COARSE > capacity[each.row])]] = 1.0
    lies = np.asarray(problem.load.any(axis=2))[problem.shape][listed.group].T
    found: Flags = COARSE * (lies @ (big * value)) > lies @ value
    return found


def _lodged(
    problem: BookingProblem, objective: Objective, rest: Relaxed, clock: Clock
) -> tuple[Ints, Floats]:
    """Place lodged women whole: options of everybody, and how many take each.

    Nobody is left without a place here of whom the programme left nobody, where that is possible.
    """
    key = np.union1d(_near(problem, objective, rest, NEAR_SHARE), rest.listed.key[rest.value > 0])
    cost = objective.cost.reshape(-1)[key]
    placed = np.bincount(rest.listed.group, weights=rest.value, minlength=problem.groups)
    waits = np.ceil(problem.count - placed - WHOLE).astype(np.int64)
    ask = partial(_solve, problem, Listed(key, problem.centres), cost, objective.dear)
    try:
        return key, ask(waits, clock, lodged_only=True)
    except SolverTimeoutError:
        # Half a woman in each of two full lodgings is an answer of the programme and of no plan.
        return key, ask(problem.count, clock, lodged_only=True)


def _near(problem: BookingProblem, objective: Objective, relaxed: Relaxed, share: int) -> Ints:
    """Return the options of the women there are that are not far from their group's best."""
    priced = priced_all(problem, objective, relaxed.bound.price).reshape(problem.groups, -1)
    far = GRID * max(1, dearest(objective) // share)
    near = (priced - relaxed.bound.least[:, None] <= far) & (problem.count > 0)[:, None]
    near &= objective.cost.reshape(problem.groups, -1) < NO_OPTION
    return np.flatnonzero(near.reshape(-1))


def _solve(
    problem: BookingProblem,
    listed: Listed,
    cost: Ints,
    dear: int,
    waiting: Ints,
    clock: Clock,
    *,
    lodged_only: bool = False,
) -> Floats:
    """Return how many take each option; whole ones all, or those of lodged women only."""
    group, size = listed.group, listed.key.size
    if not size:
        return np.zeros(0)
    groups, place = np.unique(group, return_inverse=True)
    uses = listed.matrix(problem).tocsr()
    rows = np.flatnonzero(uses @ problem.count[group] > problem.capacity)
    scale = np.where(rows < problem.room.size, THOUSAND, 1.0)
    room = sparse.diags_array(1 / scale) @ uses[rows].astype(np.float64)
    waits = sparse.csr_matrix((rows.size, groups.size))
    every = np.concatenate([place, np.arange(groups.size)])
    who = sparse.csr_matrix((np.ones(every.size), (every, np.arange(every.size))))
    count = problem.count[groups].astype(np.float64)
    base = np.full(problem.groups, dear)
    np.minimum.at(base, group, cost)
    model = SparseModel(
        objective=np.concatenate([cost - base[group], dear - base[groups]]) / 1.0e4,
        matrix=sparse.csr_matrix(sparse.vstack([who, sparse.hstack([room, waits])])),
        lower=np.concatenate([count, np.full(rows.size, -np.inf)]),
        upper=np.concatenate([count, problem.capacity[rows] / scale]),
        most=np.concatenate([count[place], waiting[groups].astype(np.float64)]),
    )
    whole, gap = np.ones(size + groups.size, dtype=np.bool_), GAP_LARGE
    if lodged_only:
        whole[:size], whole[size:], gap = listed.lodged == LODGED, False, GAP_LODGED
    return solve_mixed(model, whole, clock, gap=gap)[:size]
