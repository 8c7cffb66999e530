"""The columns of a problem with waiting as one more column of every request, grouped by request."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.problem import UNASSIGNED, ReferralProblem

__all__ = ["Options", "per_request_smallest", "prepare"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
LARGEST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """N = J + R options in order of request, each request's waiting last.

    ``column`` is the column of the problem or ``UNASSIGNED`` for waiting; ``use`` has shape
    (N, K); ``start`` the first option of each request; ``capacity`` never below what the frozen
    requests take.
    """

    owner: Ints
    column: Ints
    cost: Ints
    start: Ints
    use: sparse.csr_matrix
    capacity: Ints
    tier: Ints
    frozen: Flags

    @property
    def waiting(self) -> Flags:
        """Shape (N,): True for the option to wait."""
        waits: Flags = self.column == UNASSIGNED
        return waits


def prepare(problem: ReferralProblem) -> Options:
    """Group the columns of ``problem`` by request and add waiting to each."""
    requests, columns = problem.requests, problem.columns
    owner = np.concatenate([problem.request, np.arange(requests)])
    order = np.argsort(owner, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    column = np.where(order < columns, order, UNASSIGNED)
    cost = np.concatenate([problem.cost, np.zeros(requests, dtype=np.int64)])[order]
    use = sparse.csr_matrix(
        (problem.use_amount, (place[problem.use_column], problem.use_row)),
        shape=(order.size, problem.rows),
        dtype=np.int64,
    )
    owner = owner[order]
    start = np.searchsorted(owner, np.arange(requests))
    taken = use.T @ (problem.frozen[owner] & (column != UNASSIGNED)).astype(np.int64)
    return Options(
        owner=owner,
        column=column,
        cost=cost,
        start=start,
        use=use,
        capacity=np.maximum(problem.capacity, taken),
        tier=problem.tier,
        frozen=problem.frozen,
    )


def per_request_smallest(keys: Ints, owner: Ints, start: Ints, count: int) -> Ints:
    """Positions of the ``count`` smallest ``keys`` of every request, in rising order.

    ``owner`` is sorted and ``start`` holds the first position of each request.
    """
    size = np.diff(np.append(start, keys.size))
    widest = int(size.max(initial=0))
    if widest <= count:
        return np.arange(keys.size)
    if start.size * widest > 4 * keys.size + 1_000_000:  # too ragged for a table
        order = np.lexsort((keys, owner))
        rank = np.arange(keys.size) - start[owner[order]]
        return np.sort(order[rank < count])
    if widest * start.size == keys.size:
        table = keys.reshape(start.size, widest)
    else:
        table = np.full((start.size, widest), LARGEST)
        table[owner, np.arange(keys.size) - start[owner]] = keys
    best = np.argpartition(table, count - 1, axis=1)[:, :count]
    return np.sort((best + start[:, None])[best < size[:, None]])
