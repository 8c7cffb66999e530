"""What a plan stands on: the requests with all their ways, and the vehicles that can be there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geodata.travel_time import TravelTimes
from routing.centres import Flags, Floats, Ints
from routing.joined_ways import JoinedWays
from routing.plan_entries import Entry, catchment_ranks
from routing.plan_frozen import settle
from routing.plan_parts import UNKNOWN
from routing.plan_stock import Stock
from routing.plan_vehicles import Fleet, Reach
from routing.plan_ways import WayTable, way_table
from routing.triage.case import PatientKind

__all__ = ["NO_PACK", "Ground", "extra_min"]

NO_PACK = -1


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """R requests with W ways.

    Parameters
    ----------
    entries, tables : tuples of length R
        The requests and the ways of each, of a frozen one the one by which it stays.
    ways : JoinedWays
        The ways of all requests.
    reach : Reach | None
        Which vehicles can be there; None in a plan without vehicles.
    kept : dict
        Pack, or :data:`NO_PACK`, and delay in minutes of each frozen request, by its place.
    frozen, urgent : shape (R,)
        Requests that are frozen, and of priority 1.
    place : shape (R,)
        The number of each request in the question.
    """

    entries: tuple[Entry, ...]
    tables: tuple[WayTable, ...]
    stock: Stock
    ways: JoinedWays
    reach: Reach | None
    kept: dict[int, tuple[int, float]]
    frozen: Flags
    urgent: Flags
    place: Ints

    @classmethod
    def of(
        cls, entries: Sequence[Entry], stock: Stock, *, before: "Ground | None" = None
    ) -> "Ground":
        """Find all ways; requests that were there ``before`` keep theirs."""
        known = {}
        if before is not None:
            known = dict(zip(before.entries, before.tables, strict=True))
        standing, tables, kept = [], [], _Kept(stock, Counter(), {})
        for entry in entries:
            if entry.frozen:
                stands, table = kept.stay(entry)
            else:
                stands, table = entry, known.get(entry) or _ways(entry, stock)
            standing.append(stands)
            tables.append(table)
        ways, reach = JoinedWays.of(tables, rows=stock.capacity.size), None
        if stock.fleet is not None and standing:
            reach = stock.fleet.reach(ways, *_where(standing))
        return cls(
            entries=tuple(standing),
            tables=tuple(tables),
            stock=stock,
            ways=ways,
            reach=reach,
            kept=kept.vehicle,
            frozen=np.array([entry.frozen for entry in standing], dtype=np.bool_),
            urgent=np.array([entry.priority == 1 for entry in standing], dtype=np.bool_),
            place=np.array([entry.place for entry in standing], dtype=np.int64),
        )


def extra_min(ways: JoinedWays, number: Ints, delay_min: Floats) -> Floats:
    """Return what leaving later costs: every minute, and once more beyond what is in hand."""
    late = np.maximum(0.0, delay_min - ways.slack_min[number])
    extra: Floats = np.where(ways.sort[number] == UNKNOWN, 0.0, delay_min + late)
    return extra


def _where(entries: Sequence[Entry]) -> tuple[list[PatientKind], list[TravelTimes]]:
    times = [entry.choices.question.times for entry in entries]
    return [entry.request.case.patient for entry in entries], times


def _ways(entry: Entry, stock: Stock) -> WayTable:
    """Return the ways of a request that is not frozen."""
    exempt: frozenset[int] = frozenset()
    if entry.stop is not None and entry.priority == 1:
        ranks = catchment_ranks(entry.choices.question.network, entry.request)
        exempt = frozenset(row for row, rank in ranks.items() if rank == 0)
    return way_table(entry.choices, entry.stop, stock, priority=entry.priority, exempt=exempt)


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What frozen requests take, in turn; ``vehicle`` is pack and delay of each place.

    What one takes decides by which way the next of them stays.
    """

    stock: Stock
    used: Counter[int]
    vehicle: dict[int, tuple[int, float]]

    def stay(self, entry: Entry) -> tuple[Entry, WayTable]:
        """Settle the next one."""
        kept = settle(entry, self.stock, self.used)
        if self.stock.fleet is not None:
            self.vehicle[entry.place] = self._first_vehicle(self.stock.fleet, kept.entry, kept.ways)
        for row, n in kept.ways.uses(0):
            self.used[row] += n
        return kept.entry, kept.ways

    def _first_vehicle(self, fleet: Fleet, entry: Entry, table: WayTable) -> tuple[int, float]:
        """Take the vehicle that costs least of those that are left, or none."""
        ways = JoinedWays.of([table], rows=self.stock.capacity.size)
        reach = fleet.reach(ways, *_where([entry]))
        nth = np.arange(int(reach.count[0]))
        pack = np.append(reach.near[0, nth], reach.team_pack)
        delay = np.append(reach.delay_min(np.zeros_like(nth), nth), reach.team_delay_min)
        tenths = np.rint(10 * extra_min(ways, np.zeros_like(pack), delay))
        for at in np.lexsort((pack, tenths)).tolist():
            row = int(self.stock.pack(pack[at]))
            if self.used[row] < self.stock.capacity[row]:
                self.used[row] += 1
                return int(pack[at]), float(delay[at])
        return NO_PACK, 0.0
