"""What happens when every woman is sent by a simple rule: two rules to set beside a booking.

Same room, same lodging, same costs, same standing bookings: who is booked stays where she is while
that is possible and there is room, frozen or not. The others come in the order of their due dates.
Whoever can be lodged where she goes is; a declined centre is tried last, and after it one to which
no road is open in her weeks.
"""

import numpy as np

from routing.booking.alike import NOWHERE, TICKS_PER_TENTH
from routing.booking.answer import RuleOfThumb
from routing.booking.filling import Filling
from routing.booking.ground import BookingGround
from routing.booking.problem import HOME, LODGED
from routing.centres import Ints

__all__ = ["against"]

FAR, LAST, CUT_OFF = 10**6, 10**7, 10**8


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
    far = far + LAST * np.isin(possible, ground.groups[group].declined)
    far = far + CUT_OFF * reach.cut_off[possible]
    order: Ints = possible[np.lexsort((possible, far))]
    return order


def _reached(ground: BookingGround, tried: list[Ints]) -> RuleOfThumb:
    problem, filling = ground.problem, Filling(ground.problem)
    due = ground.asked.pregnancies
    everybody = [(g, alike, n) for g, alike in enumerate(ground.groups) for n in alike.members]
    women = sorted((alike.booked_row == NOWHERE, due[n].due, n, g) for g, alike, n in everybody)
    tenths = booked = 0
    later = []
    for new, _, _, group in women:
        alike = ground.groups[group]
        lodged = LODGED if alike.booked_lodging else HOME
        if new or not filling.fits(group)[lodged, alike.booked_row]:
            later.append(group)
            continue
        tenths += _put(filling, group, lodged, alike.booked_row)
        booked += 1
    for group in later:
        fits = filling.fits(group)
        room = np.flatnonzero(fits[HOME, tried[group]])
        if not room.size:
            continue
        centre = int(tried[group][room[0]])
        lodged = LODGED if fits[LODGED, centre] else HOME
        tenths += _put(filling, group, lodged, centre)
        booked += 1
    return RuleOfThumb(booked, problem.women - booked, tenths / 10)


def _put(filling: Filling, group: int, lodged: int, centre: int) -> int:
    """Book one woman of a group; return what she costs, in tenths of a minute."""
    problem = filling.problem
    filling.put((group * 2 + lodged) * problem.centres + centre, 1)
    return int(problem.cost[group, lodged, centre]) // TICKS_PER_TENTH
