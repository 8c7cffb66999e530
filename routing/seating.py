"""Which places she and her newborns can take at each centre, and at what price (R-DEST-02b).

A *variant* is one way of taking the seats of a request: every seat with a kind of place. A cot of a
higher ward may serve a lower need at a price per step; every other kind stands for itself. A
ventilator place includes its cot.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import combinations_with_replacement, groupby, product

import numpy as np

from facilities.capacity import WARD_PLACES, PlaceKind
from routing.centres import KIND_INDEX, Centres, Flags, Floats, Ints
from routing.pools import ASSUMED, FRESH, STALE
from routing.prices import Prices
from routing.question import Question
from routing.triage.need import Seat

__all__ = [
    "Seating",
    "Variant",
    "in_service_but_taken",
    "needs_free_place",
    "over_capacity_price",
    "seating",
    "variants",
]

INTENSIVE = frozenset({PlaceKind.AICU, PlaceKind.NEO_VENT})


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of taking the seats.

    ``kinds`` stand in the order of the seats, ``steps`` are those up in all, ``taken`` says how
    many places of each kind, by index of the kind.
    """

    kinds: tuple[PlaceKind, ...]
    steps: int

    taken: Mapping[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Seating:
    """The variants of a request at F centres.

    Parameters
    ----------
    variants : tuple[Variant, ...]
        V of them, the fewest steps up first.
    fits : shape (V, F)
        Whether all its places are free when she arrives.
    ward_step, trust : shape (V,) and (V, F)
        Minutes for higher cots, and for places that may be gone.
    in_use : shape (V, F)
        Largest share of a pool in use before she comes.
    """

    variants: tuple[Variant, ...]
    fits: Flags
    ward_step: Floats
    trust: Floats
    in_use: Floats

    @property
    def placed(self) -> Flags:
        """Where some variant fits, shape (F,)."""
        placed: Flags = np.logical_or.reduce(self.fits)
        return placed

    def cheapest(self) -> tuple[Ints, Floats]:
        """Return the cheapest variant that fits and its price, infinite where none does."""
        price = np.where(self.fits, self.ward_step[:, None] + self.trust, np.inf)
        best: Ints = price.argmin(axis=0)
        return best, price[best, np.arange(price.shape[1])]


@lru_cache(maxsize=256)
def variants(seats: tuple[Seat, ...]) -> tuple[Variant, ...]:
    """Return the ways of taking the seats, the fewest steps up first.

    Examples
    --------
    >>> cot = Seat("newborn_1", PlaceKind.NEO_L3B)
    >>> [(v.kinds[0].value, v.steps) for v in variants((cot,))]
    [('NEO_L3B', 0), ('NEO_L3C', 1)]
    """
    ways = []
    for kind, same in groupby(seats, key=lambda seat: seat.kind):
        ways.append(list(combinations_with_replacement(_serving(kind), len(list(same)))))
    found = []
    for choice in product(*ways):
        kinds = tuple(kind for part in choice for kind in part)
        steps = sum(_steps(seat.kind, kind) for seat, kind in zip(seats, kinds, strict=True))
        found.append(Variant(kinds, steps, Counter(KIND_INDEX[kind] for kind in kinds)))
    return tuple(sorted(found, key=lambda variant: variant.steps))


def _serving(kind: PlaceKind) -> tuple[PlaceKind, ...]:
    """Return the kinds that serve a need of this kind, itself first."""
    return WARD_PLACES[WARD_PLACES.index(kind) :] if kind in WARD_PLACES else (kind,)


def _steps(needed: PlaceKind, taken: PlaceKind) -> int:
    if needed == taken:
        return 0
    return WARD_PLACES.index(taken) - WARD_PLACES.index(needed)


def seating(question: Question, seats: tuple[Seat, ...], arrival_min: Floats) -> Seating:
    """Return where the seats can be taken by somebody who arrives after ``arrival_min``.

    Parameters
    ----------
    question : Question
        With the pools of F centres and the moment.
    seats : tuple[Seat, ...]
        None: no place is needed, and every centre fits for nothing.
    arrival_min : shape (F,)
        Minutes from now; a place that empties before counts (R-RESERVE-01).
    """
    centres, prices = question.centres, question.prices
    chosen = variants(seats)
    arrival_s = question.now.timestamp() + 60 * arrival_min
    kinds = sorted({k for variant in chosen for k in variant.taken})
    free = {k: centres.pool(k).free_at(arrival_s) for k in kinds}
    gone = {k: _gone(question, prices, k) for k in kinds}
    used = {k: centres.pool(k).in_use(free[k]) for k in kinds}
    size = centres.size
    fits = np.ones((len(chosen), size), np.bool_)
    trust, share = np.zeros(fits.shape), np.zeros(fits.shape)
    for v, variant in enumerate(chosen):
        for first, (k, number) in enumerate(variant.taken.items()):
            fits[v] &= free[k] >= number
            trust[v] = np.maximum(trust[v], gone[k]) if first else gone[k]
            share[v] = np.maximum(share[v], used[k]) if first else used[k]
    steps = np.array([variant.steps for variant in chosen], np.float64)
    return Seating(chosen, fits, prices.ward_step_min * steps, trust, share)


def _gone(question: Question, prices: Prices, kind: int) -> Floats:
    """Return the minutes lost to a place that is gone: its probability x the wait (R-TRUST-02)."""
    gone = _p_gone(question.centres, prices, kind, question.now)
    if not question.some_silent:
        return gone * prices.answer_wait_min
    waits = np.where(question.silent, prices.answer_wait_silent_min, prices.answer_wait_min)
    return gone * waits


@lru_cache(maxsize=512)
def _p_gone(centres: Centres, prices: Prices, kind: int, now: datetime) -> Floats:
    """Return how likely a place of a kind is gone, the same for everybody at one moment."""
    trust = centres.pool(kind).trust_at(now.timestamp())
    share = np.empty(3)
    share[[FRESH, STALE, ASSUMED]] = prices.p_gone_fresh, prices.p_gone_stale, prices.p_gone_assumed
    gone: Floats = share[trust]
    gone.flags.writeable = False
    return gone


def in_service_but_taken(variant: Variant, centres: Centres) -> Flags:
    """Return where only places are lacking that are in service and taken, shape (F,).

    Each kind is there whenever she arrives or can never be enough as it is: a place that
    empties too late for her is neither.
    """
    return _only_taken(centres, tuple(variant.taken.items()))


@lru_cache(maxsize=512)
def _only_taken(centres: Centres, taken: tuple[tuple[int, int], ...]) -> Flags:
    would = np.ones(centres.size, dtype=np.bool_)
    lacks = np.zeros_like(would)
    for k, n in taken:
        short = centres.free_later[:, k] < n
        would &= (centres.in_service[:, k] >= n) & (short | np.isneginf(centres.free_from_s[:, k]))
        lacks |= short
    would &= lacks
    would.flags.writeable = False
    return would


def over_capacity_price(prices: Prices, seats: Sequence[Seat]) -> float:
    """Return the price of asking a full centre: one per request, the highest of its seats."""
    intensive = any(seat.kind in INTENSIVE for seat in seats)
    return prices.over_capacity_intensive_min if intensive else prices.over_capacity_min


def needs_free_place(seats: Sequence[Seat], priority: int) -> bool:
    """Whether a free place is a hard condition: priority 3, and cooling (R-DEST-02)."""
    if not seats:
        return False
    return priority == 3 or any(seat.kind is PlaceKind.NEO_COOLING for seat in seats)
