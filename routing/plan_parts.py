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
class Going:
    """How she gets to each of F centres by one need.

    ``leaves_min`` and ``begins_min`` (F,) say when she leaves and when her care begins: with a
    team that brings the escort, or when she arrives; ``by_team`` (F,) whether a team of the centre
    takes part.
    """

    leaves_min: Floats
    begins_min: Floats
    by_team: Flags

    @classmethod
    def of(cls, weighed: Weighed) -> "Going":
        """Read the way chosen for each centre."""
        options, chosen = weighed.drives.options, weighed.drives.chosen
        begins = weighed.drives.care_min
        if len(options) == 1:
            (way,) = options
            leaves = way.ready_min + way.out_min
            return cls(leaves, begins, np.full(begins.size, way.by in BY_TEAM))
        row = np.arange(begins.size)
        ready = np.stack([way.ready_min + way.out_min for way in options])
        teams = np.stack([np.where(way.team_is_enough, way.team_min, np.inf) for way in options])
        by_team = np.array([way.by in BY_TEAM for way in options])
        begins = np.minimum(begins, teams[chosen, row])
        return cls(ready[chosen, row], begins, by_team[chosen])


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
    going: Going
    need: int
    variant: int
    row: Ints
    pair: Ints
    minutes: Floats
    care_min: Floats
    taken: tuple[tuple[Ints, Ints, Ints, Ints], ...] = ()
    asked: tuple[Ints, Ints] = _NOBODY


def parts_of(choices: Choices) -> Iterator[Part]:
    """Yield the ways of a request to definitive care."""
    for number, weighed in enumerate(choices.weighed):
        going = Going.of(weighed)
        yield from _placed(weighed, number, going, choices.question.centres)
        if weighed.may_ask.any():
            yield _over(weighed, number, going)
    if choices.apart is not None:
        yield _apart(choices.apart)


def _placed(weighed: Weighed, need: int, going: Going, centres: Centres) -> Iterator[Part]:
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
            going=going,
            need=need,
            variant=v,
            row=row,
            pair=np.full(row.size, NONE),
            minutes=total + weighed.base["lacks"][row] + weighed.base["cooling_lost"][row],
            care_min=going.begins_min[row],
            taken=tuple(
                (way, row, np.full(row.size, k), np.full(row.size, n))
                for k, n in variant.taken.items()
            ),
        )


def _before(weighed: Weighed, row: Ints) -> Floats:
    total: Floats = weighed.base["time_to_care"][row] + weighed.base["late"][row]
    return total


def _over(weighed: Weighed, need: int, going: Going) -> Part:
    """Return the placements over capacity, wherever one may be asked for."""
    row, base = np.flatnonzero(weighed.may_ask), weighed.base
    total = _before(weighed, row) + base["preference"][row] + weighed.over_price[row]
    return Part(
        sort=OVER,
        weighed=weighed,
        going=going,
        need=need,
        variant=NONE,
        row=row,
        pair=np.full(row.size, NONE),
        minutes=total + base["lacks"][row] + base["cooling_lost"][row],
        care_min=going.begins_min[row],
        asked=(np.arange(row.size), row),
    )


def _apart(pairs: Pairs) -> Part:
    """Return mother and newborn apart, with those that a full pool would open."""
    return Part(
        sort=PAIR,
        weighed=pairs.mother,
        going=Going.of(pairs.mother),
        need=0,
        variant=NONE,
        row=pairs.row,
        pair=np.arange(pairs.row.size),
        minutes=pairs.cost_min,
        care_min=pairs.care_min,
        taken=pairs.taken(),
        asked=pairs.asked(),
    )
