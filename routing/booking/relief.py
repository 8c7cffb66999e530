"""Why a woman is without a booking: the weeks that are full, and what would give her a place.

Every centre that may be hers is compared with what the plan leaves: the weeks in which her load
does not fit are what blocks, and for each the places are counted that would make it fit. The plan
with these places and her in it is possible, so one woman fewer is without a booking: counted again
by :mod:`routing.booking.evaluate`. Where one centre asks for several places, single places are
tried by solving again, all of a small question and the part around her of a large one: one more
place elsewhere may let others move out of her way.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from routing.booking.answer import Added, Block, Relief, Unbooked
from routing.booking.evaluate import faults_of
from routing.booking.filling import Filling
from routing.booking.ground import BookingGround
from routing.booking.problem import HOME, NO_OPTION, BookingPlan, BookingProblem
from routing.booking.room import limit_of
from routing.centres import KINDS, Ints

__all__ = ["Again", "unbooked_of"]

Again = Callable[[BookingProblem, int], BookingPlan | None]
SHOWN = 3
TRIED = 12
MOST_PLACES = 50
LODGING = -1


@dataclass(frozen=True, slots=True)
class _Way:
    """An option of one woman with what it lacks: (centre, kind or LODGING, week, places)."""

    centre: int
    lodged: int
    ticks: int
    lacks: tuple[tuple[int, int, int, int], ...]

    @property
    def places(self) -> int:
        return sum(lack[3] for lack in self.lacks)


def unbooked_of(
    ground: BookingGround, plan: BookingPlan, without: list[int], *, again: Again
) -> tuple[Unbooked, ...]:
    """Explain everybody without a booking, in the order asked.

    Parameters
    ----------
    again
        Solves a problem with more room; None where there is no time for it.
    """
    if not without:
        return ()
    group_of = {n: g for g, alike in enumerate(ground.groups) for n in alike.members}
    left = Filling.of(ground.problem, plan)
    known: dict[int, tuple[tuple[Block, ...], tuple[Relief, ...]]] = {}
    for number in without:
        group = group_of[number]
        if group not in known:
            known[group] = _explained(ground, plan, left, group, again)
    return tuple(Unbooked(ground.asked.pregnancies[n].id, *known[group_of[n]]) for n in without)


def _explained(
    ground: BookingGround, plan: BookingPlan, left: Filling, group: int, again: Again
) -> tuple[tuple[Block, ...], tuple[Relief, ...]]:
    ways = _ways(ground, left, group)
    if not ways:
        return (Block("no_capable_centre", None, None, None),), ()
    blocks = [
        Block("no_room" if kind != LODGING else "no_lodging", *_names(ground, centre, kind, week))
        for way in ways[:SHOWN]
        for centre, kind, week, _ in way.lacks
    ]
    best = [way for way in ways if way.places == ways[0].places and way.places <= MOST_PLACES]
    reliefs = [
        Relief(tuple(_added(ground, lack) for lack in way.lacks), ground.network.ids[way.centre])
        for way in best[:SHOWN]
        if _verified(ground, plan, group, way)
    ]
    if ways[0].places > 1:
        reliefs = _single(ground, plan, group, ways, again) or reliefs
    return tuple(dict.fromkeys(blocks)), tuple(reliefs)


def _ways(ground: BookingGround, left: Filling, group: int) -> list[_Way]:
    """List her options by places lacking, then cost."""
    cost = ground.problem.cost[group]
    found = []
    for lodged, centre in np.argwhere(cost < NO_OPTION).tolist():
        lacks = _lacks(ground, left, group, lodged, centre)
        found.append(_Way(centre, lodged, int(cost[lodged, centre]), lacks))
    return sorted(found, key=lambda way: (way.places, way.ticks))


def _lacks(
    ground: BookingGround, left: Filling, group: int, lodged: int, centre: int
) -> tuple[tuple[int, int, int, int], ...]:
    problem, table = ground.problem, ground.standing.table
    percentile = ground.rules.numbers["booking_percentile"]
    load = problem.load[problem.shape[group]]
    found = []
    for kind, week in np.argwhere(load).tolist():
        served = int(problem.serves[kind, centre])
        missing = int(load[kind, week] - left.room[centre, served, week])
        if missing > 0:
            places = int(table.places[centre, served, week])
            # What frozen bookings take beyond the limit has to be made good first.
            over = int(ground.standing.room[centre, served, week])
            missing += max(0, over - int(table.limit[centre, served, week]))
            found.append((centre, served, week, _more(places, missing, percentile)))
    if lodged != HOME:
        for week in np.flatnonzero(problem.held[problem.span[group]]).tolist():
            if left.lodging[centre, week] < 1:
                found.append((centre, LODGING, week, 1 - int(left.lodging[centre, week])))
    return tuple(found)


def _more(places: int, missing: int, percentile: float) -> int:
    """Return how many more places raise the limit by what is missing."""
    limit = limit_of(places, percentile)
    for more in range(1, MOST_PLACES + 1):
        if limit_of(places + more, percentile) - limit >= missing:
            return more
    return MOST_PLACES + 1


def _enlarged(
    ground: BookingGround, added: tuple[tuple[int, int, int, int], ...]
) -> BookingProblem:
    """Return the problem with places added."""
    problem, table = ground.problem, ground.standing.table
    percentile = ground.rules.numbers["booking_percentile"]
    room, lodging = problem.room.copy(), problem.lodging.copy()
    for centre, kind, week, places in added:
        if kind == LODGING:
            lodging[centre, week] += places
        else:
            limit = limit_of(int(table.places[centre, kind, week]) + places, percentile)
            taken = int(ground.standing.room[centre, kind, week])
            room[centre, kind, week] = max(0, limit - taken)
    return replace(problem, room=room, lodging=lodging)


def _verified(ground: BookingGround, plan: BookingPlan, group: int, way: _Way) -> bool:
    """Whether those at her centre and she fit there when the places are added.

    The others stand as they stood in a plan that was counted: only her centre is counted again.
    """
    here = plan.centre == way.centre
    problem = ground.problem

    def with_her(of: Ints, one: int) -> Ints:
        return np.append(of[here], one)

    cost = problem.cost[plan.group, plan.lodged, plan.centre]
    women = with_her(plan.women, 1)
    larger = replace(
        plan,
        group=with_her(plan.group, group),
        lodged=with_her(plan.lodged, way.lodged),
        centre=with_her(plan.centre, way.centre),
        women=women,
        unbooked=problem.women - int(women.sum()),
        cost=int(cost[here] @ plan.women[here]) + way.ticks,
        unbooked_bound=0,
        bound=0,
        status="feasible",
    )
    return not faults_of(_enlarged(ground, way.lacks), larger)


def _single(
    ground: BookingGround, plan: BookingPlan, group: int, ways: list[_Way], again: Again
) -> list[Relief]:
    """Look for one place that is enough, by solving again."""
    singles = dict.fromkeys(
        (centre, kind, week, 1) for way in ways for centre, kind, week, _ in way.lacks
    )
    found = []
    for one in list(singles)[:TRIED]:
        solved = again(_enlarged(ground, (one,)), group)
        if solved is None:
            break
        if solved.unbooked < plan.unbooked:
            found.append(Relief((_added(ground, one),), None))
            if len(found) == SHOWN:
                break
    return found


def _added(ground: BookingGround, lack: tuple[int, int, int, int]) -> Added:
    centre, kind, week, places = lack
    where, name, what = _names(ground, centre, kind, week)
    code = "one_more_place" if kind != LODGING else "one_more_lodging"
    return Added(code, where, name, what, places)


def _names(ground: BookingGround, centre: int, kind: int, week: int) -> tuple[str, str, str | None]:
    what = None if kind == LODGING else KINDS[kind].value
    return ground.network.ids[centre], ground.asked.calendar.name(week), what
