"""All ways of one request as arrays: the same ways and figures as a ranking, ready to be planned.

Besides the ways of today the table holds those that a full pool would open. Their rows hold less
than they need, so no plan can take one; they show what one place more would bring, and who else
would want it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.centres import Flags, Floats, Ints
from routing.choices import Choices
from routing.first_stop import Stop
from routing.plan_parts import NONE, OVER, PAIR, STOP, parts_of
from routing.plan_stock import Stock
from routing.tenths import rounded
from routing.ways import fallback_pair, fallback_row

__all__ = ["WayTable", "way_table"]

_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class WayTable:
    """W ways of one request.

    Parameters
    ----------
    sort, row, need, variant, pair : shape (W,)
        Sort of way, facility, by which need, taking which variant of places; which pair.
    fallback : shape (W,)
        Always possible: it takes no row (R-PRIO-04).
    tenths, position : shape (W,)
        Cost in tenths of a minute, and position of the centre in the request's own ranking.
    planned_min, by_team, slack_min : shape (W,)
        When she leaves, whether a team of the centre takes part, and how much later she may
        leave before every minute counts twice (R-COST-01).
    use_way, use_row, use_amount : shape (U,)
        What a way takes of the rows of the stock.
    """

    sort: Ints
    row: Ints
    need: Ints
    variant: Ints
    pair: Ints
    fallback: Flags
    tenths: Ints
    position: Ints
    planned_min: Floats
    by_team: Flags
    slack_min: Floats
    use_way: Ints
    use_row: Ints
    use_amount: Ints

    @property
    def size(self) -> int:
        """W, the number of ways."""
        return int(self.row.size)

    def uses(self, way: int) -> list[tuple[int, int]]:
        """Return (row, amount) of one way."""
        mine = np.flatnonzero(self.use_way == way)
        rows, amounts = self.use_row[mine].tolist(), self.use_amount[mine].tolist()
        return list(zip(rows, amounts, strict=True))

    def only(self, way: int) -> "WayTable":
        """Return the table of one of its ways."""
        mine = self.use_way == way
        fields = {
            name: getattr(self, name)[[way]]
            for name in (
                "sort",
                "row",
                "need",
                "variant",
                "pair",
                "fallback",
                "tenths",
                "position",
                "planned_min",
                "by_team",
                "slack_min",
            )
        }
        return WayTable(
            **fields,
            use_way=np.zeros(int(mine.sum()), dtype=np.int64),
            use_row=self.use_row[mine],
            use_amount=self.use_amount[mine],
        )


def way_table(
    choices: Choices,
    stop: Stop | None,
    stock: Stock,
    *,
    priority: int,
    exempt: frozenset[int] = frozenset(),
) -> WayTable:
    """Return the ways of one request.

    Parameters
    ----------
    stop : Stop | None
        Her only choice where there is one (R-ROUTE-10).
    exempt : frozenset[int]
        Facilities at which no limit over capacity counts for a first stop.
    """
    if stop is not None:
        return _of_stop(choices, stop, stock, exempt)
    parts = tuple(parts_of(choices))
    sizes = [part.row.size for part in parts]
    start = np.cumsum([0, *sizes]).tolist()

    def each(values: Sequence[int]) -> Ints:
        return np.repeat(np.array(values, dtype=np.int64), sizes)

    row, sort = _joined([part.row for part in parts]), each([part.sort for part in parts])
    pair = _joined([part.pair for part in parts])
    always = _promised(choices, sort, row, pair, priority)
    uses = [(_NOTHING, _NOTHING, _NOTHING)]
    for first, part in zip(start, parts, strict=False):
        asks, full = first + part.asked[0], part.asked[1]
        counts = ~always[asks]
        over = stock.over(full[counts])
        uses.append((asks[counts], over, np.ones_like(over)))
        for way, facility, kind, amount in part.taken:
            uses += stock.take(first + way, facility, kind, amount, priority)
    way, used, amount = (np.concatenate(column) for column in zip(*uses, strict=True))
    always |= (priority == 1) & (np.bincount(way, minlength=row.size) == 0)
    slack = [
        np.maximum(0.0, choices.question.remaining_min(part.weighed.need) - part.care_min)
        for part in parts
    ]
    return WayTable(
        sort=sort,
        row=row,
        need=each([part.need for part in parts]),
        variant=each([part.variant for part in parts]),
        pair=pair,
        fallback=always,
        tenths=_tenths([part.minutes for part in parts]),
        position=np.where(
            sort == PAIR, len(choices.order) + 1 + pair, _position(choices, row) + (sort == OVER)
        ),
        planned_min=np.concatenate([np.zeros(0), *(p.going.leaves_min[p.row] for p in parts)]),
        by_team=_joined([p.going.by_team[p.row] for p in parts]).astype(np.bool_),
        slack_min=np.concatenate([np.zeros(0), *slack]),
        use_way=way,
        use_row=used,
        use_amount=amount,
    )


def _promised(choices: Choices, sort: Ints, row: Ints, pair: Ints, priority: int) -> Flags:
    """Mark the way that priority 1 may always go: a centre over capacity, or a pair."""
    centre, apart = fallback_row(choices, priority), fallback_pair(choices, priority)
    if apart is None:
        always: Flags = (sort == OVER) & (row == (NONE if centre is None else centre))
        return always
    both: Flags = (sort == PAIR) & (pair == apart)
    return both


def _joined(parts: Sequence[npt.NDArray[np.generic]]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)


def _tenths(minutes: Sequence[Floats]) -> Ints:
    """Round as a ranking does, decimally; NumPy would round 0.35 up."""
    shown = rounded(np.concatenate([np.zeros(0), *minutes]))
    tenths: Ints = np.rint(10 * shown).astype(np.int64)
    return tenths


def _position(choices: Choices, row: Ints) -> Ints:
    """Return the position of facilities in the request's own ranking, the others behind."""
    position = np.full(choices.question.centres.size, len(choices.order))
    position[list(choices.order)] = np.arange(len(choices.order))
    return position[row]


def _of_stop(choices: Choices, stop: Stop, stock: Stock, exempt: frozenset[int]) -> WayTable:
    """Return the stop: no place, but one of the placements over capacity of that centre."""
    row, free = np.array([stop.row]), stop.row in exempt
    way = np.zeros(0 if free else 1, dtype=np.int64)
    none = np.array([NONE])
    leaves = stop.transport.ready_min + stop.transport.out_min
    return WayTable(
        sort=np.array([STOP]),
        row=row,
        need=np.array([len(choices.weighed) - 1]),
        variant=none,
        pair=none,
        fallback=np.array([free]),
        tenths=np.array([round(10 * round(stop.care_min, 1))]),
        position=np.zeros(1, dtype=np.int64),
        planned_min=np.array([leaves]),
        by_team=np.array([stop.transport.by in ("receiver_team", "meet")]),
        slack_min=np.array([np.inf]),
        use_way=way,
        use_row=stock.over(row)[: way.size],
        use_amount=np.ones_like(way),
    )
