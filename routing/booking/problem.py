"""Booking in indices and whole numbers: what goes into the solver and what comes out.

Nothing here knows women, centres or minutes. A *group* is women who are alike in everything that
counts; an *option* is a centre and whether she is lodged near it; a *row* is a centre-week of one
kind of place, or the lodging places of a centre-week.
"""

from dataclasses import dataclass, replace

import numpy as np

from routing.centres import Ints
from routing.problem import Status

__all__ = ["HOME", "LODGED", "NO_OPTION", "BookingPlan", "BookingProblem"]

HOME, LODGED = 0, 1
NO_OPTION = 10**12
"""Dearer than any option, and still a product with the grid of prices fits."""


@dataclass(frozen=True, slots=True, eq=False)
class BookingProblem:
    """G groups, F centres, K kinds, W weeks, S shapes of load, H spans of lodging.

    Parameters
    ----------
    count : shape (G,)
        Women of each group.
    cost : shape (G, 2, F)
        Ticks of 0.0001 min at home and lodged; :data:`NO_OPTION` where that is none.
    shape : shape (G,)
        Which load each of them brings.
    span : shape (G,)
        Which weeks a lodging place is held.
    load : shape (S, K, W)
        Thousandths of a bed-day by wanted kind.
    held : shape (H, W)
        1 in the weeks in which the place is held.
    serves : shape (K, F)
        The kind that serves a wanted one at each centre, -1 for none.
    room : shape (F, K, W)
        What frozen bookings leave of the limits; never negative.
    lodging : shape (F, W)
        What they leave of the lodging places.
    """

    count: Ints
    cost: Ints
    shape: Ints
    span: Ints
    load: Ints
    held: Ints
    serves: Ints
    room: Ints
    lodging: Ints

    @property
    def groups(self) -> int:
        """G."""
        return int(self.count.size)

    @property
    def centres(self) -> int:
        """F."""
        return int(self.room.shape[0])

    @property
    def women(self) -> int:
        """Everybody to be booked."""
        return int(self.count.sum())

    @property
    def capacity(self) -> Ints:
        """What there is of every row: room by centre, kind and week, then lodging."""
        return np.concatenate([self.room.reshape(-1), self.lodging.reshape(-1)])

    def trimmed(self) -> "BookingProblem":
        """Return the problem without the options that not even one woman alone fits."""
        alone = np.ones((self.load.shape[0], self.centres), dtype=np.bool_)
        every = np.arange(self.centres)
        for kind in np.flatnonzero(self.load.any(axis=(0, 2))).tolist():
            room = self.room[every, np.maximum(self.serves[kind], 0)]
            wanted = self.load[:, kind, :]
            alone &= np.all(wanted[:, None, :] <= room[None, :, :], axis=2)
        beds = np.asarray(np.all(self.held[:, None, :] <= self.lodging[None, :, :], axis=2))
        fits = np.stack([alone[self.shape], alone[self.shape] & beds[self.span]], axis=1)
        return replace(self, cost=np.where(fits, self.cost, NO_OPTION))

    def uses(self, group: Ints, lodged: Ints, centre: Ints) -> tuple[Ints, Ints, Ints]:
        """Return what n options take: option 0..n-1, row, amount, three arrays of one length."""
        centres, kinds, weeks = self.room.shape
        load = self.load[self.shape[group]]
        option, kind, week = np.nonzero(load)
        amount = load[option, kind, week]
        served = self.serves[kind, centre[option]]
        row = (centre[option] * kinds + served) * weeks + week
        held = self.held[self.span[group]] * lodged[:, None]
        option_l, week_l = np.nonzero(held)
        row_l = centres * kinds * weeks + centre[option_l] * weeks + week_l
        return (
            np.concatenate([option, option_l]),
            np.concatenate([row, row_l]),
            np.concatenate([amount, held[option_l, week_l]]),
        )

    def row_parts(self, row: int) -> tuple[int, int | None, int]:
        """Return centre, kind (None for lodging) and week of a row."""
        centres, kinds, weeks = self.room.shape
        if row >= centres * kinds * weeks:
            centre, week = divmod(row - centres * kinds * weeks, weeks)
            return centre, None, week
        centre, rest = divmod(row, kinds * weeks)
        kind, week = divmod(rest, weeks)
        return centre, kind, week

    def priced(self, price: Ints) -> tuple[Ints, Ints]:
        """Return what loads cost at prices of rows: (S, F) for places, (H, F) for lodging."""
        centres, kinds, weeks = self.room.shape
        of_room = price[: centres * kinds * weeks].reshape(centres, kinds, weeks)
        found = np.zeros((self.load.shape[0], centres), dtype=np.int64)
        every = np.arange(centres)
        for kind in np.flatnonzero(self.load.any(axis=(0, 2))).tolist():
            served = np.maximum(self.serves[kind], 0)
            found += self.load[:, kind, :] @ of_room[every, served, :].T
        of_lodging = price[centres * kinds * weeks :].reshape(centres, weeks)
        return found, self.held @ of_lodging.T


@dataclass(frozen=True, slots=True, eq=False)
class BookingPlan:
    """Who goes where in numbers.

    Parameters
    ----------
    group, lodged, centre, women : shape (n,)
        So many women of a group take an option; whoever is left of a group is not booked.
    unbooked, cost : int
        Women without a place, and ticks of all others.
    unbooked_bound : int
        No plan leaves fewer without a place.
    bound : int
        With as many unbooked no plan costs less.
    price : shape (rows,)
        Prices of the rows on the grid, by which the bound was reckoned.
    """

    group: Ints
    lodged: Ints
    centre: Ints
    women: Ints
    unbooked: int
    cost: int
    unbooked_bound: int
    bound: int
    status: Status
    price: Ints
    solve_s: float

    @property
    def proven(self) -> bool:
        """Whether nothing better exists."""
        return self.status == "optimal"

    @property
    def gap(self) -> float:
        """How much cheaper a plan could at most be, as a share of this one."""
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / max(1, self.cost)
