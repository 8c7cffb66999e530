"""Mother and newborn in two places (R-DEST-04): which centres make a pair, and at what price.

Whether a pair has a price is decided on capability and time alone: none where no single centre
can do both in time, ``split_min`` in every other case. The mother goes to a centre that can do
her part and not her child's; the child goes on to the nearest centre from there that can do his
and, where that one has no cot, to the nearest that has. A full half is asked over capacity like
any other centre (R-DEST-02).
"""

from dataclasses import dataclass, replace

import numpy as np

from routing.centres import Flags, Floats, Ints
from routing.drives import reception_of
from routing.feasible import Station
from routing.pairs import Pairs
from routing.question import Question
from routing.seating import (
    Seating,
    in_service_but_taken,
    needs_free_place,
    over_capacity_price,
    seating,
)
from routing.tenths import rounded
from routing.triage.need import RoutingNeed, Seat
from routing.triage.rows import Groups
from routing.way import COST_PARTS
from routing.weighing import Weighed, weigh

__all__ = ["is_newborns", "split_pairs"]

_WITH_MOTHER = "NEO_RESUS"


def is_newborns(group: tuple[str, ...]) -> bool:
    """Tell whether a group of a need speaks of the newborn's ward, not of the birth."""
    return any(code.startswith("NEO_") and code != _WITH_MOTHER for code in group)


def split_pairs(
    question: Question, single: Weighed, station: Station, *, priority: int
) -> Pairs | None:
    """Return the pairs of a request; None where a split has no meaning.

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
    cots = tuple(seat for seat in need.seats if seat.seat != "mother")
    child: Groups = tuple(group for group in need.required if is_newborns(group))
    if not (cots and child) or need.never_bypass or need.level_is_floor:
        return None
    mother = _mothers_part(question, single, station, priority=priority)
    if mother is None:
        return None
    open_to_her = (mother.feasibility.bits == 0) & np.isfinite(mother.drives.care_min)
    rows = np.flatnonzero(open_to_her & ~single.feasibility.floor_met)
    onward = _onward(question, child, rows)
    if not np.isfinite(onward).any():
        return None
    halves = _halves(question, single, mother, cots, rows, onward, priority=priority)
    return _priced(halves, rows, onward)


def _mothers_part(
    question: Question, single: Weighed, station: Station, *, priority: int
) -> Weighed | None:
    """Weigh her part alone; None where nobody could do that and not her child's."""
    need = single.need
    hers = tuple(seat for seat in need.seats if seat.seat == "mother")
    own = tuple(group for group in need.required if not is_newborns(group))
    part_only = question.centres.meets_all(own) & ~single.feasibility.floor_met
    if not hers or not part_only.any():
        return None
    codes = {code for group in (*own, *need.preferred) for code in group}
    part = replace(need, required=own, floor=own, seats=hers, ward=None, without_cooling=None)
    alone = replace(station, lacks=frozenset(station.lacks & codes))
    return weigh(question, part, alone, priority=priority, held=False)


def _onward(question: Question, child: Groups, rows: Ints) -> Floats:
    """Return minutes from each of the mother's centres to those that can do his part.

    Shape (rows, F), infinite where he cannot go; on capability and time alone.
    """
    centres, network = question.centres, question.network
    fits: Flags = np.logical_and.reduce(centres.meets(child), axis=0) & (centres.neonatal >= 0)
    fits &= ~centres.placeholder & ~centres.suspended & ~centres.diverted
    left_out = [*question.request.exclude, question.request.origin_facility]
    fits[[network.row_of[code] for code in left_out if code in network.row_of]] = False
    minutes: Floats = np.where(fits, network.between_min(question.conditions)[rows], np.inf)
    return minutes


@dataclass(frozen=True, slots=True, eq=False)
class _Halves:
    """Who has a place for the mother, who for her newborns, and who may be asked for one.

    Parameters
    ----------
    whole : RoutingNeed
        The need of both; ``mother`` weighs her part, ``places`` seats his at F centres.
    hers_free, hers_asked, hers_opens, his_free, his_asked, his_opens : shape (F,)
        Where a place is free, where one may be asked for over capacity, and where one is in
        service and taken.
    his_best : shape (F,)
        His cheapest variant that fits, where none does the one without a step.
    split_min, reception_min : float
        Price of going apart, and minutes of his reception.
    """

    question: Question
    whole: RoutingNeed
    mother: Weighed
    cots: tuple[Seat, ...]
    places: Seating
    hers_free: Flags
    hers_asked: Flags
    hers_opens: Flags
    his_free: Flags
    his_asked: Flags
    his_opens: Flags
    his_best: Ints
    split_min: float
    reception_min: float


