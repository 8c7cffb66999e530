"""The cheapest way to get to every centre, and how long care takes that way (R-COST-01, 03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.centres import Flags, Floats, Ints
from routing.question import Question
from routing.transport import Option, options
from routing.triage.need import RoutingNeed
from routing.way import TransportPlan

__all__ = ["Drives", "drives", "reception_of", "scale_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Drives:
    """The chosen way to get to each of F centres.

    Parameters
    ----------
    options : tuple[Option, ...]
        Ways to get there; ``chosen`` of shape (F,) says which.
    care_min, late_min, high_min, arrival_min : shape (F,)
        Time to care, minutes beyond what is left of the limit, time to care by the high
        estimate, and minutes until she is there; infinite where there is no way.
    hand_overs : shape (F,)
        Hand-overs beyond sender and destination.
    """

    options: tuple[Option, ...]
    chosen: Ints
    care_min: Floats
    late_min: Floats
    high_min: Floats
    arrival_min: Floats
    hand_overs: Floats

    def plan(self, question: Question, row: int, escort: str | None) -> TransportPlan:
        """Return the public form of the way to one centre."""
        travel = float(question.expected_min[row])
        return self.options[int(self.chosen[row])].plan(row, travel, escort)


class _Timed(NamedTuple):
    """One option at all centres; ``care`` is infinite where it does not exist."""

    care: Floats
    late: Floats
    high: Floats
    arrival: Floats


def reception_of(question: Question, need: RoutingNeed) -> float:
    """Return the minutes of reception; a theatre is called ahead."""
    prices = question.prices
    return prices.never_bypass_reception_min if need.never_bypass else prices.reception_min


def drives(
    question: Question,
    need: RoutingNeed,
    *,
    priority: int,
    able: Flags,
    among: tuple[Option, ...] | None = None,
) -> tuple[Drives, float]:
    """Return the cheapest way to get to each centre, and T of R-COST-04.

    Parameters
    ----------
    priority : int
        1, 2 or 3: for 2 and 3 the wait for an answer counts.
    able : shape (F,)
        Centres that have the capabilities, whatever is free: T is the shortest time to care
        over these.
    among : tuple[Option, ...] | None
        Ways to get there; None takes all there are. They are compared by time to care,
        lateness and the handicap of a hand-over.
    """
    ways = options(question, need) if among is None else among
    ahead = reception_of(question, need) + _wait(question, priority)
    spread = question.spread_min
    remaining = question.remaining_min(need)
    timed = [_timed(question, way, ahead, spread, remaining) for way in ways]
    shortest = min(float(t.care.min(where=able, initial=np.inf)) for t in timed)
    if len(ways) == 1:
        only = timed[0]
        none = np.zeros(len(spread))
        chosen: Ints = np.zeros(len(spread), np.int64)
        return Drives(ways, chosen, only.care, only.late, only.high, only.arrival, none), shortest
    return _cheapest(question, ways, timed, scale_of(question, shortest)), shortest


def _wait(question: Question, priority: int) -> Floats | float:
    prices = question.prices
    usual = prices.answer_wait(priority, silent=False)
    if not question.some_silent:
        return usual
    wait: Floats = np.where(question.silent, prices.answer_wait(priority, silent=True), usual)
    return wait


def _timed(
    question: Question,
    way: Option,
    ahead: Floats | float,
    spread: Floats,
    remaining: float,
) -> _Timed:
    """Time one option; a team that brings the escort of the row stops the clock (R-ESC-01)."""
    arrival = way.arrival_min(question.expected_min)
    care: Floats = np.where(way.available, arrival + ahead, np.inf)
    if remaining < np.inf:
        begins = care
        if way.hand_overs or way.by == "receiver_team":
            begins = np.where(way.team_is_enough, np.minimum(way.team_min, care), care)
        late = np.maximum(0.0, begins - remaining)
    else:
        late = np.zeros(len(care))
    legs = 2 if way.by == "receiver_team" else 1
    return _Timed(care, late, care + legs * spread, arrival)


def _cheapest(
    question: Question, ways: tuple[Option, ...], timed: Sequence[_Timed], scale: float
) -> Drives:
    """Choose for every centre."""
    prices = [way.hand_overs * question.prices.hand_over_min * scale for way in ways]
    best = timed[0]
    total = best.care + best.late + prices[0]
    chosen: Ints = np.zeros(len(total), np.int64)
    hand_overs = np.full(len(total), float(ways[0].hand_overs))
    for number in range(1, len(ways)):
        other = timed[number]
        cost = other.care + other.late + prices[number]
        better = cost < total
        total = np.where(better, cost, total)
        chosen[better] = number
        hand_overs[better] = ways[number].hand_overs
        best = _Timed(
            care=np.where(better, other.care, best.care),
            late=np.where(better, other.late, best.late),
            high=np.where(better, other.high, best.high),
            arrival=np.where(better, other.arrival, best.arrival),
        )
    return Drives(ways, chosen, best.care, best.late, best.high, best.arrival, hand_overs)


def scale_of(question: Question, shortest: float) -> float:
    """Return by how much handicaps grow with the shortest time to care (R-COST-04)."""
    if not np.isfinite(shortest):
        return 1.0
    return max(1.0, shortest / question.prices.preference_scale_min)
