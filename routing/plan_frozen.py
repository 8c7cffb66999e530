"""Requests that keep their place: which way of it stands, and what it takes from the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from routing.centres import KIND_INDEX, Ints
from routing.plan_entries import Entry
from routing.plan_parts import NONE, OVER, UNKNOWN
from routing.plan_stock import Stock
from routing.plan_ways import WayTable, way_table

__all__ = ["Kept", "settle"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A frozen request with what is to be said about its place, and its one way."""

    entry: Entry
    ways: WayTable


def settle(entry: Entry, stock: Stock, used: Mapping[int, int]) -> Kept:
    """Choose the way by which a frozen request keeps its place.

    The cheapest for which there is room beside earlier frozen requests (``used``), else the
    cheapest; where the centre is no way any more, the seats of the need. She keeps her place in
    every case, and ``why`` says what is wrong with it.
    """
    here = entry.choices.question.network.row_of[str(entry.item.frozen_to)]
    tables = [way_table(entry.choices, None, stock, priority=entry.priority)]
    if entry.stop is not None:
        tables.insert(0, way_table(entry.choices, entry.stop, stock, priority=entry.priority))
    found = [
        table.only(way)
        for table in tables
        for way in np.flatnonzero(table.row == here)[
            np.argsort(table.tenths[table.row == here], kind="stable")
        ].tolist()
    ]
    for ways in found:
        if _fits(ways.uses(0), stock, used):
            return Kept(_told(entry), ways)
    if found:
        full = next((ways for ways in found if ways.sort[0] == OVER), found[0])
        return Kept(_told(entry, "frozen_full"), full)
    ways = _unknown(entry, here, stock)
    if _fits(ways.uses(0), stock, used):
        return Kept(_told(entry, "frozen_not_feasible"), ways)
    return Kept(_told(entry, "frozen_not_feasible", "frozen_full"), ways)


def _told(entry: Entry, *codes: str) -> Entry:
    return replace(entry, why=(*entry.why, "frozen", *codes))


def _fits(uses: Iterable[tuple[int, int]], stock: Stock, used: Mapping[int, int]) -> bool:
    asked: dict[int, int] = {}
    for row, n in uses:
        asked[row] = asked.get(row, 0) + n
    return all(used.get(row, 0) + n <= int(stock.capacity[row]) for row, n in asked.items())


def _unknown(entry: Entry, here: int, stock: Stock) -> WayTable:
    """Return a place kept at a centre that she could not be given now; it has no cost."""
    seats = entry.choices.assessed.need.seats
    one, at = np.zeros(1, dtype=np.int64), np.array([here])
    kind = np.array([KIND_INDEX[seat.kind] for seat in seats], dtype=np.int64)
    way, row = np.zeros_like(kind), np.full_like(kind, here)
    uses = stock.take(way, row, kind, np.ones_like(kind), entry.priority)
    none = np.array([NONE])
    return WayTable(
        sort=np.array([UNKNOWN]),
        row=at,
        need=none,
        variant=none,
        pair=none,
        fallback=np.zeros(1, dtype=np.bool_),
        tenths=one,
        position=one,
        planned_min=np.zeros(1),
        by_team=np.zeros(1, dtype=np.bool_),
        slack_min=np.array([np.inf]),
        use_way=_all([way for way, _, _ in uses]),
        use_row=_all([row for _, row, _ in uses]),
        use_amount=_all([amount for _, _, amount in uses]),
    )


def _all(parts: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
