"""What every centre costs for one need: the parts of R-COST, side by side for all centres."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from routing.catchment_use import inside_catchment
from routing.centres import Centres, Flags, Floats, Ints
from routing.drives import Drives, drives, scale_of
from routing.feasible import Feasibility, Station, feasibility
from routing.prices import Prices
from routing.question import Question
from routing.seating import Seating, needs_free_place, over_capacity_price, seating
from routing.transport import Option
from routing.triage.need import LevelFloor, RoutingNeed
from routing.way import COST_PARTS

__all__ = ["Weighed", "lacks", "preference", "weigh"]


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """One need at F centres: what stands against each, and what each costs.

    Parameters
    ----------
    feasible : shape (F,)
        Nothing stands against the centre, a hard condition on places included.
    no_place : shape (F,)
        No free place where that is a hard condition: by the request, and outside the province.
    may_ask : shape (F,)
        May be asked to take her over capacity (R-DEST-02).
    base : Mapping[str, Floats]
        Cost parts that do not depend on the places taken, shape (F,) each.
    variant : shape (F,)
        The cheapest variant of places that fits; meaningless where ``over`` is true.
    over : shape (F,)
        No variant fits: she is asked for over capacity.
    over_price : shape (F,)
        Minutes for that, never less than a place that is free there.
    total : shape (F,)
        All parts added in the order of ``COST_PARTS``, infinite where not feasible.
    """

    need: RoutingNeed
    feasibility: Feasibility
    drives: Drives
    seating: Seating
    feasible: Flags
    no_place: Flags
    may_ask: Flags
    base: Mapping[str, Floats]
    variant: Ints
    over: Flags
    over_price: Floats
    total: Floats

    def parts(self, row: int, variant: int | None) -> dict[str, float]:
        """Return the cost of one centre by parts; ``variant`` None is over capacity."""
        cost = dict.fromkeys(COST_PARTS, 0.0)
        for name, minutes in self.base.items():
            cost[name] = float(minutes[row])
        if variant is None:
            cost["over_capacity"] = float(self.over_price[row])
        else:
            cost["ward_step"] = float(self.seating.ward_step[variant])
            cost["trust"] = float(self.seating.trust[variant, row])
        return cost

    def chosen(self) -> dict[str, Floats]:
        """Return the parts of every centre with the places chosen there, shape (F,) each."""
        return {**self.base, **_of_places(self.seating, self.variant, self.over, self.over_price)}


def weigh(
    question: Question,
    need: RoutingNeed,
    station: Station,
    *,
    priority: int,
    held: bool,
    among: tuple[Option, ...] | None = None,
    cooling_lost: bool = False,
) -> Weighed:
    """Set one need against every centre.

    Parameters
    ----------
    station : Station
        The sender's own hospital.
    priority : int
        1, 2 or 3.
    held : bool
        She may not be moved at all (R-HOLD-09).
    among : tuple[Option, ...] | None
        Ways to get there; None takes all there are.
    cooling_lost : bool
        The price of going without cooling is added (R-ROUTE-09).
    """
    found = feasibility(question, need, station, planned=priority == 3, held=held)
    driven, shortest = drives(question, need, priority=priority, able=found.able, among=among)
    places = seating(question, need.seats, driven.arrival_min)
    placed = places.placed
    # nobody of ours can ask a full hospital in another province to make room
    hard = question.centres.outside | needs_free_place(need.seats, priority)
    no_place = ~placed & hard
    reached = np.isfinite(driven.care_min)
    feasible = (found.bits == 0) & ~no_place & reached
    variant, seat_price = places.cheapest()
    asked = over_capacity_price(question.prices, need.seats)
    over_price = np.where(placed, np.maximum(asked, seat_price), asked)
    base = {
        "time_to_care": driven.care_min,
        "late": driven.late_min,
        "preference": preference(
            question,
            need,
            feasible,
            shortest,
            hand_overs=driven.hand_overs if len(driven.options) > 1 else None,
        ),
        "lacks": lacks(question, found),
        "cooling_lost": np.full(
            placed.shape, question.prices.cooling_lost_min if cooling_lost else 0.0
        ),
    }
    over = ~placed
    total = _total(base, places, variant, over, over_price)
    return Weighed(
        need=need,
        feasibility=found,
        drives=driven,
        seating=places,
        feasible=feasible,
        no_place=no_place,
        may_ask=feasible & ~hard & bool(need.seats),
        base=base,
        variant=variant,
        over=over,
        over_price=over_price,
        total=np.where(feasible, total, np.inf),
    )


def _of_places(places: Seating, variant: Ints, over: Flags, price: Floats) -> Mapping[str, Floats]:
    """Return the parts that depend on the places taken, or asked for over capacity."""
    rows = np.arange(len(over))
    return {
        "trust": np.where(over, 0.0, places.trust[variant, rows]),
        "ward_step": np.where(over, 0.0, places.ward_step[variant]),
        "over_capacity": np.where(over, price, 0.0),
    }


def _total(
    base: Mapping[str, Floats], places: Seating, variant: Ints, over: Flags, price: Floats
) -> Floats:
    """Add up the parts in their order, so that a reader who adds them gets the same figure."""
    taken = _of_places(places, variant, over, price)
    total: Floats = base["time_to_care"] + base["late"] + taken["trust"] + base["preference"]
    total = total + taken["ward_step"] + taken["over_capacity"]
    return total + base["lacks"] + base["cooling_lost"]


def lacks(question: Question, found: Feasibility) -> Floats:
    """Return the price of preferred capabilities that are missing (R-COST-02)."""
    prices = question.prices
    if found.need.never_bypass or not found.need.preferred:
        return np.zeros(question.centres.size)
    missing = question.centres.missing(found.need.preferred)
    price: Floats = np.minimum(prices.lacks_max_min, prices.lacks_step_min * missing)
    return price


def preference(
    question: Question,
    need: RoutingNeed,
    feasible: Flags,
    shortest: float,
    *,
    hand_overs: Floats | None = None,
) -> Floats:
    """Return the handicaps of R-COST-04 in minutes, shape (F,); none for never-bypass rows.

    Parameters
    ----------
    feasible : shape (F,)
        Centres against which nothing stands.
    shortest : float
        T of R-COST-04, infinite where no centre could take her.
    hand_overs : shape (F,), optional
        Hand-overs beyond sender and destination; None has none.
    """
    centres, prices = question.centres, question.prices
    if need.never_bypass:
        return np.zeros(centres.size)
    inside, _ = inside_catchment(question, need, feasible)
    home = question.network.prefecture_of(question.request.origin_county)
    handicap = prices.outside_catchment_min * ~inside + _standing(
        centres, prices, need.levels, home
    )
    if hand_overs is not None:
        handicap += prices.hand_over_min * hand_overs
    cap = prices.preference_cap_min
    if np.isfinite(shortest):
        cap = max(cap, prices.preference_cap_share * shortest)
    preferred: Floats = np.minimum(handicap * scale_of(question, shortest), cap)
    return preferred


@lru_cache(maxsize=1024)
def _standing(
    centres: Centres, prices: Prices, levels: tuple[LevelFloor, ...], home: str
) -> Floats:
    """Return the handicaps of level, prefecture and province: the same for many requests.

    Who leaves the province leaves the prefecture too: both count, else the further border would
    be the cheaper one.
    """
    other_prefecture, other_province = centres.borders(home)
    handicap = prices.level_not_met_min * ~centres.meets_levels(levels)
    handicap = handicap + prices.other_prefecture_min * other_prefecture
    standing: Floats = handicap + prices.other_province_min * other_province
    standing.flags.writeable = False
    return standing
