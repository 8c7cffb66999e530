"""The plan in women again: who goes where, by when she comes, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from routing.booking.alike import NOWHERE, TICKS_PER_TENTH, Alike, offered
from routing.booking.answer import Booked, SetAside
from routing.booking.ground import BookingGround
from routing.booking.problem import HOME, BookingPlan
from routing.booking.values import PREGNANCY_DAYS, Pregnancy
from routing.centres import KIND_INDEX

__all__ = ["Place", "aside_of", "booked_of", "places_of", "time_to_care", "without_place"]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Centre and lodging of one woman, and the group she is of."""

    number: int
    alike: Alike
    centre: int
    lodged: int
    ticks: int | None
    frozen: bool


def places_of(ground: BookingGround, plan: BookingPlan) -> dict[int, Place]:
    """Return the place of everybody who has one, by her number in the question.

    Of women who are alike the first asked takes the cheapest option.
    """
    found: dict[int, Place] = {}
    cost = ground.problem.cost
    ticks = cost[plan.group, plan.lodged, plan.centre]
    order = np.lexsort((plan.centre, plan.lodged, ticks, plan.group))
    next_of = [iter(alike.members) for alike in ground.groups]
    for at in order.tolist():
        group, centre, lodged = int(plan.group[at]), int(plan.centre[at]), int(plan.lodged[at])
        for _ in range(int(plan.women[at])):
            number = next(next_of[group])
            alike = ground.groups[group]
            found[number] = Place(number, alike, centre, lodged, int(ticks[at]), False)
    for number, (centre, lodged, alike) in ground.frozen.items():
        found[number] = Place(number, alike, centre, lodged, None, True)
    return found


def booked_of(ground: BookingGround, places: dict[int, Place]) -> tuple[Booked, ...]:
    """Return the bookings in the order asked."""
    return tuple(_booked(ground, places[number]) for number in sorted(places))


def _booked(ground: BookingGround, place: Place) -> Booked:
    one, calendar = ground.asked.pregnancies[place.number], ground.asked.calendar
    alike, come_by = place.alike, None
    if place.lodged and alike.need.lodging is not None:
        days = PREGNANCY_DAYS - alike.need.lodging.come_by_days
        come_by = max(calendar.today, one.due - timedelta(days=days)).isoformat()
    care = time_to_care(ground, place)
    return Booked(
        id=one.id,
        facility_id=ground.network.ids[place.centre],
        come_by=come_by,
        lodging=place.lodged != HOME,
        cost_min=None if place.ticks is None else place.ticks // TICKS_PER_TENTH / 10,
        time_to_care_min=care,
        due_week=calendar.name(calendar.week_of(one.due)),
        plan=alike.need.births.plan,
        kinds=tuple(kind.value for kind in alike.need.kinds),
        why=tuple(_why(ground, place, one)),
        declined=one.declined,
    )


def time_to_care(ground: BookingGround, place: Place) -> float | None:
    """Return her expected time to care, rounded to 0.1 min; None where no road is open to her."""
    if place.alike.reach.cut_off[place.centre]:
        return None
    care = float(place.alike.care_min(place.lodged, ground.lodged_min)[place.centre])
    return round(care, 1) if np.isfinite(care) else None


def _why(ground: BookingGround, place: Place, one: Pregnancy) -> Iterator[str]:
    alike, centre = place.alike, place.centre
    yield from alike.need.why
    if place.frozen:
        yield "frozen"
    elif alike.booked_row == centre:
        yield "kept"
    elif alike.booked_row != NOWHERE:
        yield "moved" if alike.reach.possible[alike.booked_row] else "booked_not_capable"
    if place.frozen and not alike.reach.possible[centre]:
        yield "booked_not_capable"
    if centre in alike.declined:
        yield "declined_all_the_same"
    elif alike.declined:
        yield "declined_kept_out"
    yield from _why_roads(place)
    if alike.reach.inside[centre]:
        yield "catchment"
    reach = alike.reach
    open_to = reach.possible & ~reach.cut_off
    nearest = np.min(reach.travel_min, where=open_to, initial=np.inf)
    if open_to.any() and not reach.cut_off[centre] and reach.travel_min[centre] <= nearest:
        yield "nearest"
    yield from _why_lodging(place, one)
    if ground.network.centres.grade[centre] < alike.need.preferred_grade:
        yield "below_preferred_grade"
    table = ground.standing.table
    if any(table.assumed[centre, KIND_INDEX[kind]] for kind in alike.need.kinds):
        yield "room_assumed"


def _why_roads(place: Place) -> Iterator[str]:
    """Yield what roads that are closed or slowed in some of her weeks have to do with it."""
    reach, centre = place.alike.reach, place.centre
    if reach.cut_off[centre]:
        yield "road_closed"
    elif reach.longer[centre]:
        yield "road_longer"
    if reach.kept_out[centre]:
        yield "road_kept_out"


def _why_lodging(place: Place, one: Pregnancy) -> Iterator[str]:
    if place.lodged:
        yield "lodged_near"
    elif offered(place.alike)[place.centre]:
        yield "refuses_lodging" if one.refuses_lodging else "lodging_lacking"


def aside_of(ground: BookingGround) -> tuple[SetAside, ...]:
    """Return those who are not booked here, in the order asked; a standing booking stands."""
    asked = ground.asked.pregnancies
    return tuple(
        SetAside(asked[number].id, reason, asked[number].booked)
        for number, reason in sorted(ground.aside.items())
    )


def without_place(ground: BookingGround, places: dict[int, Place]) -> list[int]:
    """Return the numbers of those to be booked who are not."""
    everybody = (number for alike in ground.groups for number in alike.members)
    return sorted(number for number in everybody if number not in places)