def _halves(
    question: Question,
    single: Weighed,
    mother: Weighed,
    cots: tuple[Seat, ...],
    rows: Ints,
    onward: Floats,
    *,
    priority: int,
) -> _Halves:
    reception = reception_of(question, single.need)
    soonest = np.min(mother.drives.care_min[rows][:, None] + onward, axis=0) + reception
    able = single.feasibility.able
    in_time = bool((able & (single.drives.late_min <= 0)).any())
    places, centres = seating(question, cots, soonest), question.centres
    return _Halves(
        question=question,
        whole=single.need,
        mother=mother,
        cots=cots,
        places=places,
        hers_free=mother.feasible & ~mother.over,
        hers_asked=mother.may_ask,
        hers_opens=in_service_but_taken(mother.seating.variants[0], centres),
        his_free=places.placed,
        his_asked=~centres.outside & (not needs_free_place(cots, priority)),
        his_opens=in_service_but_taken(places.variants[0], centres),
        his_best=places.cheapest()[0],
        split_min=question.prices.split_min if in_time else 0.0,
        reception_min=reception,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sort:
    """Pairs of one sort: ``at`` counts ``rows``; ``step`` is his variant, None his best."""

    at: Ints
    other: Ints
    step: int | None = None
    ask_her: bool = False
    ask_him: bool = False
    opened: bool = False


def _sorts(halves: _Halves, rows: Ints, onward: Floats) -> list[_Sort]:
    """List every way of taking places at two centres, of asking for them, and what would open."""
    at, other = _nearest(onward, halves.his_free | halves.his_asked, halves.his_free)
    row, his = rows[at], halves.his_free[other]
    hers, ask_her, ask_him = halves.hers_free[row], halves.hers_asked[row], halves.his_asked[other]
    found = []
    for v, fits in enumerate(halves.places.fits):
        mine = np.flatnonzero(hers & fits[other])
        found.append(_Sort(at[mine], other[mine], v))
    for among, asks in (
        (ask_her & his, (True, False)),
        (hers & ask_him, (False, True)),
        (ask_her & ask_him, (True, True)),
    ):
        mine, step = np.flatnonzero(among), 0 if asks[1] else None
        found.append(_Sort(at[mine], other[mine], step, *asks))
    for have_her, have_him in (
        (halves.hers_free, halves.his_opens & ~halves.his_free),
        (halves.hers_opens & ~halves.hers_free, halves.his_free | halves.his_opens),
    ):
        at, other = _nearest(onward, have_him)
        mine = np.flatnonzero(have_her[rows[at]])
        found.append(_Sort(at[mine], other[mine], opened=True))
    return found


def _nearest(onward: Floats, *among: Flags) -> tuple[Ints, Ints]:
    """Return (row, centre) with the nearest centre of each set from every row, each pair once."""
    found = []
    for flags in among:
        minutes = np.where(flags, onward, np.inf)
        near = minutes.argmin(axis=1)
        at = np.flatnonzero(np.isfinite(minutes[np.arange(near.size), near]))
        found.append(at * onward.shape[1] + near[at])
    every = np.unique(np.concatenate(found))
    return every // onward.shape[1], every % onward.shape[1]


def _priced(halves: _Halves, rows: Ints, onward: Floats) -> Pairs:
    """Put the sorts behind each other, with what each pair costs, best first."""
    sorts = _sorts(halves, rows, onward)
    at = np.concatenate([sort.at for sort in sorts])
    row, other = rows[at], np.concatenate([sort.other for sort in sorts])
    size = [sort.at.size for sort in sorts]
    ask_her, ask_him, opened = (
        np.repeat([getattr(sort, name) for sort in sorts], size)
        for name in ("ask_her", "ask_him", "opened")
    )
    step = np.repeat([-1 if sort.step is None else sort.step for sort in sorts], size)
    variant = np.where(step < 0, halves.his_best[other], step)
    care = halves.mother.drives.care_min[row] + onward[at, other] + halves.reception_min
    cost = _cost(halves, row, other, variant, ask_her | ask_him, care)
    total = np.zeros(row.size)
    for minutes in cost.values():
        total = total + minutes
    cost_min = rounded(total)
    order = np.lexsort((other, row, ask_her.astype(int) + ask_him, cost_min, opened))
    return Pairs(
        question=halves.question,
        mother=halves.mother,
        cots=halves.cots,
        places=halves.places,
        row=row[order],
        other=other[order],
        variant=variant[order],
        ask_her=ask_her[order],
        ask_him=ask_him[order],
        opened=opened[order],
        cost={name: minutes[order] for name, minutes in cost.items()},
        cost_min=cost_min[order],
        care_min=care[order],
    )


def _cost(
    halves: _Halves, row: Ints, other: Ints, variant: Ints, asked: Flags, care: Floats
) -> dict[str, Floats]:
    """Return the parts of every pair; of two places the more doubtful counts.

    Asking has one price per request, never less than both places being free.
    """
    mother, places, prices = halves.mother, halves.places, halves.question.prices
    hers = mother.variant[row]

    def seated(his: Ints) -> tuple[Floats, Floats]:
        trust = np.maximum(mother.seating.trust[hers, row], places.trust[his, other])
        return trust, mother.seating.ward_step[hers] + places.ward_step[his]

    price = np.full(row.size, over_capacity_price(prices, halves.whole.seats))
    both = halves.hers_free[row] & halves.his_free[other]
    price = np.where(both, np.maximum(price, sum(seated(halves.his_best[other]))), price)
    trust, ward_step = seated(variant)
    cost = {name: np.zeros(row.size) for name in COST_PARTS}
    cost |= {name: minutes[row] for name, minutes in mother.base.items()}
    cost["time_to_care"] = care
    cost["late"] = np.maximum(0.0, care - halves.question.remaining_min(halves.whole))
    cost["trust"] = np.where(asked, 0.0, trust)
    cost["ward_step"] = np.where(asked, 0.0, ward_step)
    cost["over_capacity"] = np.where(asked, price, 0.0)
    cost["split"] = np.full(row.size, halves.split_min)
    return cost
