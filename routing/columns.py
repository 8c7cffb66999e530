"""The columns of a plan: the ways of every request, with the vehicles that can be there.

Costs are whole tenths of a minute; in the problem a tenth is 1000 ticks, and the position in the
request's own ranking breaks ties (R-DEST-03). Where vehicles are given, every way of priority 1
remains possible without one, as the very last way out (R-PRIO-04): somebody has to find a vehicle,
and the plan says so.

Every way with every vehicle would be many columns, of which a plan can use few. Listed are the
cheapest ways of a request with the vehicles that are there first; :mod:`routing.left_out` prices
all others, and what a plan may need of them joins.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

import numpy as np

from routing.centres import Flags, Floats, Ints
from routing.ground import NO_PACK, Ground, extra_min
from routing.joined_ways import JoinedWays
from routing.models.options import per_request_smallest
from routing.plan_chosen import Chosen
from routing.plan_entries import Entry
from routing.plan_stock import Stock
from routing.plan_vehicles import Reach
from routing.plan_ways import WayTable
from routing.problem import UNASSIGNED, Assignment, ReferralProblem

__all__ = ["TICKS_PER_TENTH", "Columns", "Joined", "build", "carried_over", "repeated", "ticks"]

TICKS_PER_TENTH = 1000
LAST_POSITION = TICKS_PER_TENTH - 1
WAYS = 20
PACKS = 8
"""So many ways of a request are listed at first, with so many packs of ambulances."""
MOST_PACKS = 10**6


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A problem and what its columns mean.

    Parameters
    ----------
    ground : Ground
        The requests with all their ways, and the vehicles.
    rows : shape (K,)
        Row of the stock behind each row of the problem.
    number, pack, tenths, delay_min : shape (J,)
        Number of the way among all, number of the pack of vehicles or :data:`NO_PACK`, cost in
        tenths of a minute, and how much later she leaves.
    listed : shape (W,)
        The ways that are listed from the first.
    packs, most : shape (R,)
        With how many packs of ambulances, the first to be there, these ways are listed, and how
        many there are; 1 and 1 in a plan without vehicles.
    joined : Joined
        What is listed beside them. Ways that a team goes, and those of priority 1 without any
        vehicle, are listed always.
    """

    problem: ReferralProblem
    ground: Ground
    rows: Ints
    number: Ints
    pack: Ints
    tenths: Ints
    delay_min: Floats
    listed: Flags
    packs: Ints
    most: Ints
    joined: "Joined"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The requests, in the order of the problem."""
        return self.ground.entries

    @property
    def tables(self) -> tuple[WayTable, ...]:
        """The ways of each request."""
        return self.ground.tables

    @property
    def stock(self) -> Stock:
        """What there is only so much of."""
        return self.ground.stock

    @property
    def ways(self) -> JoinedWays:
        """The ways of all requests, W of them."""
        return self.ground.ways

    @property
    def reach(self) -> Reach | None:
        """Which vehicles can be there; None in a plan without vehicles."""
        return self.ground.reach

    @property
    def way(self) -> Ints:
        """The number of the way of each column among those of its request, shape (J,)."""
        number: Ints = self.number - self.ways.first[self.problem.request]
        return number

    def chosen(self, request: int, column: int) -> Chosen:
        """Return the way behind a column of a request."""
        way = int(self.number[column] - self.ways.first[request])
        return Chosen(self.entries[request], self.tables[request], way)


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """Columns by way, counted over all requests, and by which of the packs, shape (n,)."""

    way: Ints
    nth: Ints

    @classmethod
    def none(cls) -> "Joined":
        """Return no column."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))

    @property
    def size(self) -> int:
        """How many columns these are."""
        return int(self.way.size)

    def with_these(self, other: "Joined") -> "Joined":
        """Return both, none twice."""
        key = np.sort(np.append(self.key, other.key))
        return Joined(*np.divmod(key[np.diff(key, prepend=-1) > 0], MOST_PACKS))

    def moved(self, before: JoinedWays, after: JoinedWays, *, without: Iterable[int]) -> "Joined":
        """Return the columns by their new numbers where some requests have other ways now."""
        request = before.request[self.way]
        stays = ~np.isin(request, sorted(without))
        way = self.way - before.first[request] + after.first[request]
        return Joined(way[stays], self.nth[stays])

    def without(self, other: "Joined") -> "Joined":
        """Return those that are not among others."""
        fresh = ~np.isin(self.key, other.key)
        return Joined(self.way[fresh], self.nth[fresh])

    @property
    def key(self) -> Ints:
        """One number for each column."""
        found: Ints = self.way * MOST_PACKS + self.nth
        return found


