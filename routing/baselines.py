"""What happens when everybody decides alone: two simple rules to set beside a plan.

Both use the same ways, places, reserves, vehicles and costs as the plan; frozen requests keep
their place first. Requests come in the order in which transfer was decided, whatever their
priority: first come, first served. A full centre is asked over capacity only when nothing suitable
is free.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.centres import Ints
from routing.columns import Columns
from routing.ground import NO_PACK, extra_min
from routing.network import FacilityNetwork
from routing.plan_answer import Against, Baseline
from routing.plan_entries import Entry, catchment_ranks
from routing.plan_parts import OVER
from routing.plan_vehicles import Reach
from routing.problem import TIERS

__all__ = ["against"]

NOT_CATCHMENT = 99
RANKS, FAR = 100, 10**5
NOT_POSSIBLE = np.iinfo(np.int64).max


def against(columns: Columns, network: FacilityNetwork, *, last_min: float) -> dict[str, Against]:
    """Return the tiers that each simple rule reaches.

    Parameters
    ----------
    last_min : float
        What going without any vehicle costs more, in minutes.
    """
    ways, entries = columns.ways, columns.entries
    minutes = [
        entry.choices.question.expected_min[table.row]
        for entry, table in zip(entries, columns.tables, strict=True)
    ]
    travel = np.concatenate([np.zeros(0), *minutes])
    far = np.rint(10 * np.where(np.isfinite(travel), travel, 0.0)).astype(np.int64)
    ranks = np.full((len(entries), len(network.ids)), NOT_CATCHMENT)
    for r, entry in enumerate(entries):
        for row, rank in catchment_ranks(network, entry.request).items():
            ranks[r, row] = rank
    fetched = np.zeros(0) if columns.reach is None else columns.reach.team_way
    teams = np.searchsorted(fetched, ways.first).tolist()
    night = _Night(columns, np.minimum(far, FAR - 1), round(10 * last_min), teams)
    return {
        "nearest_capable_free": night.reached(np.zeros_like(far)),
        "catchment_first": night.reached(ranks[ways.request, ways.row]),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Night:
    """All requests, served in turn; ``far`` (W,) is how far each way goes, in tenths of minutes."""

    columns: Columns
    far: Ints
    last_tenths: int
    teams: list[int]

    def reached(self, rank: Ints) -> Against:
        """Give each request its first way that is still possible by ``rank`` (W,), then nearness.

        Full centres come last, going without a vehicle very last.
        """
        columns = self.columns
        ways, stock = columns.ways, columns.stock
        order = ((ways.sort == OVER) * RANKS + rank) * FAR + self.far
        left, tenths = stock.capacity.copy(), {}
        for r in _turns(columns.entries):
            mine = slice(int(ways.first[r]), int(ways.first[r + 1]))
            chosen = self._frozen(r) if columns.problem.frozen[r] else None
            chosen = chosen or self._first(r, order[mine], left)
            if chosen is not None:
                way, pack, tenths[r] = chosen
                uses = slice(*ways.use.indptr[way : way + 2].tolist())
                left[ways.use.indices[uses]] -= ways.use.data[uses]
                if pack != NO_PACK:
                    left[int(stock.pack(np.array(pack)))] -= 1
        return Against(tuple(self._tier(tenths, tier) for tier in TIERS))

    def _frozen(self, r: int) -> tuple[int, int, int]:
        """Return the place and the vehicle that a frozen request keeps."""
        columns = self.columns
        at = int(np.searchsorted(columns.problem.request, r))
        return int(columns.number[at]), int(columns.pack[at]), int(columns.tenths[at])

    def _first(self, r: int, order: Ints, left: Ints) -> tuple[int, int, int] | None:
        """Return way, pack and tenths of the first way for which there is still everything."""
        columns, ways = self.columns, self.columns.ways
        begin, end = ways.first[r : r + 2].tolist()
        ends = ways.use.indptr[begin : end + 1]
        uses = slice(int(ends[0]), int(ends[-1]))
        short = (ways.use.data[uses] > left[ways.use.indices[uses]]).nonzero()[0]
        order = order.copy()
        order[ends.searchsorted(ends[0] + short, side="right") - 1] = NOT_POSSIBLE
        lowest = int(order.min(initial=NOT_POSSIBLE))
        if lowest == NOT_POSSIBLE:
            return None
        if columns.reach is not None:
            driven = self._driven(columns.reach, r, order, left)
            if driven is not None or columns.entries[r].priority > 1:
                return driven
        alone = begin + np.flatnonzero(order == lowest)
        way = int(alone[ways.tenths[alone].argmin()])
        extra = 0 if columns.reach is None else self.last_tenths
        return way, NO_PACK, int(ways.tenths[way]) + extra

    def _driven(self, reach: Reach, r: int, order: Ints, left: Ints) -> tuple[int, int, int] | None:
        """Return the first way for which a vehicle is left, with the one that costs least."""
        ways, stock = self.columns.ways, self.columns.stock
        begin = int(ways.first[r])
        near = reach.near[r, : reach.count[r]]
        free = (left[stock.pack(near)] > 0).nonzero()[0][:1]
        first, last = self.teams[r : r + 2]
        team = first + (left[stock.pack(reach.team_pack[first:last])] > 0).nonzero()[0]
        goes = order[reach.team_way[team] - begin]
        # Every way can be gone with the ambulance that is there first of those left.
        lowest = min((order if free.size else goes).min(initial=NOT_POSSIBLE), NOT_POSSIBLE)
        if lowest == NOT_POSSIBLE:
            return None
        team = team[goes == lowest]
        way, pack, delay = reach.team_way[team], reach.team_pack[team], reach.team_delay_min[team]
        if free.size:
            every = begin + (order == lowest).nonzero()[0]
            late = reach.delay_min(every, free.repeat(every.size))
            way, delay = np.concatenate([every, way]), np.concatenate([late, delay])
            pack = np.concatenate([near[free].repeat(every.size), pack])
        tenths = ways.tenths[way] + np.rint(10 * extra_min(ways, way, delay)).astype(np.int64)
        at = int(tenths.argmin())
        return int(way[at]), int(pack[at]), int(tenths[at])

    def _tier(self, tenths: dict[int, int], tier: int) -> Baseline:
        mine = np.flatnonzero(self.columns.problem.tier == tier).tolist()
        placed = [tenths[r] for r in mine if r in tenths]
        return Baseline(tier, len(placed), len(mine) - len(placed), sum(placed) / 10)


def _turns(entries: Sequence[Entry]) -> list[int]:
    """Return the requests as they came, frozen ones first."""
    return sorted(
        range(len(entries)),
        key=lambda r: (
            not entries[r].frozen,
            entries[r].request.case.decided_at.timestamp(),
            entries[r].place,
        ),
    )
