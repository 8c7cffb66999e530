"""One way of one request, read out of the arrays for the answer."""

from dataclasses import dataclass

from routing.pairs import Pair
from routing.plan_entries import Entry
from routing.plan_parts import OVER, PAIR, STOP, UNKNOWN
from routing.plan_ways import WayTable
from routing.triage.need import Seat
from routing.weighing import Weighed

__all__ = ["Chosen"]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """One way of one request."""

    entry: Entry
    ways: WayTable
    way: int

    @property
    def sort(self) -> int:
        """What sort of way it is."""
        return int(self.ways.sort[self.way])

    @property
    def row(self) -> int:
        """The facility it goes to."""
        return int(self.ways.row[self.way])

    @property
    def weighed(self) -> Weighed:
        """The need it serves, set against all centres."""
        if self.pair is not None:
            return self.pair.mother
        return self.entry.choices.weighed[int(self.ways.need[self.way])]

    @property
    def pair(self) -> Pair | None:
        """Mother and newborn apart, where it is that."""
        apart, number = self.entry.choices.apart, int(self.ways.pair[self.way])
        return None if apart is None or self.sort != PAIR else apart.pair(number)

    @property
    def over_capacity(self) -> bool:
        """Whether a centre, or one of a pair, is asked over capacity."""
        return self.sort == OVER or bool(self.pair and self.pair.asked)

    @property
    def newborn_row(self) -> int | None:
        """The facility of the newborn where that is another one."""
        return None if self.pair is None else self.pair.newborn_row

    @property
    def seats(self) -> tuple[Seat, ...]:
        """The places it takes, or over capacity asks for."""
        if self.sort == STOP:
            return ()
        if self.sort == UNKNOWN:
            return self.entry.choices.assessed.need.seats
        if self.pair is not None:
            return tuple(Seat(use.seat, use.kind) for use in self.pair.places)
        seats = self.weighed.need.seats
        if self.sort == OVER:
            return seats
        kinds = self.weighed.seating.variants[int(self.ways.variant[self.way])].kinds
        return tuple(Seat(s.seat, kind) for s, kind in zip(seats, kinds, strict=True))
