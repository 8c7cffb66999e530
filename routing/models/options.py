"""The columns of a problem with waiting as one more column of every request, grouped by request."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.problem import UNASSIGNED, ReferralProblem

__all__ = ["Options", "per_request_smallest", "prepare", "rows_of"]

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

    @property
    def last(self) -> Ints:
        """Shape (R,): where each request waits."""
        ends: Ints = np.append(self.start[1:], self.owner.size) - 1
        return ends

    def own_or_waiting(self) -> Ints:
        """Put frozen requests in their place and let everybody else wait, shape (R,)."""
        return np.where(self.frozen, self.start, self.last)

    def of_plan(self, column_of: Ints) -> Ints:
        """Return a plan in columns, shape (R,), as a plan in options."""
        # Waiting stands under -1, the last of the table.
        place = np.zeros(self.owner.size + 1, dtype=np.int64)
        place[self.column] = np.arange(self.column.size)
        return np.where(column_of == UNASSIGNED, self.last, place[column_of])

    def of_requests(self, tier: int) -> Ints:
        """Return the requests of ``tier`` that are not frozen."""
        return np.flatnonzero((self.tier == tier) & ~self.frozen)

    def of_tier(self, tier: int) -> Ints:
        """Return the options of the requests of ``tier`` that are not frozen."""
        return np.flatnonzero(((self.tier == tier) & ~self.frozen)[self.owner])

    def taken(self, chosen: Ints) -> Ints:
        """Return how much of each row some options take together, shape (K,)."""
        return np.asarray(self.use[chosen].sum(axis=0)).reshape(-1)

    def enlarged(self, added: tuple[tuple[int, int], ...]) -> "Options":
        """Return the same with (row, units) more."""
        capacity = self.capacity.copy()
        for row, units in added:
            capacity[row] += units
        return replace(self, capacity=capacity)


def prepare(problem: ReferralProblem) -> Options:
    """Group the columns of ``problem`` by request and add waiting to each."""
    requests, columns = problem.requests, problem.columns
    size = np.bincount(problem.request, minlength=requests) + 1
    by_request = np.argsort(problem.request, kind="stable")
    place = np.empty(columns, dtype=np.int64)
    place[by_request] = np.arange(columns) + problem.request[by_request]
    column = np.full(columns + requests, UNASSIGNED)
    column[place] = np.arange(columns)
    cost = np.zeros(column.size, dtype=np.int64)
    cost[place] = problem.cost
    use = sparse.csr_matrix(
        (problem.use_amount, (place[problem.use_column], problem.use_row)),
        shape=(column.size, problem.rows),
        dtype=np.int64,
    )
    start = np.cumsum(size) - size
    taken = np.asarray(use[start[problem.frozen]].sum(axis=0)).reshape(-1)
    return Options(
        owner=np.repeat(np.arange(requests), size),
        column=column,
        cost=cost,
        start=start,
        use=use,
        capacity=np.maximum(problem.capacity, taken),
        tier=problem.tier,
        frozen=problem.frozen,
    )


def rows_of(matrix: sparse.csr_matrix, positions: Ints) -> sparse.csr_matrix:
    """Return some rows of ``matrix`` in rising order; where they are neighbours, in one piece."""
    if positions.size == matrix.shape[0]:
        return matrix
    if positions.size and positions[-1] - positions[0] + 1 == positions.size:
        return matrix[int(positions[0]) : int(positions[-1]) + 1]
    return matrix[positions]


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
