"""What happens when everybody decides alone: two simple rules to set beside a plan.

Both use the same ways, places, reserves, vehicles and costs as the plan; frozen requests keep
their place first. Requests come in the order in which transfer was decided, whatever their
priority: first come, first served. A full centre is asked over capacity only when nothing suitable
is free.
"""

from collections.abc import Sequence

import numpy as np

from routing.centres import Floats, Ints
from routing.columns import NO_PACK, Columns
from routing.network import FacilityNetwork
from routing.plan_answer import Against, Baseline
from routing.plan_entries import Entry, catchment_ranks
from routing.plan_parts import OVER
from routing.problem import TIERS

__all__ = ["against"]

NOT_CATCHMENT = 99
RANKS, FAR, DEAR = 100, 10**5, 10**7
NOT_POSSIBLE = np.iinfo(np.int64).max


def against(columns: Columns, network: FacilityNetwork) -> dict[str, Against]:
    """Return the tiers that each simple rule reaches."""
    minutes = [
        entry.choices.question.expected_min[ways.row]
        for entry, ways in zip(columns.entries, columns.ways, strict=True)
    ]
    travel = np.concatenate([np.zeros(0), *minutes])[columns.number]
    facility = _of_way(columns, [ways.row for ways in columns.ways])
    ranks = np.full((len(columns.entries), len(network.ids)), NOT_CATCHMENT)
    for r, entry in enumerate(columns.entries):
        for row, rank in catchment_ranks(network, entry.request).items():
            ranks[r, row] = rank
    catchment = ranks[columns.problem.request, facility]
    return {
        "nearest_capable_free": _reached(columns, np.zeros_like(facility), travel),
        "catchment_first": _reached(columns, catchment, travel),
    }


def _reached(columns: Columns, first: Ints, travel: Floats) -> Against:
    """Serve the requests in turn; each takes its first way that is still possible."""
    problem = columns.problem
    full = _of_way(columns, [ways.sort for ways in columns.ways]) == OVER
    # Full last, without a vehicle very last, then the rank of the rule, the way, the cost.
    key = (full + 2 * (columns.pack == NO_PACK)) * RANKS + first
    far = np.rint(10 * np.where(np.isfinite(travel), travel, 0.0)).astype(np.int64)
    key = (key * FAR + np.minimum(far, FAR - 1)) * DEAR + np.minimum(columns.tenths, DEAR - 1)
    start = np.searchsorted(problem.request, np.arange(problem.requests + 1))
    order = np.argsort(problem.use_column, kind="stable")
    owner, row, amount = (
        array[order] for array in (problem.use_column, problem.use_row, problem.use_amount)
    )
    use = np.searchsorted(owner, start)
    left, chosen = problem.capacity.copy(), {}
    for r in _turns(columns.entries):
        mine, uses = slice(start[r], start[r + 1]), slice(use[r], use[r + 1])
        keys = key[mine].copy()
        if not problem.frozen[r]:
            keys[owner[uses][left[row[uses]] < amount[uses]] - start[r]] = NOT_POSSIBLE
        best = int(keys.argmin()) if keys.size else 0
        if keys.size and keys[best] < NOT_POSSIBLE:
            chosen[r] = best + int(start[r])
            taken = uses.start + np.flatnonzero(owner[uses] == chosen[r])
            np.subtract.at(left, row[taken], amount[taken])
    return Against(tuple(_tier(columns, chosen, tier) for tier in TIERS))


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


def _of_way(columns: Columns, values: Sequence[Ints]) -> Ints:
    """Return what is known of each way for every column, shape (J,)."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *values])[columns.number]


def _tier(columns: Columns, chosen: dict[int, int], tier: int) -> Baseline:
    mine = np.flatnonzero(columns.problem.tier == tier).tolist()
    placed = [chosen[r] for r in mine if r in chosen]
    tenths = int(columns.tenths[placed].sum())
    return Baseline(tier, len(placed), len(mine) - len(placed), tenths / 10)