def build(
    ground: Ground,
    *,
    last_min: float,
    whole: Container[int] = (),
    joined: Joined | None = None,
) -> Columns:
    """Turn requests and stock into a problem.

    Parameters
    ----------
    last_min : float
        What going without any vehicle costs more, in minutes.
    whole : container of places
        Requests of which every way with every vehicle is listed.
    joined : Joined | None
        Columns to list beside the first; none of those.
    """
    ways, reach = ground.ways, ground.reach
    listing = _Listing.of(ground, whole, joined or Joined.none())
    if reach is None:
        number = np.sort(np.append(np.flatnonzero(listing.listed), listing.joined.way))
        pack, delay = np.full(number.size, NO_PACK), np.zeros(number.size)
    else:
        number, pack, delay = listing.crossed(reach)
    extra = extra_min(ways, number, delay)
    if reach is not None:
        extra[(pack == NO_PACK) & ~ground.frozen[ways.request[number]]] = last_min
    tenths = ways.tenths[number] + np.rint(10 * extra).astype(np.int64)
    rows = _rows(ground, pack)
    return Columns(
        problem=_problem(ground, rows, number=number, pack=pack, tenths=tenths),
        ground=ground,
        rows=rows,
        number=number,
        pack=pack,
        tenths=tenths,
        delay_min=delay,
        listed=listing.listed,
        packs=listing.packs,
        most=listing.most,
        joined=listing.joined,
    )


def ticks(ways: JoinedWays, number: Ints, tenths: Ints) -> Ints:
    """Return the cost of columns in ticks, the tie-break behind the tenths."""
    cost: Ints = tenths * TICKS_PER_TENTH + np.minimum(ways.position[number], LAST_POSITION)
    return cost


@dataclass(frozen=True, slots=True, eq=False)
class _Listing:
    """Which ways are listed with how many packs; see :class:`Columns`."""

    ground: Ground
    listed: Flags
    packs: Ints
    most: Ints
    joined: Joined

    @classmethod
    def of(cls, ground: Ground, whole: Container[int], joined: Joined) -> "_Listing":
        """List the cheapest ways, and all of requests in ``whole``."""
        ways, reach = ground.ways, ground.reach
        every = np.array([place in whole for place in ground.place.tolist()], dtype=np.bool_)
        listed = every[ways.request]
        listed[per_request_smallest(ways.tenths, ways.request, ways.first[:-1], WAYS)] = True
        packs = most = np.ones(ground.place.size, dtype=np.int64)
        if reach is None:
            listed |= ways.fallback
        else:
            listed |= reach.without()[ways.request]
            packs, most = np.where(every, reach.count, np.minimum(PACKS, reach.count)), reach.count
        beside = ~(listed[joined.way] & (joined.nth < packs[ways.request[joined.way]]))
        return cls(ground, listed, packs, most, Joined(joined.way[beside], joined.nth[beside]))

    def crossed(self, reach: Reach) -> tuple[Ints, Ints, Floats]:
        """Return way, pack and delay of every column, in the order of the ways."""
        ground, of_way = self.ground, self.ground.ways.request
        listed = np.flatnonzero(self.listed & ~ground.frozen[of_way])
        way, nth = repeated(listed, self.packs[of_way[listed]])
        way, nth = np.append(way, self.joined.way), np.append(nth, self.joined.nth)
        team = np.flatnonzero(~ground.frozen[of_way[reach.team_way]])
        # None can be there: only one more, where she is, would help.
        lone = listed[reach.without()[of_way[listed]]]
        # Priority 1 goes where she would go with one, whoever drives her (R-PRIO-04).
        bare = np.flatnonzero((ground.urgent & ~ground.frozen)[of_way])
        stays = np.flatnonzero(ground.frozen)
        kept = [ground.kept[place] for place in ground.place[stays].tolist()]
        parts = (
            (way, reach.near[of_way[way], nth], reach.delay_min(way, nth)),
            (reach.team_way[team], reach.team_pack[team], reach.team_delay_min[team]),
            (lone, reach.packs + ground.place[of_way[lone]], np.zeros(lone.size)),
            (bare, np.full(bare.size, NO_PACK), np.zeros(bare.size)),
            (
                ground.ways.first[stays],
                np.array([pack for pack, _ in kept], dtype=np.int64),
                np.array([delay for _, delay in kept], dtype=np.float64),
            ),
        )
        number, pack, delay = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(number, kind="stable")
        return number[order], pack[order], delay[order]


