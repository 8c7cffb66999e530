"""Prices of centre-weeks for tens of thousands: the dual function, made smooth, by quasi-Newton.

The bound L(p) of ``booking`` is concave and has corners where a group has two cheapest options.
Each minimum over a group's options z_j is replaced by the soft one

    - t log sum_j exp(-z_j / t)

which is at most t log(options) below it and has a gradient: what the softly chosen options take of
each row, less what the row holds. L-BFGS-B climbs it with p >= 0, the temperature t falling in
steps; the last prices say which options can matter, and the linear programme over these
(``booking_relaxed``) starts where it nearly ends. Nothing is proven here: bounds are reckoned in
whole numbers over every option (``bound_of``), whatever these prices are.

Nesterov, Smooth minimization of non-smooth functions, Math. Prog. 103 (2005); Byrd, Lu, Nocedal
and Zhu, A limited memory algorithm for bound constrained optimization, SIAM J. Sci. Comput. 16
(1995).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from routing.booking.problem import LODGED, BookingProblem
from routing.models.booking_relaxed import THOUSAND, Objective, dearest
from routing.models.pricing import GRID
from routing.models.solving import Clock

__all__ = ["smooth_prices"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Halves = npt.NDArray[np.float32]
NEAREST = 64
"""Cheapest options of a group that are looked at here; all others are priced afterwards."""
UNITS = 1_250
"""The dearest option is so many units; a unit is about a minute."""
COOLING = (8.0, 2.0, 0.5)
TURNS = 150
CORRECTIONS = 20


def smooth_prices(problem: BookingProblem, objective: Objective, clock: Clock) -> Ints:
    """Return prices of all rows on the grid, near the best ones; earlier ones if time is over."""
    soft = _Soft.of(problem, objective)
    price = np.zeros(soft.row.size)

    def in_time(_: Floats) -> None:
        if clock.passed_s() >= clock.limit_s:
            raise StopIteration

    for heat in COOLING:
        found = optimize.minimize(
            soft.falling,
            price,
            args=(np.float32(heat),),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, None)] * price.size,
            callback=in_time,
            options={"maxiter": TURNS, "maxfun": 2 * TURNS, "maxcor": CORRECTIONS},
        )
        price = found.x
    whole = np.zeros(problem.capacity.size, dtype=np.int64)
    whole[soft.row] = np.rint(price * soft.unit / soft.scale * GRID)
    return whole


@dataclass(frozen=True, slots=True, eq=False)
class _Soft:
    """The soft bound of a problem in units of cost, bed-days and lodging places.

    ``cost`` (J, G) holds J options of each group, ``load_of`` which of the B different loads
    (shape, span, centre) each brings, ``uses`` (B, rows) what these take, ``row`` which rows can be
    asked for more than they hold, ``holds`` what they hold.
    """

    count: Halves
    cost: Halves
    dear: np.float32
    load_of: Ints
    uses: sparse.csr_matrix
    back: sparse.csr_matrix
    row: Ints
    holds: Floats
    scale: Floats
    unit: float

    @classmethod
    def of(cls, problem: BookingProblem, objective: Objective) -> "_Soft":
        """Put the cheapest options of every group side by side."""
        groups, width = problem.groups, 2 * problem.centres
        flat = objective.cost.reshape(groups, width)
        most = min(NEAREST, width)
        near = np.argpartition(flat, most - 1, axis=1)[:, :most]
        cost = np.take_along_axis(flat, near, axis=1)
        unit = max(1.0, dearest(objective) / UNITS)
        lodged, centre = np.divmod(near, problem.centres)
        span = np.where(lodged == LODGED, problem.span[:, None] + 1, 0)
        spans = problem.held.shape[0] + 1
        keys = (problem.shape[:, None] * spans + span) * problem.centres + centre
        different, load_of = np.unique(keys, return_inverse=True)
        uses = _uses(problem, different, spans)
        load_of = np.ascontiguousarray(load_of.reshape(keys.shape).T)
        weight = np.broadcast_to(problem.count, load_of.shape)
        asked = uses.T @ np.bincount(load_of.ravel(), weight.ravel(), different.size)
        row = np.flatnonzero(asked > problem.capacity)
        scale = np.where(row < problem.room.size, THOUSAND, 1.0)
        shares = sparse.csr_matrix(uses[:, row] @ sparse.diags_array(1 / scale))
        return cls(
            count=problem.count.astype(np.float32),
            cost=np.minimum(cost / unit, 10 * objective.dear / unit).astype(np.float32).T.copy(),
            dear=np.float32(objective.dear / unit),
            load_of=load_of,
            uses=shares,
            back=shares.T.tocsr(),
            row=row,
            holds=problem.capacity[row] / scale,
            scale=scale,
            unit=unit,
        )

    def falling(self, price: Floats, heat: np.float32) -> tuple[float, Floats]:
        """Return minus the soft bound and its slope, shape (rows,)."""
        z = self.cost + (self.uses @ price).astype(np.float32)[self.load_of]
        least = np.minimum(z.min(axis=0), self.dear)
        z -= least
        z /= -heat
        np.exp(z, out=z)
        total = z.sum(axis=0) + np.exp((least - self.dear) / heat)
        bound = float((self.count * (least - heat * np.log(total))).sum(dtype=np.float64))
        z *= self.count / total
        chosen = np.bincount(self.load_of.ravel(), z.ravel(), self.uses.shape[0])
        slope: Floats = self.holds - self.back @ chosen
        return float(self.holds @ price) - bound, slope


def _uses(problem: BookingProblem, keys: Ints, spans: int) -> sparse.csr_matrix:
    """Return what different loads take, shape (B, rows of the problem)."""
    centres, kinds, weeks = problem.room.shape
    centre, rest = keys % centres, keys // centres
    load = problem.load[rest // spans]
    one, kind, week = np.nonzero(load)
    served = problem.serves[kind, centre[one]]
    # A centre that does not have the kind is an option of nobody: it is here for its place alone.
    row = (centre[one] * kinds + np.maximum(served, 0)) * weeks + week
    none = np.zeros((1, weeks), dtype=problem.held.dtype)
    held = np.concatenate([none, problem.held])[rest % spans]
    of, at = np.nonzero(held)
    row_l = centres * kinds * weeks + centre[of] * weeks + at
    amount = np.concatenate([load[one, kind, week], held[of, at]]).astype(np.float64)
    where = np.concatenate([one, of]), np.concatenate([row, row_l])
    return sparse.csr_matrix((amount, where), shape=(keys.size, problem.capacity.size))
