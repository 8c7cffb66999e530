"""A solved problem as the answer says it: who goes where, with which vehicle, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from routing.columns import TICKS_PER_TENTH, Columns
from routing.ground import NO_PACK
from routing.plan_answer import Assigned, Tier
from routing.plan_chosen import Chosen
from routing.plan_parts import OVER, STOP, UNKNOWN
from routing.problem import UNASSIGNED, Assignment, TierResult
from routing.why import Whys

__all__ = ["assignments_of", "tiers_of"]

TICKS_PER_MIN = 10 * TICKS_PER_TENTH


def tiers_of(columns: Columns, assignment: Assignment, *, bounded: bool) -> tuple[Tier, ...]:
    """Return what each priority reached, the tie-break left out; ``bounded`` with its bound."""
    found = []
    for tier in assignment.tiers:
        chosen = assignment.column_of[columns.problem.tier == tier.tier]
        placed = chosen[chosen != UNASSIGNED]
        tenths = int(columns.tenths[placed].sum())
        ties = tier.objective - tenths * TICKS_PER_TENTH
        bound = _bound(tier, ties) if bounded else None
        found.append(Tier(tier.tier, tier.placed, tier.waiting, tenths / 10, bound))
    return tuple(found)


def _bound(tier: TierResult, ties: int) -> float | None:
    if not tier.proven and tier.bound == 0:
        return None
    return round(max(0, tier.bound - ties) / TICKS_PER_MIN, 1)


def assignments_of(columns: Columns, assignment: Assignment) -> tuple[Assigned, ...]:
    """Return one row per request, in the order asked."""
    vehicle = _vehicles(columns, assignment)
    reserve = _uses_reserve(columns, assignment)
    found = []
    for r, (entry, column) in enumerate(
        zip(columns.entries, assignment.column_of.tolist(), strict=True)
    ):
        if column == UNASSIGNED:
            row = Assigned(entry.item.id, entry.priority, None, None, False, (), None, entry.why)
        else:
            chosen = columns.chosen(r, column)
            why = _why(columns, column, chosen, uses_reserve=r in reserve)
            row = Assigned(
                request_id=entry.item.id,
                priority=entry.priority,
                facility_id=columns.stock.ids[chosen.row],
                cost_min=None if chosen.sort == UNKNOWN else int(columns.tenths[column]) / 10,
                over_capacity=chosen.over_capacity,
                places=chosen.seats,
                vehicle_id=vehicle.get(r),
                why=tuple(dict.fromkeys(why)),
            )
        found.append((entry.place, row))
    return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))


def _why(columns: Columns, column: int, chosen: Chosen, *, uses_reserve: bool) -> Iterator[str]:
    """Yield what the plan has to say, then what the ranking says of that centre."""
    entry = chosen.entry
    yield from entry.why
    if chosen.over_capacity:
        always = bool(chosen.ways.fallback[chosen.way])
        yield "fallback_catchment" if always else "over_capacity"
    if uses_reserve:
        yield "uses_reserve"
    if columns.stock.fleet is not None and columns.pack[column] == NO_PACK:
        yield "no_vehicle_left"
    if columns.delay_min[column] > 0:
        yield "waits_for_vehicle"
    if chosen.sort == UNKNOWN:
        return
    whys = Whys(entry.choices, entry.stop)
    if chosen.sort == STOP and entry.stop is not None:
        yield "first_stop"
        yield from whys.of_stop(entry.stop)
    elif chosen.pair is not None:
        yield from whys.of_pair(chosen.pair)
    else:
        variant = int(chosen.ways.variant[chosen.way])
        over = chosen.sort == OVER
        yield from whys.of_centre(chosen.row, chosen.weighed, None if over else variant)


def _vehicles(columns: Columns, assignment: Assignment) -> dict[int, str]:
    """Hand out the vehicles of each pack in the order of the requests."""
    fleet = columns.stock.fleet
    if fleet is None:
        return {}
    given: Counter[int] = Counter()
    found = {}
    for r, column in enumerate(assignment.column_of.tolist()):
        pack = NO_PACK if column == UNASSIGNED else int(columns.pack[column])
        if pack != NO_PACK:
            found[r] = fleet.packs[pack].ids[given[pack]]
            given[pack] += 1
    return found


def _uses_reserve(columns: Columns, assignment: Assignment) -> set[int]:
    """Return the priority-1 requests that stand in reserved places, the last come first.

    Of a pool the unreserved places go first; whatever is taken beyond them is reserve.
    """
    stock, takers = columns.stock, defaultdict[int, list[int]](list)
    if not stock.reserved.any():
        return set()
    for r, column in enumerate(assignment.column_of.tolist()):
        if column != UNASSIGNED:
            for row, amount in columns.tables[r].uses(int(columns.way[column])):
                takers[row] += [r] * amount
    found: set[int] = set()
    reserved = stock.reserved.reshape(-1)
    for row in np.flatnonzero(reserved).tolist():
        taken = takers.get(row, [])
        beyond = len(taken) - max(0, int(stock.capacity[row]) - int(reserved[row]))
        urgent = [r for r in taken if columns.entries[r].priority == 1]
        if beyond > 0:
            found.update(urgent[-beyond:])
    return found
