"""Mother and newborn in two places (R-DEST-04): which pairs there are, and at what price.

A pair is decided on capability and time alone: the mother goes to a centre that can do her part
and not her child's, and the child goes on to the nearest centre from there that can do his. It has
no price where no single centre can do both in time, and ``split_min`` in every other case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from routing.centres import Flags, Floats, Ints
from routing.drives import reception_of
from routing.feasible import Station
from routing.question import Question
from routing.seating import Seating, seating
from routing.triage.need import Seat
from routing.triage.rows import Groups
from routing.way import Use
from routing.weighing import Weighed, weigh

__all__ = ["Pair", "is_newborns", "split_pairs", "uses_at"]

_WITH_MOTHER = "NEO_RESUS"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One mother's centre with one centre for her newborn; ``mother`` weighs her part alone."""

    row: int
    newborn_row: int
    mother: Weighed
    uses: tuple[Use, ...]
    cost: Mapping[str, float]
    cost_min: float
    care_min: float


def is_newborns(group: tuple[str, ...]) -> bool:
    """Tell whether a group of a need speaks of the newborn's ward, not of the birth."""
    return any(code.startswith("NEO_") and code != _WITH_MOTHER for code in group)


def split_pairs(
    question: Question, single: Weighed, station: Station, *, priority: int
) -> tuple[Pair, ...]:
    """Return the pairs of a request, cheapest first; none where a split has no meaning.

    Parameters
    ----------
    question : Question
        The request.
    single : Weighed
        The whole need at every centre.
    station : Station
        The sender's own hospital.
    priority : int
        1, 2 or 3.
    """
    need = single.need
    hers = tuple(seat for seat in need.seats if seat.seat == "mother")
    cots = tuple(seat for seat in need.seats if seat.seat != "mother")
    child: Groups = tuple(group for group in need.required if is_newborns(group))
    if not (hers and cots and child) or need.never_bypass or need.level_is_floor:
        return ()
    own = tuple(group for group in need.required if not is_newborns(group))
    part_only = question.centres.meets_all(own) & ~single.feasibility.floor_met
    if not part_only.any():
        return ()
    codes = {code for group in (*own, *need.preferred) for code in group}
    part = replace(need, required=own, floor=own, seats=hers, ward=None, without_cooling=None)
    alone = replace(station, lacks=frozenset(station.lacks & codes))
    mother = weigh(question, part, alone, priority=priority, held=False)
    rows = np.flatnonzero(mother.feasible & ~single.feasibility.floor_met & ~mother.over)
    if not len(rows):
        return ()
    onward = _nearest(question, child, rows)
    care = mother.drives.care_min[rows] + onward.travel_min + reception_of(question, need)
    arrival = np.full(question.centres.size, np.inf)
    np.minimum.at(arrival, onward.row, care)
    places = seating(question, cots, arrival)
    price = 0.0 if _none_in_time(question, single) else question.prices.split_min
    pairs = [
        pair
        for row, other, minutes in zip(
            rows.tolist(), onward.row.tolist(), care.tolist(), strict=True
        )
        if minutes < np.inf
        for pair in _pairs(question, mother, places, (row, other), cots, minutes, price)
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.cost_min, pair.row, pair.newborn_row)))


@dataclass(frozen=True, slots=True, eq=False)
class _Onward:
    """The nearest centre for the newborn from each of the mother's, infinite where none is."""

    row: Ints
    travel_min: Floats


def _none_in_time(question: Question, single: Weighed) -> bool:
    """Whether no single centre can do it all inside the hard limit, whatever is free there."""
    able = single.feasibility.able
    return not bool((able & (single.drives.late_min <= 0)).any())


def _nearest(question: Question, child: Groups, rows: Ints) -> _Onward:
    """Look for the newborn's centre on capability and time alone."""
    centres, network = question.centres, question.network
    fits: Flags = np.logical_and.reduce(centres.meets(child), axis=0) & (centres.neonatal >= 0)
    fits &= ~centres.placeholder & ~centres.suspended & ~centres.diverted
    left_out = [*question.request.exclude, question.request.origin_facility]
    fits[[network.row_of[code] for code in left_out if code in network.row_of]] = False
    minutes = np.where(fits, network.between_min(question.conditions)[rows], np.inf)
    best: Ints = minutes.argmin(axis=1)
    return _Onward(best, minutes[np.arange(len(rows)), best])


def _pairs(
    question: Question,
    mother: Weighed,
    places: Seating,
    at: tuple[int, int],
    cots: tuple[Seat, ...],
    care: float,
    price: float,
) -> list[Pair]:
    """Return a pair per way of taking cots at the second centre."""
    row, other = at
    cost = mother.parts(row, int(mother.variant[row]))
    cost["time_to_care"] = care
    cost["late"] = max(0.0, care - question.remaining_min(mother.need))
    cost["split"] = price
    found = []
    for v in np.flatnonzero(places.fits[:, other]).tolist():
        full = dict(cost)
        full["trust"] = max(full["trust"], float(places.trust[v, other]))
        full["ward_step"] += float(places.ward_step[v])
        ids = question.centres.ids
        uses = (
            *uses_at(mother, int(mother.variant[row]), ids[row]),
            *(
                Use(seat.seat, ids[other], kind)
                for seat, kind in zip(cots, places.variants[v].kinds, strict=True)
            ),
        )
        total = round(sum(full.values()), 1)
        found.append(Pair(row, other, mother, uses, full, total, care))
    return found


def uses_at(weighed: Weighed, variant: int, facility_id: str) -> tuple[Use, ...]:
    """Return the places one variant takes at one centre."""
    kinds = weighed.seating.variants[variant].kinds
    return tuple(
        Use(seat.seat, facility_id, kind)
        for seat, kind in zip(weighed.need.seats, kinds, strict=True)
    )
