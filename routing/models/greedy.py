"""Placing one request after another: what is left to do when the time is over."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from routing.models.options import LARGEST, Options

__all__ = ["place_in_turn", "stay_in_turn"]

Ints = npt.NDArray[np.int64]


def place_in_turn(options: Options, chosen: Ints, requests: Iterable[int]) -> Ints:
    """Give each of ``requests`` its cheapest option that still fits; the others keep theirs.

    Parameters
    ----------
    chosen : shape (R,)
        An option of every request; those of ``requests`` are replaced.
    requests
        In the order in which they are placed: by priority, then by number.
    """
    return _in_turn(options, chosen, [(r, options.start[r]) for r in requests])


def stay_in_turn(options: Options, chosen: Ints, wished: Ints, requests: Iterable[int]) -> Ints:
    """Give each of ``requests`` its option in ``wished`` (R,) if that fits, or let it wait."""
    return _in_turn(options, chosen, [(r, wished[r]) for r in requests], only_first=True)


def _in_turn(
    options: Options, chosen: Ints, turns: list[tuple[int, np.int64]], *, only_first: bool = False
) -> Ints:
    """Choose for each request among its options from a first one on; waiting is the last."""
    chosen, use, last = chosen.copy(), options.use, options.last
    chosen[[r for r, _ in turns]] = last[[r for r, _ in turns]]
    left = options.capacity - options.taken(chosen)
    for request, first in turns:
        end = first + 1 if only_first else last[request]
        ends = use.indptr[first : end + 1]
        uses = slice(ends[0], ends[-1])
        short = np.flatnonzero(use.data[uses] > left[use.indices[uses]])
        cost = options.cost[first:end].copy()
        cost[np.searchsorted(ends, ends[0] + short, side="right") - 1] = LARGEST
        best = int(cost.argmin()) if cost.size else 0
        if cost.size and cost[best] < LARGEST:
            chosen[request] = first + best
            taken = slice(ends[best], ends[best + 1])
            left[use.indices[taken]] -= use.data[taken]
    return chosen
