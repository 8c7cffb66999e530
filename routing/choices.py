"""The centres of one request in order: every need it may go by, the cheapest for each centre."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.centres import Flags, Floats, Ints
from routing.drives import Drives
from routing.feasible import Station
from routing.pairs import Pair, Pairs
from routing.question import Question
from routing.splitting import split_pairs
from routing.tenths import rounded
from routing.transport import Option, options
from routing.triage.assess import Assessed
from routing.triage.expression import Known
from routing.weighing import Weighed, weigh

__all__ = ["Choices", "choices", "cooling_after"]


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """All that one request may do.

    Parameters
    ----------
    weighed : tuple[Weighed, ...]
        The need, and with cooling also the need without it (R-ROUTE-09).
    pick : shape (F,)
        By which of them each centre serves her best.
    cost_min : shape (F,)
        Rounded once to 0.1 min, infinite where excluded.
    order : tuple[int, ...]
        Centres that can take her alone, best first (R-DEST-03).
    apart : Pairs | None
        Mother and newborn in two places; None where that has no meaning.
    cooling_min : float | None
        Soonest care with cooling, minutes from now; None where no centre cools or none is asked.
    """

    question: Question
    assessed: Assessed
    station: Station
    weighed: tuple[Weighed, ...]
    pick: Ints
    cost_min: Floats
    order: tuple[int, ...]
    apart: Pairs | None
    cooling_min: float | None

    def of(self, row: int) -> Weighed:
        """Return the need by which a centre serves her."""
        return self.weighed[int(self.pick[row])]

    @property
    def feasible(self) -> Flags:
        """Centres that can take her alone, shape (F,)."""
        return np.isfinite(self.cost_min)

    def pairs_shown(self) -> tuple[Pair, ...]:
        """Return the pairs that a ranking shows, best first: better than every single centre.

        A hospital that cannot look after the child is no destination because it is near; where
        one place does both, the pairs behind it are left to the plan (R-DEST-04, R-ROUTE-03).
        """
        if self.apart is None:
            return ()
        first = self.apart.best()
        better = first[self.apart.cost_min[first] < self._best_alone]
        return tuple(map(self.apart.pair, better.tolist()))

    @property
    def _best_alone(self) -> float:
        return float(self.cost_min[self.order[0]]) if self.order else math.inf

    @property
    def first_pair(self) -> Pair | None:
        """The pair that stands before every single centre; None where none does."""
        if self.apart is None or not self.apart.size:
            return None
        return self.apart.pair(0) if self.apart.cost_min[0] < self._best_alone else None

    @property
    def first_row(self) -> int | None:
        """The first definitive centre, of a pair the mother's; None where there is none."""
        pair = self.first_pair
        if pair is not None:
            return pair.row
        return self.order[0] if self.order else None

    def drives_to_first(self) -> Drives:
        """Return the ways by which the first definitive centre serves her, or would."""
        pair = self.first_pair
        if pair is not None:
            return pair.mother.drives
        return self.of(self.order[0]).drives if self.order else self.weighed[-1].drives


def choices(question: Question, assessed: Assessed, *, priority: int) -> Choices:
    """Set a request against all centres and put them in order."""
    need, station = assessed.need, Station.of(assessed, question)
    weighed: tuple[Weighed, ...]
    soonest: float | None = None
    if need.cooling and need.without_cooling is not None:
        ways = options(question, need)
        stops = [cooling_after(question, way) for way in ways]
        window = _window_left(question, assessed.known)
        in_time = tuple(_within(way, stop, window) for way, stop in zip(ways, stops, strict=True))
        cool = weigh(question, need, station, priority=priority, held=False, among=in_time)
        warm = weigh(
            question,
            need.without_cooling,
            station,
            priority=priority,
            held=False,
            cooling_lost=True,
        )
        weighed = (cool, warm)
        soonest = _soonest(ways, stops, cool.feasibility.able)
    else:
        held = need.suppressed
        weighed = (weigh(question, need, station, priority=priority, held=held),)
    total = weighed[0].total
    pick = np.zeros(len(total), np.int64)
    for number, one in enumerate(weighed[1:], start=1):
        better = one.total < total
        pick[better] = number
        total = np.where(better, one.total, total)
    cost = rounded(total)
    rows = np.flatnonzero(np.isfinite(total))
    order = _order(question, weighed, pick, cost, rows)
    apart = split_pairs(question, weighed[0], station, priority=priority)
    return Choices(
        question=question,
        assessed=assessed,
        station=station,
        weighed=weighed,
        pick=pick,
        cost_min=cost,
        order=order,
        apart=apart,
        cooling_min=soonest,
    )


def _order(
    question: Question, weighed: Sequence[Weighed], pick: Ints, cost: Floats, rows: Ints
) -> tuple[int, ...]:
    """Sort by cost, then high minutes, share of the pool in use, facility id (R-DEST-03)."""
    every = np.arange(len(cost))
    shares = [np.where(w.over, 1.0, w.seating.in_use[w.variant, every]) for w in weighed]
    share = shares[0][rows] if len(shares) == 1 else np.stack(shares)[pick[rows], rows]
    high = np.ceil(question.high_min[rows] - 1e-9)
    keys = (rows, share, high, cost[rows])
    ordered: list[int] = rows[np.lexsort(keys)].tolist()
    return tuple(ordered)


def cooling_after(question: Question, way: Option) -> Floats:
    """Return when the cooling clock stops for one way to each centre (R-ROUTE-09), shape (F,).

    A team with cooling equipment stops it where it reaches her, otherwise her arrival does.
    """
    cools = question.centres.has("NEO_COOLING")
    arrival = way.arrival_min(question.expected_min)
    stops: Floats = np.where(cools & way.available, np.minimum(way.team_min, arrival), arrival)
    return stops


def _window_left(question: Question, known: Known) -> float:
    """Return the minutes left of the cooling window; unlimited where the age is not known."""
    age = known.get("age_minutes")
    if isinstance(age, bool) or not isinstance(age, int | float):
        return math.inf
    return question.prices.cooling_latest_arrival_min - float(age) - question.elapsed_min


def _within(way: Option, stops: Floats, window: float) -> Option:
    """Return the way where it stops the cooling clock in time."""
    return Option(
        by=way.by,
        ready_min=way.ready_min,
        out_min=way.out_min,
        team_min=way.team_min,
        team_is_enough=way.team_is_enough,
        available=way.available & (stops <= window),
        short=way.short,
        hand_overs=way.hand_overs,
    )


def _soonest(ways: Sequence[Option], stops: Sequence[Floats], able: Flags) -> float | None:
    soonest = min(
        (
            float(np.min(stop, where=able & way.available, initial=np.inf))
            for way, stop in zip(ways, stops, strict=True)
        ),
        default=math.inf,
    )
    return soonest if math.isfinite(soonest) else None
