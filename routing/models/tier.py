"""One tier: fewest waiting, then least cost, both proven; and the face on which that stays true."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from routing.models.face import Face, Level, Reached
from routing.models.generation import Minimum, minimise
from routing.models.pricing import GRID, price_all
from routing.models.solving import Clock

__all__ = ["SolvedTier", "solve_tier"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# M of the formulation, in dearest columns: the number waiting is proven apart from it.
WAITING_PRICE = 8


@dataclass(frozen=True, slots=True, eq=False)
class SolvedTier:
    """A tier and the bounds it is proven with.

    ``chosen`` (R,) is the plan as options; no plan leaves fewer waiting than ``waiting_bound``,
    and with as many as in ``chosen`` none costs less than ``bound``; ``face`` holds the plans that
    reach both; ``sensitive`` (rows,) marks those that have a price in the proof, all if the proof
    is not by prices alone.
    """

    face: Face
    chosen: Ints
    waiting_bound: int
    bound: int
    proven: bool
    sensitive: Flags


@dataclass(frozen=True, slots=True, eq=False)
class _Tier:
    """The objectives of one tier over all options (N,), and the requests (R,) it is solved with."""

    waits: Ints
    ticks: Ints
    dear: int
    scope: Flags
    later: Flags
    clock: Clock
    yield_ticks: int
    last: bool


def solve_tier(
    face: Face, chosen: Ints, tier: int, clock: Clock, *, yield_ticks: int = 0, last: bool = False
) -> SolvedTier:
    """Solve ``tier`` on ``face``; the tiers above it move only within the face.

    Parameters
    ----------
    chosen : shape (R,)
        A plan of the face in which the requests of this and later tiers wait.
    last : bool
        True if no tier follows: the face is then left as it is.

    Raises
    ------
    RoutingModelError
        No answer of the solver, or none in time.
    """
    options = face.options
    mine = options.tier[options.owner] == tier
    ticks = np.where(mine, options.cost, 0)
    scope = options.tier <= tier
    of = _Tier(
        waits=(mine & options.waiting).astype(np.int64),
        ticks=ticks,
        dear=max(1, WAITING_PRICE * int(ticks.max(initial=0))),
        scope=scope,
        later=~(scope | options.frozen)[options.owner],
        clock=clock,
        yield_ticks=yield_ticks,
        last=last,
    )
    if not np.any((options.tier == tier) & ~options.frozen):
        nothing = np.zeros(options.capacity.size, dtype=np.bool_)
        return SolvedTier(face, chosen, 0, int(ticks[chosen].sum()), True, nothing)
    return _both_at_once(face, of, chosen)


def _both_at_once(face: Face, of: _Tier, chosen: Ints) -> SolvedTier:
    """Minimise M W + C, then bound W from below by its prices, or by a level of its own."""
    both = of.ticks + of.dear * of.waits
    level = face.level(both, of.scope)
    best = minimise(level, _positions(level, chosen), of.clock)
    chosen = _moved(face, level, best, chosen)
    waiting, ticks = int(of.waits[chosen].sum()), int(of.ticks[chosen].sum())
    count = _recount(face, level, of.waits)
    proof = price_all(count, np.rint(best.bound.price / (GRID * of.dear)))
    fewest = Minimum(best.chosen, waiting, proof, proof.value + count.constant == waiting)
    if not best.proven:
        bound = min(ticks, max(0, best.least(level) - of.dear * waiting))
        least = max(0, fewest.least(count))
        return SolvedTier(face, chosen, least, bound, False, _every(face))
    if not fewest.proven:
        fewest = minimise(count, best.chosen, of.clock)
        if fewest.value < waiting:
            return _fewest_first(face, of, count, fewest, chosen)
    sensitive = _sensitive(face, of, (count, fewest, of.waits), (level, best, both))
    if fewest.proven:
        face = _keep(face, of, count, fewest, of.waits)
        face = _keep(face, of, level, best, both)
    least = max(0, fewest.least(count))
    return SolvedTier(face, chosen, least, ticks, fewest.proven, sensitive)


def _fewest_first(face: Face, of: _Tier, count: Level, fewest: Minimum, chosen: Ints) -> SolvedTier:
    """M was too small: the number waiting by itself, then the cost on what that leaves."""
    chosen = _moved(face, count, fewest, chosen)
    if not fewest.proven:
        least = max(0, fewest.least(count))
        return SolvedTier(face, chosen, least, 0, False, _every(face))
    face = _keep(face, replace(of, last=False), count, fewest, of.waits)
    level = face.level(of.ticks, of.scope)
    best = minimise(level, _positions(level, chosen), of.clock)
    chosen = _moved(face, level, best, chosen)
    bound = max(0, best.least(level))
    if best.proven:
        face = _keep(face, of, level, best, of.ticks)
    return SolvedTier(face, chosen, fewest.value, bound, best.proven, _every(face))


def _every(face: Face) -> Flags:
    return np.ones(face.options.capacity.size, dtype=np.bool_)


def _sensitive(face: Face, of: _Tier, *proofs: tuple[Level, Minimum, Ints]) -> Flags:
    """Mark the rows whose capacity the proofs of a tier rest on."""
    if of.last:
        return _every(face)
    rests = np.zeros(face.full.size, dtype=np.bool_)
    for level, best, objective in proofs:
        if not best.proven or best.bound.value + level.constant < best.value:
            return _every(face)
        room = (best.value - level.constant) * GRID - best.bound.scaled
        rests |= best.bound.price != 0
        rests |= face.asked_for(objective * GRID, best.bound.price, room, of.scope)
    return rests[: face.options.capacity.size]


def _keep(face: Face, of: _Tier, level: Level, best: Minimum, objective: Ints) -> Face:
    """Narrow ``face`` to the plans on which ``level`` stays at ``best.value`` (and the yield)."""
    if of.last:
        return face
    value = best.value + (0 if objective is of.waits else of.yield_ticks)
    room = (value - level.constant) * GRID - best.bound.scaled
    reached = Reached(best.bound.reduced, best.bound.price, room)
    face = face.kept(level, reached, of.later).shrunk()
    if room == 0 or not np.any(face.choices()[of.scope] > 1):
        return face
    return face.limited(objective, value)


def _positions(level: Level, chosen: Ints) -> Ints:
    """Find the options of a plan in ``level``."""
    asked = np.zeros(int(level.option.max(initial=-1)) + 2, dtype=np.bool_)
    asked[chosen[chosen < asked.size]] = True
    return np.flatnonzero(asked[level.option])


def _moved(face: Face, level: Level, best: Minimum, chosen: Ints) -> Ints:
    """Put the requests of ``level`` where ``best`` wants them; the others stay."""
    moved = chosen.copy()
    option = level.option[best.chosen]
    moved[face.options.owner[option]] = option
    return moved


def _recount(face: Face, level: Level, waits: Ints) -> Level:
    """Take the number waiting as the objective of the same level."""
    settled = face.settled()
    return replace(level, objective=waits[level.option], constant=int(waits[settled].sum()))
