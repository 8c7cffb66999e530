"""What happens when every woman is sent by a simple rule: two rules to set beside a booking.

Same room, same lodging, same costs; frozen bookings keep their room. Women come in the order of
their due dates, standing bookings are not looked at. Whoever can be lodged where she goes is.
"""

import numpy as np

from routing.booking.alike import TICKS_PER_TENTH
from routing.booking.answer import RuleOfThumb
from routing.booking.filling import Filling
from routing.booking.ground import BookingGround
from routing.booking.problem import HOME, LODGED
from routing.centres import Ints

__all__ = ["against"]

FAR = 10**6


def against(ground: BookingGround) -> dict[str, RuleOfThumb]:
    """Return what each simple rule reaches."""
    nearest = [_by_nearness(ground, g, own_first=False) for g in range(len(ground.groups))]
    own = [_by_nearness(ground, g, own_first=True) for g in range(len(ground.groups))]
    return {
        "own_catchment": _reached(ground, own),
        "nearest_capable": _reached(ground, nearest),
    }


def _by_nearness(ground: BookingGround, group: int, *, own_first: bool) -> Ints:
    """Return the centres of a group in the order in which they are tried."""
    reach = ground.groups[group].reach
    possible = np.flatnonzero(reach.possible)
    far = reach.travel_min[possible]
    if own_first:
        far = far + FAR * ~reach.inside[possible]
    order: Ints = possible[np.lexsort((possible, far))]
    return order


def _reached(ground: BookingGround, tried: list[Ints]) -> RuleOfThumb:
    problem, filling = ground.problem, Filling(ground.problem)
    due = ground.asked.pregnancies
    women = [(due[n].due, n, g) for g, alike in enumerate(ground.groups) for n in alike.members]
    tenths = booked = 0
    for _, _, group in sorted(women):
        fits = filling.fits(group)
        room = np.flatnonzero(fits[HOME, tried[group]])
        if not room.size:
            continue
        centre = int(tried[group][room[0]])
        lodged = LODGED if fits[LODGED, centre] else HOME
        filling.put((group * 2 + lodged) * problem.centres + centre, 1)
        tenths += int(problem.cost[group, lodged, centre]) // TICKS_PER_TENTH
        booked += 1
    return RuleOfThumb(booked, problem.women - booked, tenths / 10)
