"""One tier: fewest waiting, then least cost, both proven; and the face on which that stays true."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.models.face import Face, Level, Reached
from routing.models.generation import Minimum, minimise
from routing.models.pricing import GRID, price_all
from routing.models.solving import Clock
from routing.problem import NO_COLUMN, TierProof

__all__ = ["OpenTier", "SolvedTier", "open_tier", "solve_tier"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# M of the formulation, in dearest columns: the number waiting is proven apart from it.
WAITING_PRICE = 8
NO_PRICE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class SolvedTier:
    """A tier and the bounds it is proven with.

    ``chosen`` (R,) is the plan as options; no plan leaves fewer waiting than ``waiting_bound``,
    and with as many as in ``chosen`` none costs less than ``bound``; ``face`` holds the plans that
    reach both; ``sensitive`` (rows,) marks those that have a price in the proof, all if the proof
    is not by prices alone; ``price`` are the prices of M W + C; ``proof`` what they prove, None if
    they do not.
    """

    face: Face
    chosen: Ints
    waiting_bound: int
    bound: int
    proven: bool
    sensitive: Flags
    price: Ints
    proof: TierProof | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OpenTier:
    """A tier as it stands on a face: its objectives over all options (N,), and both in one."""

    face: Face
    tier: int
    level: Level
    waits: Ints
    ticks: Ints
    dear: int
    clock: Clock
    yield_ticks: int
    last: bool

    @property
    def both(self) -> Ints:
        """M W + C, shape (N,)."""
        return self.ticks + self.dear * self.waits

    @property
    def waiting(self) -> Level:
        """The same options with the number waiting as objective."""
        return self.level.under(self.waits)

    def waiting_prices(self, price: Ints) -> Ints:
        """Return prices of the number waiting from those of M W + C, whole units on the grid."""
        return GRID * np.rint(price / (GRID * self.dear)).astype(np.int64)

    def requests(self) -> Ints:
        """Return the open requests, in the order of the level."""
        found: Ints = self.face.options.owner[self.level.option[self.level.start]]
        return found

    def waiting_bound(self, proof: TierProof) -> int:
        """Return how many wait at least, as the prices of an earlier proof say.

        It holds for columns that are not listed as well, if they were no part of that proof.
        """
        count, beyond = self.waiting, proof.waiting_least[self.requests()]
        return price_all(count, proof.waiting_price, beyond=beyond).value + count.constant


def open_tier(
    face: Face, tier: int, clock: Clock, *, yield_ticks: int = 0, last: bool = False
) -> OpenTier:
    """Look at a tier on ``face``.

    Parameters
    ----------
    last : bool
        True if no tier follows: the face is then left as it is.
    """
    options = face.options
    fresh, own = options.of_tier(tier), options.start[(options.tier == tier) & options.frozen]
    waits, ticks = np.zeros_like(options.cost), np.zeros_like(options.cost)
    ticks[own], ticks[fresh] = options.cost[own], options.cost[fresh]
    waits[options.last[(options.tier == tier) & ~options.frozen]] = 1
    dear = max(1, WAITING_PRICE * int(options.cost[fresh].max(initial=0)))
    level = face.level(ticks + dear * waits, fresh)
    return OpenTier(face, tier, level, waits, ticks, dear, clock, yield_ticks, last)


def solve_tier(of: OpenTier, chosen: Ints, *, price: Ints | None = None) -> SolvedTier:
    """Minimise M W + C, then bound W from below by its prices, or by a level of its own.

    The tiers above move only within the face.

    Parameters
    ----------
    chosen : shape (R,)
        A plan of the face and of this tier: those of the tier may stand anywhere it allows.
    price : shape (rows,), optional
        Prices of M W + C to begin with; nobody asks for ``sensitive`` then.

    Raises
    ------
    RoutingModelError
        No answer of the solver, or none in time.
    """
    face, level = of.face, of.level
    known = _positions(level, chosen)
    best = minimise(level, known, of.clock, price=price, margin=of.yield_ticks)
    chosen = _moved(face, level, best, chosen)
    waiting, ticks = int(of.waits[chosen].sum()), int(of.ticks[chosen].sum())
    count = of.waiting
    # Where nobody waits no price is needed to prove that it is the fewest.
    counted = price_all(count, of.waiting_prices(best.bound.price if waiting else NO_PRICE))
    fewest = Minimum(best.chosen, waiting, counted, counted.value + count.constant == waiting)
    if not best.proven:
        bound = min(ticks, max(0, best.least(level) - of.dear * waiting))
        least = max(0, fewest.least(count))
        return SolvedTier(face, chosen, least, bound, False, _every(face), best.bound.price)
    if not fewest.proven:
        fewest = minimise(count, best.chosen, of.clock)
        if fewest.value < waiting:
            return _fewest_first(of, count, fewest, chosen)
    sensitive, proof = _every(face), _proof(of, fewest, best) if fewest.proven else None
    if price is None and not of.last:
        sensitive = _sensitive(face, (count, fewest, of.waits), (level, best, of.both))
    if fewest.proven and not of.last:
        ends = _reached(of, count, fewest, of.waits), _reached(of, level, best, of.both)
        face = face.kept(level, ends)
    least = max(0, fewest.least(count))
    proven = fewest.proven
    return SolvedTier(face, chosen, least, ticks, proven, sensitive, best.bound.price, proof)


def _proof(of: OpenTier, fewest: Minimum, best: Minimum) -> TierProof:
    """Say what the prices of both levels prove of columns that are not listed."""
    options, requests = of.face.options, of.requests()
    rows, mine = options.capacity.size, options.tier[requests] == of.tier
    least = np.full((2, options.start.size), NO_COLUMN)
    least[:, requests[mine]] = best.bound.least[mine], fewest.bound.least[mine]
    ends = _reached(of, of.level, best, of.both), _reached(of, of.waiting, fewest, of.waits)
    room, waiting_room = (end.room for end in ends)
    # No tier follows the last: only what is better would matter.
    room = max(-1, room - GRID * (1 + of.yield_ticks)) if of.last else room
    return TierProof(
        price=best.bound.price[:rows],
        waiting_price=fewest.bound.price[:rows],
        least=least[0],
        waiting_least=least[1],
        room=room,
        waiting_room=max(-1, waiting_room - GRID),
    )


def _fewest_first(of: OpenTier, count: Level, fewest: Minimum, chosen: Ints) -> SolvedTier:
    """M was too small: the number waiting by itself, then the cost on what that leaves."""
    face, chosen = of.face, _moved(of.face, count, fewest, chosen)
    if not fewest.proven:
        least = max(0, fewest.least(count))
        return SolvedTier(face, chosen, least, 0, False, _every(face), NO_PRICE)
    face = face.kept(count, [_reached(of, count, fewest, of.waits)])
    level = face.level(of.ticks, np.zeros(0, dtype=np.int64))
    best = minimise(level, _positions(level, chosen), of.clock)
    chosen = _moved(face, level, best, chosen)
    bound = max(0, best.least(level))
    if best.proven and not of.last:
        face = face.kept(level, [_reached(of, level, best, of.ticks)])
    return SolvedTier(face, chosen, fewest.value, bound, best.proven, _every(face), NO_PRICE)


def _every(face: Face) -> Flags:
    return np.ones(face.options.capacity.size, dtype=np.bool_)


def _sensitive(face: Face, *proofs: tuple[Level, Minimum, Ints]) -> Flags:
    """Mark the rows whose capacity the proofs of a tier rest on."""
    rests = np.zeros(face.full.size, dtype=np.bool_)
    for level, best, objective in proofs:
        if not best.proven or best.bound.value + level.constant < best.value:
            return _every(face)
        room = (best.value - level.constant) * GRID - best.bound.scaled
        rests |= best.bound.price != 0
        rests |= face.asked_for(level, objective * GRID, best.bound.price, room)
    return rests[: face.options.capacity.size]


def _reached(of: OpenTier, level: Level, best: Minimum, objective: Ints) -> Reached:
    """Say where ``level`` ended: at ``best.value`` and, where it is a cost, what it may yield."""
    value = best.value + (0 if objective is of.waits else of.yield_ticks)
    room = (value - level.constant) * GRID - best.bound.scaled
    return Reached(best.bound.reduced, best.bound.price, room, objective, value)


def _positions(level: Level, chosen: Ints) -> Ints:
    """Find the options of a plan in ``level``."""
    return np.flatnonzero(np.isin(level.option, chosen))


def _moved(face: Face, level: Level, best: Minimum, chosen: Ints) -> Ints:
    """Put the requests of ``level`` where ``best`` wants them; the others stay."""
    moved = chosen.copy()
    option = level.option[best.chosen]
    moved[face.options.owner[option]] = option
    return moved
