"""The columns of a plan: every way of every request, with every vehicle that can be there.

Costs are whole tenths of a minute; in the problem a tenth is 1000 ticks, and the position in the
request's own ranking breaks ties (R-DEST-03). Where vehicles are given, every way of priority 1
remains possible without one, as the very last way out (R-PRIO-04): somebody has to find a vehicle,
and the plan says so.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from routing.centres import Flags, Floats, Ints
from routing.plan_chosen import Chosen
from routing.plan_entries import Entry, catchment_ranks
from routing.plan_frozen import settle
from routing.plan_parts import UNKNOWN
from routing.plan_stock import Stock
from routing.plan_ways import WayTable, way_table
from routing.problem import ReferralProblem

__all__ = ["NO_PACK", "TICKS_PER_TENTH", "Columns", "build"]

NO_PACK = -1
TICKS_PER_TENTH = 1000
LAST_POSITION = TICKS_PER_TENTH - 1
MOST_COLUMNS = 1_500_000
FEWEST_PACKS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A problem and what its columns mean.

    Parameters
    ----------
    blocks : tuple of length R
        Request r of the problem with its ways.
    rows : shape (K,)
        Row of the stock behind each row of the problem.
    way, pack, tenths, delay_min : shape (J,)
        Number of the way among those of its request, number of the pack of vehicles or
        :data:`NO_PACK`, cost in tenths of a minute, and how much later she leaves.
    """

    problem: ReferralProblem
    blocks: "tuple[_Block, ...]"
    stock: Stock
    rows: Ints
    way: Ints
    pack: Ints
    tenths: Ints
    delay_min: Floats

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The requests, in the order of the problem."""
        return tuple(block.entry for block in self.blocks)

    @property
    def ways(self) -> tuple[WayTable, ...]:
        """The ways of each request."""
        return tuple(block.ways for block in self.blocks)

    @property
    def cut(self) -> bool:
        """Whether vehicles that can be there have been left out."""
        return any(block.cut for block in self.blocks)

    @property
    def number(self) -> Ints:
        """The number of the way of each column when all ways stand in one list, shape (J,)."""
        size = np.array([ways.size for ways in self.ways], dtype=np.int64)
        number: Ints = (np.cumsum(size) - size)[self.problem.request] + self.way
        return number

    def chosen(self, request: int, column: int) -> Chosen:
        """Return the way behind a column of a request."""
        block = self.blocks[request]
        return Chosen(block.entry, block.ways, int(self.way[column]))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """The columns of one request, shape (n,) each."""

    entry: Entry
    ways: WayTable
    way: Ints
    pack: Ints
    tenths: Ints
    delay_min: Floats
    fallback: Flags
    cut: bool


def build(
    entries: Sequence[Entry],
    stock: Stock,
    *,
    last_min: float,
    before: Columns | None = None,
    whole: Container[int] = (),
) -> Columns:
    """Turn requests and stock into a problem.

    Parameters
    ----------
    last_min : float
        What going without any vehicle costs more, in minutes.
    before : Columns | None
        An earlier problem: requests that are the same keep their ways.
    whole : container of places
        Requests that keep all their vehicles where others must be cut.

    Notes
    -----
    Beyond :data:`MOST_COLUMNS` only the vehicles that are there first are listed, for memory is
    not endless; ``Columns.cut`` says so, and nothing is called proven.
    """
    used: Counter[int] = Counter()
    known = {} if before is None else {b.entry: b.ways for b in before.blocks if not b.entry.frozen}
    tables = {e.place: known.get(e) or _ways(e, stock) for e in entries if not e.frozen}
    most = _packs_each(entries, tables, stock)
    found: dict[int, _Block] = {}
    # What frozen requests take decides by which way the next of them stays.
    for entry in entries:
        if entry.frozen:
            kept = settle(entry, stock, used)
            block = _block(kept.entry, kept.ways, stock, last_min=0.0)
            block = _first_vehicle(block, stock, used)
            for row, n in kept.ways.uses(0):
                used[row] += n
        else:
            packs = None if entry.place in whole else most
            block = _block(entry, tables[entry.place], stock, last_min=last_min, most=packs)
        found[entry.place] = block
    return _numbered([found[entry.place] for entry in entries], stock)


def _packs_each(
    entries: Sequence[Entry], tables: Mapping[int, WayTable], stock: Stock
) -> int | None:
    """Return how many packs each request may list; None where all of them fit."""
    fleet = stock.fleet
    if fleet is None:
        return None
    near = {e.place: fleet.near(e.choices.question.times).size for e in entries if not e.frozen}
    if sum(tables[place].size * n for place, n in near.items()) <= MOST_COLUMNS:
        return None
    return max(FEWEST_PACKS, MOST_COLUMNS // sum(table.size for table in tables.values()))


def _ways(entry: Entry, stock: Stock) -> WayTable:
    """Return the ways of a request that is not frozen."""
    exempt: frozenset[int] = frozenset()
    if entry.stop is not None and entry.priority == 1:
        ranks = catchment_ranks(entry.choices.question.network, entry.request)
        exempt = frozenset(row for row, rank in ranks.items() if rank == 0)
    return way_table(entry.choices, entry.stop, stock, priority=entry.priority, exempt=exempt)


def _block(
    entry: Entry, ways: WayTable, stock: Stock, *, last_min: float, most: int | None = None
) -> _Block:
    """Cross the ways of one request with the vehicles that can be there."""
    every = np.arange(ways.size)
    way, pack, delay = every, np.full(ways.size, NO_PACK), np.zeros(ways.size)
    extra, cut = delay, False
    if stock.fleet is not None:
        patient = entry.request.case.patient
        times = entry.choices.question.times
        number, with_pack, late, cut = stock.fleet.served(ways, patient, times, most=most)
        if not number.size and not entry.frozen:
            # None can be there: only one more, where she is, would help.
            number, late = every, np.zeros(ways.size)
            with_pack = np.full(ways.size, stock.fleet.size + entry.place)
        # Priority 1 goes where she would go with one, whoever drives her (R-PRIO-04).
        alone = every if entry.frozen or entry.priority == 1 else every[:0]
        way = np.append(number, alone)
        pack = np.append(with_pack, np.full(alone.size, NO_PACK))
        delay = np.append(late, np.zeros(alone.size))
        extra = np.append(
            late + np.maximum(0.0, late - ways.slack_min[number]), np.full(alone.size, last_min)
        )
    extra = np.where(ways.sort[way] == UNKNOWN, 0.0, extra)
    return _Block(
        entry=entry,
        ways=ways,
        way=way,
        pack=pack,
        tenths=ways.tenths[way] + np.rint(10 * extra).astype(np.int64),
        delay_min=delay,
        fallback=ways.fallback[way] & (pack == NO_PACK),
        cut=cut,
    )


def _first_vehicle(block: _Block, stock: Stock, used: Counter[int]) -> _Block:
    """Keep the one column of a frozen request whose vehicle is there first, and take it."""
    chosen = 0
    for at in np.lexsort((block.pack, block.tenths, block.pack == NO_PACK)).tolist():
        chosen = at
        if block.pack[at] == NO_PACK:
            break
        row = int(stock.pack(block.pack[at]))
        if used[row] < stock.capacity[row]:
            used[row] += 1
            break
    return replace(
        block,
        way=block.way[[chosen]],
        pack=block.pack[[chosen]],
        tenths=block.tenths[[chosen]],
        delay_min=block.delay_min[[chosen]],
        fallback=np.zeros(1, dtype=np.bool_),
    )


def _numbered(blocks: Sequence[_Block], stock: Stock) -> Columns:
    """Put the blocks behind each other and number columns, uses and rows."""
    size = [block.way.size for block in blocks]
    request = np.repeat(np.arange(len(blocks)), size)
    way, pack = _joined([b.way for b in blocks]), _joined([b.pack for b in blocks])
    tenths = _joined([b.tenths for b in blocks])
    position = _joined([b.ways.position[b.way] for b in blocks])
    column, used, amount = _taken(blocks, way, request)
    driven = np.flatnonzero(pack != NO_PACK)
    wanted = np.append(used, stock.pack(pack[driven]))
    asked = np.zeros(stock.capacity.size, dtype=np.bool_)
    asked[wanted] = True
    rows, row = np.flatnonzero(asked), (np.cumsum(asked) - 1)[wanted]
    problem = ReferralProblem(
        tier=np.array([block.entry.priority for block in blocks], dtype=np.int64),
        request=request,
        cost=tenths * TICKS_PER_TENTH + np.minimum(position, LAST_POSITION),
        use_column=np.append(column, driven),
        use_row=row,
        use_amount=np.append(amount, np.ones_like(driven)),
        capacity=stock.capacity[rows],
        fallback=_joined([b.fallback for b in blocks]).astype(np.bool_),
        frozen=np.array([block.entry.frozen for block in blocks], dtype=np.bool_),
    )
    return Columns(
        problem=problem,
        blocks=tuple(blocks),
        stock=stock,
        rows=rows,
        way=way,
        pack=pack,
        tenths=tenths,
        delay_min=np.concatenate([np.zeros(0), *(b.delay_min for b in blocks)]),
    )


def _joined(parts: Sequence[npt.NDArray[np.generic]]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)


def _taken(blocks: Sequence[_Block], way: Ints, request: Ints) -> tuple[Ints, Ints, Ints]:
    """Return (column, row, amount) of everything the ways take, for every column of a way."""
    size = np.array([block.ways.size for block in blocks], dtype=np.int64)
    first = np.cumsum(size) - size
    by_way = [np.argsort(block.ways.use_way, kind="stable") for block in blocks]
    owner = _joined([b.ways.use_way[o] + f for b, o, f in zip(blocks, by_way, first, strict=True)])
    row = _joined([b.ways.use_row[o] for b, o in zip(blocks, by_way, strict=True)])
    amount = _joined([b.ways.use_amount[o] for b, o in zip(blocks, by_way, strict=True)])
    count = np.bincount(owner, minlength=int(size.sum()))
    start = np.cumsum(count) - count
    at = first[request] + way if way.size else way
    uses = count[at]
    column = np.repeat(np.arange(at.size), uses)
    within = np.arange(column.size) - np.repeat(np.cumsum(uses) - uses, uses)
    use = np.repeat(start[at], uses) + within
    return column, row[use], amount[use]
