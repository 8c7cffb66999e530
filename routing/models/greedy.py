"""Placing one request after another: what is left to do when the time is over."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from routing.models.options import Options

__all__ = ["place_in_turn"]

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
    chosen = chosen.copy()
    requests = list(requests)
    end = np.append(options.start[1:], options.owner.size)
    chosen[requests] = end[requests] - 1
    left = options.capacity - np.asarray(options.use[chosen].sum(axis=0)).reshape(-1)
    for request in requests:
        span = np.arange(options.start[request], end[request] - 1)
        for option in span[np.argsort(options.cost[span], kind="stable")].tolist():
            uses = slice(options.use.indptr[option], options.use.indptr[option + 1])
            rows, amounts = options.use.indices[uses], options.use.data[uses]
            if np.all(left[rows] >= amounts):
                left[rows] -= amounts
                chosen[request] = option
                break
    return chosen
