"""A lower bound in whole numbers from the duals of the linear programme, over every option.

For any prices p_k >= 0 of the rows (any sign where the row must be used up), every plan costs at
least

    L(p) = sum_r min_{j of r} (c_j + sum_k a_kj p_k) - sum_k b_k p_k

(Lagrange, the rows taken into the objective). The prices are the duals rounded to the grid 1/GRID,
everything is multiplied by GRID, so L is reckoned in int64 and exact whatever the linear programme
got wrong: a rough dual gives a lower bound, never a false one. Costs are whole ticks, so a plan
costs at least ceil(L / GRID), and because the minimum runs over all options, not over a shortlist,
the bound holds for all of them. GRID is divisible by 1..10: the duals of a vertex are fractions
with small denominators, and rounding leaves these as they are.

The reduced cost d_j = c_j + sum_k a_kj p_k - (minimum of its request) >= 0 says how far L rises
if option j must be taken: a plan of cost v holds only options with d_j <= GRID v - L, and leaves at
most (GRID v - L) / p_k of row k unused.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.models.face import Level

__all__ = ["GRID", "Bound", "on_grid", "price_all"]

Ints = npt.NDArray[np.int64]
GRID = 2520
LARGEST_PRICE = 4.0e12


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """Prices on the grid, the bound they give (times GRID) and the reduced cost of every option.

    ``least`` is the price of the cheapest option of every open request, by which the others are
    reduced.
    """

    price: Ints
    scaled: int
    reduced: Ints
    least: Ints

    @property
    def value(self) -> int:
        """No plan costs less, in whole units of the objective."""
        return -(-self.scaled // GRID)


def on_grid(price: npt.NDArray[np.float64]) -> Ints:
    """Round prices per unit of a row, in units of the objective, to whole multiples of 1/GRID."""
    return np.rint(np.clip(price * GRID, -LARGEST_PRICE, LARGEST_PRICE)).astype(np.int64)


def price_all(level: Level, price: Ints, *, beyond: Ints | None = None) -> Bound:
    """Price every option of ``level``.

    Parameters
    ----------
    price : shape (at most rows,)
        Price of one unit of each row on the grid, none for the rows behind; need not be exact.
    beyond : shape (open requests,), optional
        At least this much, on the grid and with its rows, an option costs that is not in the level.
    """
    whole = np.zeros(level.full.size, dtype=np.int64)
    whole[: price.size] = price[: whole.size]
    whole[(whole < 0) & ~level.full] = 0
    priced = level.objective * GRID
    used = np.flatnonzero(whole)
    if used.size:
        priced += level.use @ whole
    least = np.minimum.reduceat(priced, level.start) if level.start.size else priced
    if beyond is not None:
        least = np.minimum(least, beyond)
    spent = sum(
        c * p for c, p in zip(level.capacity[used].tolist(), whole[used].tolist(), strict=True)
    )
    return Bound(whole, int(least.sum()) - spent, priced - least[level.owner], least)