def repeated(values: Ints, times: Ints) -> tuple[Ints, Ints]:
    """Repeat each value so many times, and count the repetitions from 0."""
    ends = np.cumsum(times)
    return np.repeat(values, times), np.arange(int(times.sum())) - np.repeat(ends - times, times)


def _rows(ground: Ground, pack: Ints) -> Ints:
    """Return the rows of the stock that any way, listed or not, or any vehicle may need."""
    stock = ground.stock
    asked = np.zeros(stock.capacity.size, dtype=np.bool_)
    asked[ground.ways.use.indices] = True
    if stock.fleet is not None:
        asked[stock.pack(np.arange(stock.fleet.size))] = True
        asked[stock.pack(pack[pack != NO_PACK])] = True
    return np.flatnonzero(asked)


def _problem(
    ground: Ground, rows: Ints, *, number: Ints, pack: Ints, tenths: Ints
) -> ReferralProblem:
    """Put columns, uses and rows into numbers."""
    ways, stock = ground.ways, ground.stock
    place = np.full(stock.capacity.size, NO_PACK)
    place[rows] = np.arange(rows.size)
    use, driven, request = ways.use[number], np.flatnonzero(pack != NO_PACK), ways.request[number]
    return ReferralProblem(
        tier=np.array([entry.priority for entry in ground.entries], dtype=np.int64),
        request=request,
        cost=ticks(ways, number, tenths),
        use_column=np.append(np.repeat(np.arange(number.size), np.diff(use.indptr)), driven),
        use_row=place[np.append(use.indices, stock.pack(pack[driven]))],
        use_amount=np.append(use.data, np.ones_like(driven)),
        capacity=stock.capacity[rows],
        fallback=ways.fallback[number] & (pack == NO_PACK) & ~ground.frozen[request],
        frozen=ground.frozen,
    )


def carried_over(assignment: Assignment, before: Columns, after: Columns) -> Assignment:
    """Return the same plan in the columns of a problem that lists more of the same requests."""
    column_of = np.full_like(assignment.column_of, UNASSIGNED)
    first = np.searchsorted(after.problem.request, np.arange(column_of.size + 1))
    for r, column in enumerate(assignment.column_of.tolist()):
        if column != UNASSIGNED:
            mine = slice(first[r], first[r + 1])
            way = before.number[column] - before.ways.first[r]
            same = after.number[mine] - after.ways.first[r] == way
            same &= after.pack[mine] == before.pack[column]
            column_of[r] = first[r] + int(np.flatnonzero(same)[0])
    return replace(assignment, column_of=column_of)
