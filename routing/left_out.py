"""The columns that were left out, priced without being written out.

A column that is not listed costs its way, what the way takes of places at their prices, what
leaving later costs with its vehicle, and the price of that vehicle. Of the vehicles left out of a
way the first to be there costs least but for its price, so

    cost of the way with it  +  price of what the way takes  +  least price of any of them

is no more than any column costs that is left out of that way. Only where this is within what the
proof of its tier leaves room for (:class:`routing.problem.TierProof`) its columns are looked at one
by one. Those that are within join the problem; where there is none, what was left out changes
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.centres import Ints
from routing.columns import Columns, Joined, repeated, ticks
from routing.ground import extra_min
from routing.models.pricing import GRID
from routing.problem import NO_COLUMN, TIERS, TierProof

__all__ = ["LeftOut", "Wanted"]

FIRST_LEFT = 3


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """What is not listed of R requests: of ``way`` (L,) the packs from ``nth`` (L,) on, but some.

    ``cost`` (L,) is what the way costs with the first of them, in ticks.
    """

    columns: Columns
    way: Ints
    nth: Ints
    cost: Ints

    @classmethod
    def of(cls, columns: Columns) -> "LeftOut":
        """Look at every way."""
        request = columns.ways.request
        nth = np.where(columns.listed, columns.packs[request], 0)
        way = np.flatnonzero((nth < columns.most[request]) & ~columns.problem.frozen[request])
        return cls(columns, way, nth[way], _ticks(columns, way, nth[way]))

    @property
    def requests(self) -> frozenset[int]:
        """The requests of which anything is left out."""
        count = np.bincount(self.columns.ways.request[self.way])
        return frozenset(np.flatnonzero(count).tolist())

    def size(self, requests: Sequence[int]) -> int:
        """Return how many columns of some requests are left out, at most."""
        mine = np.isin(self.columns.ways.request[self.way], np.array(requests, dtype=np.int64))
        most = self.columns.most[self.columns.ways.request[self.way[mine]]]
        return int((most - self.nth[mine]).sum())

    def still_there(self, requests: Sequence[int], left: Ints) -> Joined:
        """Return the columns left out of some requests with the first vehicles that are left.

        Parameters
        ----------
        left : shape (K,)
            What there is left of each row of the problem.
        """
        columns, ways, reach = self.columns, self.columns.ways, self.columns.reach
        pairs = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
        of_stock = columns.stock.capacity.copy()
        of_stock[columns.rows] = left
        for r in requests:
            nth = np.zeros(1, dtype=np.int64)
            if reach is not None:
                near = reach.near[r, : reach.count[r]]
                nth = np.flatnonzero(of_stock[columns.stock.pack(near)] > 0)[:FIRST_LEFT]
            every = np.arange(ways.first[r], ways.first[r + 1])
            pairs.append((np.repeat(every, nth.size), np.tile(nth, every.size)))
        way, nth = (np.concatenate(column) for column in zip(*pairs, strict=True))
        return Joined(way, nth).without(columns.joined)

    def asked_for(self, proofs: Sequence[TierProof | None], *, most: int) -> Joined | None:
        """Return the columns that may matter to tiers with these proofs.

        Parameters
        ----------
        most : int
            More than so many are not looked at: the answer is None then.
        """
        found = Joined.none()
        for tier, proof in zip(TIERS, proofs, strict=True):
            more = self.within(tier, proof, most=most - found.size)
            if more is None:
                return None
            found = found.with_these(more)
        return found

    def within(self, tier: int, proof: TierProof | None, *, most: int) -> Joined | None:
        """Return the columns that may matter to one tier; without a proof all of them may."""
        columns, request = self.columns, self.columns.ways.request[self.way]
        at = np.flatnonzero(columns.problem.tier[request] == tier)
        if proof is not None:
            figures = self._figures(proof, self.way[at], self.nth[at], self.cost[at], least=True)
            at = at[proof.lets_in(request[at], *figures)]
        left = columns.most[request[at]] - self.nth[at]
        if left.sum() > most:
            return None
        way, more = repeated(self.way[at], left)
        nth = np.repeat(self.nth[at], left) + more
        if proof is not None:
            figures = self._figures(proof, way, nth, _ticks(columns, way, nth), least=False)
            inside = proof.lets_in(columns.ways.request[way], *figures)
            way, nth = way[inside], nth[inside]
        return Joined(way, nth).without(columns.joined)

    def _figures(
        self, proof: TierProof, way: Ints, nth: Ints, cost: Ints, *, least: bool
    ) -> tuple[Ints, Ints]:
        """Return what columns cost with their rows at the prices of a proof, in M W + C and in W.

        With ``least`` for each way the least with any of its packs from ``nth`` on.
        """
        waiting = self._paid(proof.waiting_price, way, nth, least=least)
        return GRID * cost + self._paid(proof.price, way, nth, least=least), waiting

    def _paid(self, price: Ints, way: Ints, nth: Ints, *, least: bool) -> Ints:
        """Return the price of what each way takes and of its vehicle."""
        columns, reach = self.columns, self.columns.reach
        of_stock = np.zeros(columns.stock.capacity.size, dtype=np.int64)
        of_stock[columns.rows] = price
        paid: Ints = (columns.ways.use @ of_stock)[way]
        if reach is None:
            return paid
        packs = of_stock[columns.stock.pack(reach.near)]
        if least:
            packs[np.arange(packs.shape[1]) >= reach.count[:, None]] = NO_COLUMN
            packs = np.minimum.accumulate(packs[:, ::-1], axis=1)[:, ::-1]
        return paid + packs[columns.ways.request[way], nth]


class Wanted:
    """Says of one proof after the other whether what is left out may matter, and keeps it.

    ``columns`` are all that may, up to ``most``.
    """

    def __init__(self, left_out: LeftOut, *, most: int) -> None:
        self.columns = Joined.none()
        self._left_out, self._most = left_out, most

    def __call__(self, tier: int, proof: TierProof | None) -> bool:
        """Whether anything left out may matter to a tier with this proof."""
        more = self._left_out.within(tier, proof, most=self._most - self.columns.size)
        self.columns = self.columns.with_these(more or Joined.none())
        return more is None or more.size > 0


def _ticks(columns: Columns, way: Ints, nth: Ints) -> Ints:
    """Return what columns cost, whether they are listed or not."""
    ways, reach = columns.ways, columns.reach
    delay = np.zeros(way.size) if reach is None else reach.delay_min(way, nth)
    tenths = ways.tenths[way] + np.rint(10 * extra_min(ways, way, delay)).astype(np.int64)
    return ticks(ways, way, tenths)
