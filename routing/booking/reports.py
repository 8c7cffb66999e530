"""What a booking reached: totals, times by county and aid group, and the weeks that were full."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from routing.booking.alike import NOWHERE, TICKS_PER_TENTH
from routing.booking.answer import FullWeek, TimeOf, Totals
from routing.booking.births import DAY
from routing.booking.ground import BookingGround
from routing.booking.problem import BookingPlan
from routing.booking.standing import Standing
from routing.booking.told import Place, time_to_care
from routing.booking.values import Pregnancy
from routing.centres import KINDS

__all__ = ["full_weeks", "times_by", "totals_of"]

NO_GROUP = "none"


def totals_of(ground: BookingGround, plan: BookingPlan, places: Mapping[int, Place]) -> Totals:
    """Return what the plan reached; minutes are those of the bookings, without tie-breaks."""
    tenths = sum(p.ticks // TICKS_PER_TENTH for p in places.values() if p.ticks is not None)
    bounded = plan.status != "fallback_greedy" and plan.unbooked == plan.unbooked_bound
    # A tie-break is less than a tenth, so what bounds the ticks bounds the tenths but for these.
    least = max(0, plan.bound - (plan.cost - tenths * TICKS_PER_TENTH)) / (10 * TICKS_PER_TENTH)
    moved = sum(place.alike.booked_row not in (NOWHERE, place.centre) for place in places.values())
    return Totals(
        booked=len(places),
        unbooked=plan.unbooked,
        unbooked_bound=plan.unbooked_bound,
        objective=tenths / 10,
        bound=round(least, 1) if bounded else None,
        gap=round(plan.gap, 6) if bounded else None,
        moved=moved,
    )


def times_by(
    ground: BookingGround,
    places: Mapping[int, Place],
    without: Iterable[int],
    name: Callable[[Pregnancy], str | None],
) -> dict[str, TimeOf]:
    """Return the expected times to care by county, aid group or what else ``name`` says.

    Never an input of the choice (R-PERSON-01): it is reckoned when everything is chosen.
    """
    asked = ground.asked.pregnancies
    minutes: dict[str, list[float]] = defaultdict(list)
    booked: dict[str, int] = defaultdict(int)
    lacking: dict[str, int] = defaultdict(int)
    for number, place in places.items():
        group = name(asked[number]) or NO_GROUP
        booked[group] += 1
        care = time_to_care(ground, place)
        if care is not None:
            minutes[group].append(care)
    for number in without:
        lacking[name(asked[number]) or NO_GROUP] += 1
    return {
        group: TimeOf(
            booked=booked[group],
            unbooked=lacking[group],
            mean_min=round(float(np.mean(minutes[group])), 1) if minutes[group] else None,
            longest_min=max(minutes[group]) if minutes[group] else None,
        )
        for group in sorted({*booked, *lacking})
    }


def full_weeks(ground: BookingGround, plan: BookingPlan, after: Standing) -> tuple[FullWeek, ...]:
    """Return the centre-weeks that decided something, and those with more booked than they hold.

    A week that has a price decided: one place more there would save minutes. Frozen bookings may
    stand above a limit, wherever anybody new goes.
    """
    problem, calendar, table = ground.problem, ground.asked.calendar, ground.standing.table
    taken = np.concatenate([after.room.reshape(-1), after.lodging.reshape(-1)])
    holds = np.concatenate([table.limit.reshape(-1), table.lodging.reshape(-1)])
    found = []
    for row in np.flatnonzero((plan.price > 0) | (taken > holds)).tolist():
        centre, kind, week = problem.row_parts(row)
        where, name = ground.network.ids[centre], calendar.name(week)
        if kind is None:
            places = int(table.lodging[centre, week])
            held = float(after.lodging[centre, week])
            found.append(FullWeek(where, name, None, places, held, float(places), False))
        else:
            load = round(float(after.room[centre, kind, week]) / DAY, 2)
            limit = round(float(table.limit[centre, kind, week]) / DAY, 2)
            places = int(table.places[centre, kind, week])
            assumed = bool(table.assumed[centre, kind])
            found.append(FullWeek(where, name, KINDS[kind].value, places, load, limit, assumed))
    return tuple(found)
