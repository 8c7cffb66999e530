"""The joint plan in indices and integer arrays: what goes into the solver and what comes out.

Nothing here knows patients, centres or minutes: a *request* is a number 0..R-1, a *column* one
way of serving one request (a centre, its seats, a vehicle), a *row* anything of which there is
only so much (a pool of places, a reserve, the placements over capacity, a vehicle).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from routing.models.errors import ShapeMismatchError

__all__ = [
    "NO_COLUMN",
    "TIERS",
    "UNASSIGNED",
    "Assignment",
    "ReferralProblem",
    "Status",
    "TierProof",
    "TierResult",
]

UNASSIGNED = -1
TIERS = (1, 2, 3)
NO_COLUMN = np.iinfo(np.int64).max // 4
"""The cost of a column where there is none; reduced costs against it stay in."""
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Status = Literal["optimal", "feasible", "fallback_greedy"]

# Costs meet dual prices on a fine grid in int64 (models/pricing.py): these keep the products in.
LARGEST_COST = 10**9
LARGEST_AMOUNT = 10**4
LARGEST_CAPACITY = 10**6


def _none() -> Flags:
    return np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class ReferralProblem:
    """R requests, J columns, K rows; every request gets one of its columns or waits.

    Parameters
    ----------
    tier : shape (R,)
        Priority 1, 2 or 3 of each request.
    request : shape (J,)
        The request a column serves; any order.
    cost : shape (J,)
        Cost of a column in ticks of 0.0001 min, tie-break included; never negative.
    use_column, use_row, use_amount : shape (U,)
        Column ``use_column[i]`` takes ``use_amount[i]`` > 0 of row ``use_row[i]``; the same pair
        twice adds up.
    capacity : shape (K,)
        How much there is of each row.
    fallback : shape (J,), optional
        True for a column that is always possible: it uses no row, so its request never waits.
    frozen : shape (R,), optional
        True for a request that keeps its place whatever others need. It has exactly one column,
        takes it before tier 1 is solved, and its use comes off the rows first; a row that frozen
        requests overdraw by themselves is simply full for everybody else.

    Raises
    ------
    ShapeMismatchError
        With every fault of the arrays.
    """

    tier: Ints
    request: Ints
    cost: Ints
    use_column: Ints
    use_row: Ints
    use_amount: Ints
    capacity: Ints
    fallback: Flags = field(default_factory=_none)
    frozen: Flags = field(default_factory=_none)

    def __post_init__(self) -> None:
        for name in ("tier", "request", "cost", "use_column", "use_row", "use_amount", "capacity"):
            self._freeze(name, np.array(getattr(self, name), dtype=np.int64).reshape(-1))
        for name, size in (("fallback", self.columns), ("frozen", self.requests)):
            given = np.array(getattr(self, name), dtype=np.bool_).reshape(-1)
            self._freeze(name, given if given.size else np.zeros(size, dtype=np.bool_))
        faults = list(self._faults_of_shape()) or list(self._faults_of_content())
        if faults:
            raise ShapeMismatchError(faults)

    def _freeze(self, name: str, array: npt.NDArray[np.generic]) -> None:
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    @property
    def requests(self) -> int:
        """R, the number of requests."""
        return int(self.tier.size)

    @property
    def columns(self) -> int:
        """J, the number of columns."""
        return int(self.request.size)

    @property
    def rows(self) -> int:
        """K, the number of rows."""
        return int(self.capacity.size)

    def left(self, column_of: Ints) -> Ints:
        """Return what a plan leaves of each row, shape (K,)."""
        chosen = np.zeros(self.columns, dtype=np.bool_)
        chosen[column_of[column_of != UNASSIGNED]] = True
        used = chosen[self.use_column]
        left = self.capacity.copy()
        np.subtract.at(left, self.use_row[used], self.use_amount[used])
        return left

    def _faults_of_shape(self) -> Iterator[str]:
        uses = self.use_column.size
        for name, size in (
            ("cost", self.columns),
            ("fallback", self.columns),
            ("frozen", self.requests),
            ("use_row", uses),
            ("use_amount", uses),
        ):
            if getattr(self, name).size != size:
                yield f"{name} has {getattr(self, name).size} entries, not {size}"

    def _faults_of_content(self) -> Iterator[str]:
        for name, low, high in (
            ("tier", TIERS[0], TIERS[-1]),
            ("request", 0, self.requests - 1),
            ("cost", 0, LARGEST_COST),
            ("use_column", 0, self.columns - 1),
            ("use_row", 0, self.rows - 1),
            ("use_amount", 1, LARGEST_AMOUNT),
            ("capacity", 0, LARGEST_CAPACITY),
        ):
            values = getattr(self, name)
            wrong = np.flatnonzero((values < low) | (values > high))
            if wrong.size:
                first = int(wrong[0])
                yield f"{name}[{first}] is {values[first]}, outside {low}..{high}"
                if name in {"request", "use_column"}:
                    return
        if np.any(self.fallback[self.use_column]):
            yield "a fallback column uses a row"
        columns_of = np.bincount(self.request, minlength=self.requests)
        for request in np.flatnonzero(self.frozen & (columns_of != 1)):
            yield f"frozen request {request} has {columns_of[request]} columns, not 1"


@dataclass(frozen=True, slots=True)
class TierResult:
    """What one tier reached; ``objective`` and ``bound`` in ticks.

    ``bound`` says: with ``waiting`` left waiting no plan of this tier costs less, given what the
    tiers above reached; ``waiting_bound``: no plan leaves fewer waiting. Both are whole numbers
    reckoned in integers. ``proven`` = both are attained.
    """

    tier: int
    placed: int
    waiting: int
    objective: int
    bound: int
    waiting_bound: int
    proven: bool


@dataclass(frozen=True, slots=True, eq=False)
class TierProof:
    """What a tier is proven with, on the grid of the prices; for columns that were never listed.

    Parameters
    ----------
    price, waiting_price : shape (K,)
        Prices of the rows in the proof of M W + C, and in that of W.
    least, waiting_least : shape (R,)
        What the cheapest column of each request of the tier costs with its rows;
        :data:`NO_COLUMN` for others.
    room : int
        A column dearer than ``least`` by more than this is in none of the plans that are left.
    waiting_room : int
        One dearer than ``waiting_least`` by more than this cannot let fewer wait; -1 or more.
    """

    price: Ints
    waiting_price: Ints
    least: Ints
    waiting_least: Ints
    room: int
    waiting_room: int

    def lets_in(self, request: Ints, cost: Ints, waiting: Ints) -> Flags:
        """Mark the columns that may be in a plan that is as good, or might let fewer wait.

        Parameters
        ----------
        request, cost, waiting : shape (n,)
            Request of each column, and what it costs at least with its rows, in M W + C at
            ``price`` and in W at ``waiting_price``.
        """
        over, more = cost - self.least[request], waiting - self.waiting_least[request]
        found: Flags = (over <= self.room) | (more <= self.waiting_room)
        return found


def _no_proofs() -> "tuple[TierProof | None, ...]":
    return tuple(None for _ in TIERS)


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """A plan: ``column_of`` has shape (R,), ``UNASSIGNED`` where a request waits.

    ``tiers`` has one entry for each of 1, 2, 3, also where no request is of that tier.
    ``status``: ``optimal`` = proven over every column; ``feasible`` = an answer of the solver
    without proof; ``fallback_greedy`` = time ran out and the rest was placed greedily.
    ``yield_ticks`` is how far a tier may lie above its bound for the good of the next ones.
    ``sensitive_tier`` has shape (K,): the first tier whose result more of that row might change
    (4 = none); the tiers before it are proven whatever is added. ``prices``: for each tier solved
    the prices of the rows, those of the problem first; where solving again may begin. ``proofs``:
    for each tier what its prices prove, None if it is not proven by them.
    """

    column_of: Ints
    status: Status
    proven: bool
    tiers: tuple[TierResult, ...]
    seed: int
    yield_ticks: int
    solve_ms: float
    sensitive_tier: Ints
    prices: tuple[Ints, ...] = ()
    proofs: tuple[TierProof | None, ...] = field(default_factory=_no_proofs)
