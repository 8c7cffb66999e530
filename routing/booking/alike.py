"""Women who are alike: one group of the problem, and what each of its options costs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from routing.booking.needs import BirthNeed
from routing.booking.problem import HOME, LODGED, NO_OPTION
from routing.booking.reach import Reach
from routing.centres import Flags, Floats, Ints

__all__ = ["NOWHERE", "TICKS_PER_TENTH", "Alike", "offered", "ticks_of"]

TICKS_PER_TENTH = 1000
LAST_RANK = TICKS_PER_TENTH - 1
NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """A group: the numbers of its women in the question, and how far every centre is for them.

    ``home_share`` is the probability that labour begins before she is lodged, ``declined`` the
    rows of the centres that are hers only where there is nothing else.
    """

    members: tuple[int, ...]
    need: BirthNeed
    reach: Reach
    due_week: int
    home_share: float
    booked_row: int
    refuses: bool
    declined: tuple[int, ...]
    booked_lodging: bool

    def care_min(self, lodged: int, lodged_min: float) -> Floats:
        """Return the expected time to care at every centre, shape (F,)."""
        if lodged == HOME:
            return self.reach.home_min
        care: Floats = self.home_share * self.reach.home_min + (1 - self.home_share) * lodged_min
        return care


def offered(alike: Alike) -> Flags:
    """Return where lodging is offered: her way is longer than the rows of lodging allow."""
    if alike.need.lodging is None:
        return np.zeros(alike.reach.travel_min.size, dtype=np.bool_)
    far: Flags = alike.reach.travel_min > alike.need.lodging.over_min
    return far


def ticks_of(numbers: Mapping[str, float], alike: Alike) -> Ints:
    """Return what the options of a group cost, shape (2, F): tenths, then their order."""
    reach = alike.reach
    lodged_min = numbers["booking_lodging_travel_min"] + numbers["reception_min"]
    minutes = np.stack([alike.care_min(v, lodged_min) for v in (HOME, LODGED)])
    minutes = minutes + reach.handicap_min
    minutes[LODGED] += numbers["booking_lodging_min"]
    far = offered(alike)
    lodging = alike.need.lodging
    if lodging is not None and lodging.required:
        minutes[HOME] += numbers["booking_not_lodged_min"] * far
    minutes[:, list(alike.declined)] += numbers["booking_declined_min"]
    minutes += numbers["booking_road_closed_min"] * reach.cut_off
    if alike.booked_row != NOWHERE:
        minutes += numbers["booking_change_min"]
        minutes[:, alike.booked_row] -= numbers["booking_change_min"]
    open_to = np.stack([reach.possible, reach.possible & far & (not alike.refuses)])
    tenths = np.rint(10 * np.where(open_to, minutes, 0.0)).astype(np.int64)
    order = np.lexsort((np.arange(tenths.size), np.where(open_to, tenths, NO_OPTION).ravel()))
    rank = np.empty(tenths.size, dtype=np.int64)
    rank[order] = np.minimum(np.arange(tenths.size), LAST_RANK)
    ticks = tenths * TICKS_PER_TENTH + rank.reshape(tenths.shape)
    return np.where(open_to, ticks, NO_OPTION)
