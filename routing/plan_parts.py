"""The ways of one request by sort: taking a place, asked over capacity, mother and child apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from routing.centres import Centres, Flags, Floats, Ints
from routing.choices import Choices
from routing.pairs import Pairs
from routing.seating import in_service_but_taken
from routing.weighing import Weighed

__all__ = ["NONE", "OVER", "PAIR", "PLACED", "STOP", "UNKNOWN", "Part", "parts_of"]

PLACED, OVER, STOP, PAIR, UNKNOWN = range(5)
"""Sorts of ways; ``UNKNOWN`` is a place kept at a centre that is no destination any more."""

NONE = -1
_NOBODY = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
BY_TEAM = ("receiver_team", "meet")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The n ways of one sort, need and variant, and what they take.

    Parameters
    ----------
    row, pair : shape (n,)
        Facility, and which pair of the request.
    minutes : shape (n,)
        Cost, added up in the order of ``COST_PARTS`` so that rounding is that of a ranking.
    care_min : shape (n,)
        When care begins.
    taken : tuple of (way, facility, kind, amount)
        Arrays with the places taken, ways counted from 0.
    asked : (way, facility)
        Arrays with the placements over capacity.
    """

    sort: int
    weighed: Weighed
    need: int
    variant: int
    row: Ints
    pair: Ints
    minutes: Floats
    care_min: Floats
    taken: tuple[tuple[Ints, Ints, Ints, Ints], ...] = ()
    asked: tuple[Ints, Ints] = _NOBODY

    def driving(self) -> tuple[Floats, Flags]:
        """Return when she leaves, and whether a team of the centre takes part, shape (n,)."""
        options, chosen = self.weighed.drives.options, self.weighed.drives.chosen[self.row]
        if len(options) == 1:
            (way,) = options
            leaves = way.ready_min[self.row] + way.out_min[self.row]
            return leaves, np.full(self.row.size, way.by in BY_TEAM)
        ready = np.stack([way.ready_min + way.out_min for way in options])
        by_team = np.array([way.by in BY_TEAM for way in options])
        return ready[chosen, self.row], by_team[chosen]


def parts_of(choices: Choices) -> Iterator[Part]:
    """Yield the ways of a request to definitive care."""
    for number, weighed in enumerate(choices.weighed):
        yield from _placed(weighed, number, choices.question.centres)
        if weighed.may_ask.any():
            yield _over(weighed, number)
    if choices.apart is not None:
        yield _apart(choices.apart)


def _placed(weighed: Weighed, need: int, centres: Centres) -> Iterator[Part]:
    """Yield every variant of places: where it fits, and where it would if there were room."""
    open_to = (weighed.feasibility.bits == 0) & np.isfinite(weighed.drives.care_min)
    seating = weighed.seating
    for v, variant in enumerate(seating.variants):
        row = np.flatnonzero(open_to & (seating.fits[v] | in_service_but_taken(variant, centres)))
        total = _before(weighed, row) + seating.trust[v, row]
        total = total + weighed.base["preference"][row] + seating.ward_step[v]
        way = np.arange(row.size)
        yield Part(
            sort=PLACED,
            weighed=weighed,
            need=need,
            variant=v,
            row=row,
            pair=np.full(row.size, NONE),
            minutes=total + weighed.base["lacks"][row] + weighed.base["cooling_lost"][row],
            care_min=_begins(weighed, row),
            taken=tuple(
                (way, row, np.full(row.size, k), np.full(row.size, n))
                for k, n in variant.taken.items()
            ),
        )


def _before(weighed: Weighed, row: Ints) -> Floats:
    total: Floats = weighed.base["time_to_care"][row] + weighed.base["late"][row]
    return total


def _over(weighed: Weighed, need: int) -> Part:
    """Return the placements over capacity, wherever one may be asked for."""
    row, base = np.flatnonzero(weighed.may_ask), weighed.base
    total = _before(weighed, row) + base["preference"][row] + weighed.over_price[row]
    return Part(
        sort=OVER,
        weighed=weighed,
        need=need,
        variant=NONE,
        row=row,
        pair=np.full(row.size, NONE),
        minutes=total + base["lacks"][row] + base["cooling_lost"][row],
        care_min=_begins(weighed, row),
        asked=(np.arange(row.size), row),
    )


def _begins(weighed: Weighed, row: Ints) -> Floats:
    """Return when her care begins: with a team that brings the escort, or when she arrives."""
    drives = weighed.drives
    begins: Floats = drives.care_min[row]
    if len(drives.options) > 1:
        teams = [np.where(way.team_is_enough, way.team_min, np.inf) for way in drives.options]
        begins = np.minimum(begins, np.stack(teams)[drives.chosen[row], row])
    return begins


def _apart(pairs: Pairs) -> Part:
    """Return mother and newborn apart, with those that a full pool would open."""
    return Part(
        sort=PAIR,
        weighed=pairs.mother,
        need=0,
        variant=NONE,
        row=pairs.row,
        pair=np.arange(pairs.row.size),
        minutes=pairs.cost_min,
        care_min=pairs.care_min,
        taken=pairs.taken(),
        asked=pairs.asked(),
    )
