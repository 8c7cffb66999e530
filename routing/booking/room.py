"""How much may be booked: the room of a centre-week less what is kept, as expected bed-days.

Who is booked does not come on the day: a centre-week is full when the mean number of booked women
in bed is the largest for which the places suffice at 95 of 100 moments,

    limit = 7 days x max { m : P(Poisson(m) <= places) >= 0.95 }

Where nothing may be booked (no place left after what is kept) the limit is 0, whatever the tail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import floor

import numpy as np
from scipy.special import gammainccinv

from facilities.capacity import WARD_PLACES, PlaceKind
from routing.booking.births import DAY, DAYS
from routing.booking.values import BookingRequest
from routing.centres import KIND_INDEX, KINDS, Flags, Ints
from routing.network import FacilityNetwork

__all__ = ["NOT_SERVED", "RoomTable", "half_up", "limit_of", "room_table"]

NOT_SERVED = -1


def half_up(value: float) -> int:
    """Round half up; nine decimals settle what binary left."""
    return floor(round(value, 9) + 0.5)


@lru_cache(maxsize=4096)
def limit_of(places: int, percentile: float) -> int:
    """Return the largest load of a week, thousandths of a bed-day.

    Examples
    --------
    One place: P(Poisson(0.355) <= 1) = 0.95, and 7 x 0.355 = 2.487 bed-days.

    >>> limit_of(0, 0.95), limit_of(1, 0.95), limit_of(2, 0.95)
    (0, 2487, 5723)
    """
    if places <= 0:
        return 0
    mean = float(gammainccinv(places + 1, percentile))
    return floor(DAYS * DAY * mean)


@dataclass(frozen=True, slots=True, eq=False)
class RoomTable:
    """What there is, F facilities, K kinds in the order of ``KINDS``, W weeks.

    Parameters
    ----------
    places : shape (F, K, W)
        Places that may be booked, what is kept taken off.
    limit : shape (F, K, W)
        Largest load, thousandths of a bed-day.
    assumed : shape (F, K)
        No room was stated for the kind in some week: the registry stood in.
    serves : shape (K, F)
        Which kind serves one that is wanted: a higher ward stands in where there is no other.
    lodging : shape (F, W)
        Lodging places near the centre; where none are stated there are none.
    """

    places: Ints
    limit: Ints
    assumed: Flags
    serves: Ints
    lodging: Ints


def room_table(
    network: FacilityNetwork, numbers: Mapping[str, float], asked: BookingRequest
) -> RoomTable:
    """Return the room that is stated; where none is, what the registry lets assume."""
    centres, weeks = network.centres, asked.calendar.weeks
    share, kept = numbers["booking_room_share"], numbers["booking_kept_share"]
    base = _each(centres.in_service, lambda n: max(1, half_up(n * share)) if n > 0 else 0)
    places = np.repeat(base[:, :, None], weeks, axis=2)
    stated: Flags = np.zeros(places.shape, dtype=np.bool_)
    for room in asked.room:
        at = network.row_of[room.facility_id], KIND_INDEX[room.kind], room.week
        places[at], stated[at] = room.places, True
    keep = _each(places, lambda n: half_up(n * kept))
    for reserve in asked.reserve:
        keep[network.row_of[reserve.facility_id], KIND_INDEX[reserve.kind], :] = reserve.n
    left = np.maximum(0, places - keep)
    percentile = numbers["booking_percentile"]
    limit = _each(left, lambda n: limit_of(n, percentile))
    lodging = np.zeros((centres.size, weeks), dtype=np.int64)
    for one in asked.lodging:
        lodging[network.row_of[one.facility_id], one.week] = one.places
    has: Flags = (centres.in_service > 0) | np.asarray(stated.any(axis=2))
    assumed: Flags = ~np.asarray(stated.all(axis=2))
    return RoomTable(left, limit, assumed, _serves(has), lodging)


def _each(values: Ints, of: Callable[[int], int]) -> Ints:
    """Return a function of every value; each different one is reckoned once."""
    different, place = np.unique(values, return_inverse=True)
    found = np.array([of(int(n)) for n in different], dtype=np.int64)
    return found[place].reshape(values.shape)


def _serves(has: Flags) -> Ints:
    """Return the kind that serves each wanted one at every facility, shape (K, F)."""
    found = np.full((len(KINDS), has.shape[0]), NOT_SERVED)
    for k, kind in enumerate(KINDS):
        for other in _instead(kind):
            column = KIND_INDEX[other]
            found[k] = np.where((found[k] == NOT_SERVED) & has[:, column], column, found[k])
    return found


def _instead(kind: PlaceKind) -> tuple[PlaceKind, ...]:
    """Return the kinds that may serve one, itself first."""
    if kind not in WARD_PLACES:
        return (kind,)
    return WARD_PLACES[WARD_PLACES.index(kind) :]
