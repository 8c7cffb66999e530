"""Pairs of centres for mother and newborn, what they take and what they cost (R-DEST-04)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from routing.centres import Flags, Floats, Ints
from routing.question import Question
from routing.seating import Seating
from routing.triage.need import Seat
from routing.way import Use
from routing.weighing import Weighed

__all__ = ["Pair", "Pairs", "uses_at"]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One mother's centre with one centre for her newborn; ``mother`` weighs her part alone.

    Parameters
    ----------
    places : tuple[Use, ...]
        All that they need, at a full centre what it would have to find.
    uses : tuple[Use, ...]
        Those of them that are free and taken.
    asked : tuple[int, ...]
        Rows of the centres asked over capacity.
    """

    row: int
    newborn_row: int
    mother: Weighed
    places: tuple[Use, ...]
    uses: tuple[Use, ...]
    asked: tuple[int, ...]
    cost: Mapping[str, float]
    cost_min: float
    care_min: float


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The n pairs of one request, best first; those that only show what would help come last.

    Parameters
    ----------
    mother : Weighed
        Her part alone, at F centres.
    cots, places : tuple[Seat, ...], Seating
        His part, and where it can be seated.
    row, other, variant : shape (n,)
        Her centre, his centre, and by which variant his cots are taken or asked for.
    ask_her, ask_him : shape (n,)
        Whether her centre, and his, is asked over capacity.
    opened : shape (n,)
        A place is lacking that is in service and taken: no pair until it is free.
    cost : Mapping[str, Floats]
        Minutes by part, shape (n,) each, in the order of ``COST_PARTS``.
    cost_min, care_min : shape (n,)
        Their sum rounded once to 0.1 min, and when the care of both has begun.
    """

    question: Question
    mother: Weighed
    cots: tuple[Seat, ...]
    places: Seating
    row: Ints
    other: Ints
    variant: Ints
    ask_her: Flags
    ask_him: Flags
    opened: Flags
    cost: Mapping[str, Floats]
    cost_min: Floats
    care_min: Floats

    @property
    def size(self) -> int:
        """How many pairs can be taken as things stand; they come first."""
        return int(self.row.size - self.opened.sum())

    def pair(self, number: int) -> Pair:
        """Return one of them."""
        row, other = int(self.row[number]), int(self.other[number])
        ids = self.question.centres.ids
        hers = uses_at(self.mother, int(self.mother.variant[row]), ids[row])
        kinds = self.places.variants[int(self.variant[number])].kinds
        his = tuple(
            Use(cot.seat, ids[other], kind) for cot, kind in zip(self.cots, kinds, strict=True)
        )
        ask_her, ask_him = bool(self.ask_her[number]), bool(self.ask_him[number])
        return Pair(
            row=row,
            newborn_row=other,
            mother=self.mother,
            places=(*hers, *his),
            uses=(*(() if ask_her else hers), *(() if ask_him else his)),
            asked=(*((row,) if ask_her else ()), *((other,) if ask_him else ())),
            cost={name: float(minutes[number]) for name, minutes in self.cost.items()},
            cost_min=float(self.cost_min[number]),
            care_min=float(self.care_min[number]),
        )

    def best(self) -> Ints:
        """Return the number of the cheapest pair of each of her centres, best first."""
        _, first = np.unique(self.row[: self.size], return_index=True)
        return np.sort(first)

    def always(self) -> int | None:
        """Return the best pair that takes no place, both being asked; None where none may be."""
        both = np.flatnonzero(self.ask_her & self.ask_him)
        return int(both[0]) if both.size else None

    def taken(self) -> tuple[tuple[Ints, Ints, Ints, Ints], ...]:
        """Return arrays of (pair, facility, kind, amount) with the places taken."""
        hers = self.mother.variant[self.row]
        return (
            *_taken(self.mother.seating, hers, self.row, ~self.ask_her),
            *_taken(self.places, self.variant, self.other, ~self.ask_him),
        )

    def asked(self) -> tuple[Ints, Ints]:
        """Return arrays of (pair, facility) with the placements over capacity."""
        hers, his = np.flatnonzero(self.ask_her), np.flatnonzero(self.ask_him)
        return np.append(hers, his), np.append(self.row[hers], self.other[his])


def _taken(
    seating: Seating, variant: Ints, row: Ints, among: Flags
) -> list[tuple[Ints, Ints, Ints, Ints]]:
    found = []
    for v in np.unique(variant[among]).tolist():
        pair = np.flatnonzero(among & (variant == v))
        for kind, amount in seating.variants[v].taken.items():
            shape = np.ones_like(pair)
            found.append((pair, row[pair], kind * shape, amount * shape))
    return found


def uses_at(weighed: Weighed, variant: int, facility_id: str) -> tuple[Use, ...]:
    """Return the places one variant takes at one centre."""
    kinds = weighed.seating.variants[variant].kinds
    return tuple(
        Use(seat.seat, facility_id, kind)
        for seat, kind in zip(weighed.need.seats, kinds, strict=True)
    )
