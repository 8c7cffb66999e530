"""The plans that are still allowed: every plan that keeps what the levels before have reached.

A level that ended with value v and bound L leaves, by complementary slackness, only options with
reduced cost d_j <= e and rows used up where the price exceeds e, where e = GRID v - L (e = 0 when
the linear programme was tight). This describes the optimal plans of the level exactly when e = 0;
otherwise a budget row (objective <= v) is added.

Few options are left of a tier that is solved. Those of a tier are looked at for the first time when
its turn comes: what does not fit beside requests that have only one option left, or touches a row
that has to be used up without it, does not enter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from routing.models.options import Options, rows_of

__all__ = ["Face", "Level", "Reached", "first_face", "firsts"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
SHRINKING = 3


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One linear objective over the open requests of a face: what is solved at a time.

    ``option`` (n,) are the options of the face, grouped by open request; ``owner`` (n,) and
    ``start`` count the open requests from 0; ``capacity`` is what fixed requests leave; ``full``
    marks rows that must be used up; ``fixed`` are the options of the fixed requests, ``constant``
    their objective; ``shut`` those that entered the face and do not fit beside them.
    """

    option: Ints
    owner: Ints
    start: Ints
    objective: Ints
    use: sparse.csr_matrix
    capacity: Ints
    full: Flags
    fixed: Ints
    constant: int
    shut: Ints

    def under(self, objective: Ints) -> "Level":
        """Return the same with another objective, given for all options (N,)."""
        constant = int(objective[self.fixed].sum())
        return replace(self, objective=objective[self.option], constant=constant)

    def only(self, positions: Ints) -> "Level":
        """Return the level with some of its options, at least one of every request."""
        owner = self.owner[positions]
        return replace(
            self,
            option=self.option[positions],
            owner=owner,
            start=firsts(owner),
            objective=self.objective[positions],
            use=rows_of(self.use, positions),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What a level reached: reduced cost (n,), price (K,), how far above its bound (``room``).

    Where ``room`` is not 0 a budget is needed: ``objective`` (N,) at most ``value``.
    """

    reduced: Ints
    price: Ints
    room: int
    objective: Ints
    value: int


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """The options still allowed (``open``) and the rows that must be used up (``full``).

    ``open`` (n,) holds, grouped by request, options of frozen requests and of the tiers solved so
    far; ``use`` (n, K) and ``capacity`` have the budget rows behind the rows of the problem;
    ``squeezed`` are the options closed only because they did not fit beside fixed requests.
    """

    options: Options
    open: Ints
    use: sparse.csr_matrix
    capacity: Ints
    full: Flags
    squeezed: Ints

    def choices(self) -> Ints:
        """How many options each request has, shape (R,); none before its tier."""
        return np.bincount(self.options.owner[self.open], minlength=self.options.start.size)

    def settled(self) -> Flags:
        """Shape (n,): the open option of every request that has only one."""
        only: Flags = (self.choices() == 1)[self.options.owner[self.open]]
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
            tight = _too_much(face.use, face.left(settled)) & ~settled
            if not tight.any():
                break
            stays = np.flatnonzero(~tight)
            face = replace(
                face,
                open=face.open[stays],
                use=face.use[stays],
                squeezed=np.append(face.squeezed, face.open[tight]),
            )
        return face

    def kept(self, level: Level, reached: Sequence[Reached]) -> "Face":
        """Narrow to the part on which ``level`` stays where each of ``reached`` has ended."""
        stays, full = np.ones(level.option.size, dtype=np.bool_), self.full.copy()
        for end in reached:
            stays &= end.reduced <= end.room
            full |= np.abs(_wide(end.price, full.size)) > end.room
        still = np.flatnonzero(stays)
        face = replace(
            self,
            open=np.append(level.fixed, level.option[still]),
            use=sparse.vstack(
                [self.use[np.flatnonzero(self.settled())], level.use[still]], format="csr"
            ),
            full=full,
            squeezed=np.append(self.squeezed, level.shut),
        ).shrunk()
        for end in reached:
            if end.room and np.any(face.choices() > 1):
                face = face.limited(end.objective, end.value)
        return face

    def limited(self, objective: Ints, value: int) -> "Face":
        """With one row more: the sum of ``objective`` (N,) over the chosen options <= ``value``."""
        owner, mine = self.options.owner[self.open], objective[self.open]
        first = firsts(owner)
        least = np.minimum.reduceat(mine, first)
        over = mine - np.repeat(least, np.diff(np.append(first, owner.size)))
        return replace(
            self,
            use=sparse.hstack([self.use, sparse.csr_matrix(over[:, None])], format="csr"),
            capacity=np.append(self.capacity, value - int(least.sum())),
            full=np.append(self.full, False),
        )

    def level(self, objective: Ints, fresh: Ints) -> Level:
        """Take the open requests and the options ``fresh`` of a new tier under ``objective``."""
        settled = self.settled()
        old, left = np.flatnonzero(~settled), self.left(settled)
        use = _widened(rows_of(self.options.use, fresh), left.size)
        out = _too_much(use, np.where(self.full, 0, left))
        enters, shut = np.flatnonzero(~out), np.flatnonzero(out)
        beside = np.asarray(use[shut] @ self.full.astype(np.int64)) > 0
        option = np.append(self.open[old], fresh[enters])
        owner = self.options.owner[option]
        first = firsts(owner)
        fixed = self.open[settled]
        return Level(
            option=option,
            owner=np.repeat(np.arange(first.size), np.diff(np.append(first, owner.size))),
            start=first,
            objective=objective[option],
            use=sparse.vstack([self.use[old], rows_of(use, enters)], format="csr"),
            capacity=left,
            full=self.full,
            fixed=fixed,
            constant=int(objective[fixed].sum()),
            shut=fresh[shut[~beside]],
        )

    def asked_for(self, level: Level, objective: Ints, price: Ints, room: int) -> Flags:
        """Mark the rows that keep out an option which the prices would let in, shape (K,).

        ``level`` is one of this face; ``objective`` (N,) is already on the grid of ``price``.
        """
        least = np.zeros(self.options.start.size, dtype=np.int64)
        fixed = self.use[np.flatnonzero(self.settled())]
        least[self.options.owner[level.fixed]] = objective[level.fixed] + fixed @ price
        priced = objective[level.option] + level.use @ price
        least[self.options.owner[level.option[level.start]]] = (
            np.minimum.reduceat(priced, level.start) if level.start.size else priced
        )
        out = np.append(self.squeezed, level.shut)
        use = self.options.use[out]
        rows = use.shape[1]
        wanted = objective[out] + use @ price[:rows] - least[self.options.owner[out]] <= room
        asked = np.zeros(self.full.size, dtype=np.bool_)
        asked[use[np.flatnonzero(wanted)].indices] = True
        return asked


def first_face(options: Options) -> Face:
    """Every plan: the frozen requests in their place, nobody else looked at yet."""
    frozen = options.start[options.frozen]
    return Face(
        options=options,
        open=frozen,
        use=options.use[frozen],
        capacity=options.capacity,
        full=np.zeros(options.capacity.size, dtype=np.bool_),
        squeezed=np.zeros(0, dtype=np.int64),
    )


def firsts(owner: Ints) -> Ints:
    """Where each request starts in a list of owners that is grouped by them."""
    return np.flatnonzero(np.diff(owner, prepend=-1))


def _too_much(use: sparse.csr_matrix, left: Ints) -> Flags:
    """Mark the options that take more of a row than is ``left``."""
    short = np.append(0, np.cumsum(use.data > left[use.indices]))
    found: Flags = short[use.indptr[1:]] > short[use.indptr[:-1]]
    return found


def _widened(use: sparse.csr_matrix, columns: int) -> sparse.csr_matrix:
    """Return ``use`` with further rows of the problem of which nothing is taken."""
    shape = use.shape[0], columns
    return sparse.csr_matrix((use.data, use.indices, use.indptr), shape=shape)


def _wide(price: Ints, size: int) -> Ints:
    return np.append(price, np.zeros(size - price.size, dtype=np.int64))
