"""The plans that are still allowed: every plan that keeps what the levels before have reached.

A level that ended with value v and bound L leaves, by complementary slackness, only options with
reduced cost d_j <= e and rows used up where the price exceeds e, where e = GRID v - L (e = 0 when
the linear programme was tight). This describes the optimal plans of the level exactly when e = 0;
otherwise a budget row (objective <= v) is added.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.models.options import Options

__all__ = ["Face", "Level", "Reached", "first_face"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
SHRINKING = 3


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One linear objective over the open requests of a face: what is solved at a time.

    ``option`` (n,) are the options of the face, grouped by open request; ``owner`` (n,) and
    ``start`` count the open requests from 0; ``capacity`` is what fixed requests leave; ``full``
    marks rows that must be used up; ``constant`` is the objective of the fixed requests.
    """

    option: Ints
    owner: Ints
    start: Ints
    objective: Ints
    use: sparse.csr_matrix
    capacity: Ints
    full: Flags
    constant: int


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What a level reached: reduced cost (n,), price (K,), how far above its bound (``room``)."""

    reduced: Ints
    price: Ints
    room: int


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """The options still allowed (``open``) and the rows that must be used up (``full``).

    ``squeezed`` marks the options closed only because they did not fit beside settled requests;
    ``use`` and ``capacity`` have the budget rows behind the rows of the problem.
    """

    options: Options
    open: Flags
    squeezed: Flags
    use: sparse.csr_matrix
    capacity: Ints
    full: Flags

    def choices(self) -> Ints:
        """How many options each request has."""
        return np.add.reduceat(self.open.astype(np.int64), self.options.start)

    def asked_for(self, objective: Ints, price: Ints, room: int, scope: Flags) -> Flags:
        """Mark the rows that keep out an option of ``scope`` which the prices would let in.

        ``objective`` is already on the grid of ``price``.
        """
        out = np.flatnonzero(self.squeezed & scope[self.options.owner])
        priced = np.where(self.open, objective + self.use @ price, np.iinfo(np.int64).max)
        least = np.minimum.reduceat(priced, self.options.start)
        wanted = objective[out] + self.use[out] @ price - least[self.options.owner[out]] <= room
        rows = np.zeros(self.full.size, dtype=np.bool_)
        rows[self.use[out[wanted]].indices] = True
        return rows

    def settled(self) -> Flags:
        """Shape (N,): the open option of every request that has only one."""
        only: Flags = self.open & (self.choices() == 1)[self.options.owner]
        return only

    def left(self, settled: Flags) -> Ints:
        """Compute what the settled requests leave of each row."""
        return np.asarray(self.capacity - self.use.T @ settled.astype(np.int64))

    def shrunk(self) -> "Face":
        """Close the options that do not fit beside the settled requests, which may settle more.

        Only to make the levels smaller; the few rounds need not find all.
        """
        face = self
        for _ in range(SHRINKING):
            settled = face.settled()
            short = np.flatnonzero(face.use.data > face.left(settled)[face.use.indices])
            tight = np.zeros(face.open.size, dtype=np.bool_)
            tight[np.searchsorted(face.use.indptr, short, side="right") - 1] = True
            tight &= face.open & ~settled
            if not tight.any():
                break
            face = replace(face, open=face.open & ~tight, squeezed=face.squeezed | tight)
        return face

    def kept(self, level: Level, reached: Reached, later: Flags) -> "Face":
        """Narrow to the part on which ``level`` stays within ``reached.room`` of its bound.

        ``later`` (N,) marks the options of requests that come after the level; they may not touch
        a row that the level has to use up.
        """
        closed = np.zeros(self.open.size, dtype=np.bool_)
        closed[level.option[reached.reduced > reached.room]] = True
        price = np.zeros(self.full.size, dtype=np.int64)
        price[: reached.price.size] = reached.price
        full = self.full | (np.abs(price) > reached.room)
        touches = np.asarray(self.use @ (full & ~self.full).astype(np.int64)) > 0
        return replace(self, open=self.open & ~closed & ~(later & touches), full=full)

    def limited(self, objective: Ints, value: int) -> "Face":
        """With one row more: the sum of ``objective`` (N,) over the chosen options <= ``value``."""
        least = np.minimum.reduceat(
            np.where(self.open, objective, np.iinfo(np.int64).max), self.options.start
        )
        over = np.where(self.open, objective - least[self.options.owner], 0)
        return replace(
            self,
            use=sparse.hstack([self.use, sparse.csr_matrix(over[:, None])], format="csr"),
            capacity=np.append(self.capacity, value - int(least.sum())),
            full=np.append(self.full, False),
        )

    def level(self, objective: Ints, scope: Flags) -> Level:
        """Take the open part of the requests in ``scope`` (R,) under ``objective`` (N,)."""
        settled = self.settled()
        within = scope[self.options.owner]
        option = np.flatnonzero(self.open & within & ~settled)
        owner = self.options.owner[option]
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        return Level(
            option=option,
            owner=np.cumsum(np.diff(owner, prepend=-1) != 0) - 1,
            start=first,
            objective=objective[option],
            use=self.use if option.size == self.open.size else self.use[option],
            capacity=self.left(settled),
            full=self.full,
            constant=int(objective[settled].sum()),
        )


def first_face(options: Options) -> Face:
    """Every plan: all columns, waiting for all but the frozen, no row that must be used up."""
    return Face(
        options=options,
        open=~(options.waiting & options.frozen[options.owner]),
        use=options.use,
        capacity=options.capacity,
        squeezed=np.zeros(options.owner.size, dtype=np.bool_),
        full=np.zeros(options.capacity.size, dtype=np.bool_),
    ).shrunk()
