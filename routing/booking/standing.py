"""The room of all weeks with what bookings take of it that stay as they are."""

from dataclasses import dataclass

import numpy as np

from routing.booking.room import RoomTable, room_table
from routing.booking.values import BookingRequest
from routing.centres import Ints
from routing.network import FacilityNetwork
from routing.triage.rows import RuleSet

__all__ = ["Standing"]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The room of all weeks and what frozen bookings take of it.

    Parameters
    ----------
    room : shape (F, K, W)
        Thousandths of a bed-day that frozen bookings take.
    lodging : shape (F, W)
        Lodging places they hold.
    """

    table: RoomTable
    room: Ints
    lodging: Ints

    @classmethod
    def of(cls, network: FacilityNetwork, rules: RuleSet, asked: BookingRequest) -> "Standing":
        """Return the room of a question with nobody in it."""
        table = room_table(network, rules.numbers, asked)
        return cls(table, np.zeros_like(table.limit), np.zeros_like(table.lodging))
