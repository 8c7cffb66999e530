"""How far every centre is from one home in one month, and which may be her place of birth."""

from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from geodata.conditions import Conditions
from geodata.site import Site
from routing.booking.needs import BirthNeed
from routing.booking.room import NOT_SERVED, RoomTable
from routing.centres import KIND_INDEX, Flags, Floats
from routing.drives import scale_of
from routing.feasible import Station, feasibility
from routing.local_time import LOCAL_TIME
from routing.network import FacilityNetwork
from routing.prices import Prices
from routing.question import Question
from routing.request_values import Closed, Request, Slowed, Transport
from routing.triage.case import NO_SENDER, Case
from routing.triage.rows import RuleSet
from routing.weighing import lacks, preference

__all__ = ["AS_USUAL", "Reach", "Reaches", "Roads"]

Roads: TypeAlias = tuple[Closed, Slowed]
_Home: TypeAlias = tuple[Site, str, date]
"""Where, in which county, and in which month."""

MIDDAY = time(12)
AS_USUAL: Roads = (frozenset(), frozenset())
AT_HOME = Station(lacks=frozenset(), sender=NO_SENDER, may_keep_her=True)


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """F centres as seen from one home by women of one need.

    Parameters
    ----------
    travel_min : shape (F,)
        Expected minutes on the road, the mean of day and night; infinite without a time. With the
        roads that are closed or slowed in her weeks; where none is open, the usual ones.
    home_min : shape (F,)
        Time to care when labour begins at home: leaving, road, reception.
    handicap_min : shape (F,)
        R-COST-04, preferred capabilities that are missing, preferred grade not met.
    possible : shape (F,)
        Nothing stands against the centre, room aside.
    cut_off : shape (F,)
        A way leads there by the usual roads, and none by those that are open in her weeks: hers
        only where there is nothing else.
    longer : shape (F,)
        The way there is longer than by the usual roads.
    kept_out : shape (F,)
        By the usual roads one that is cut off, or has a longer way now, would be nearer.
    """

    travel_min: Floats
    home_min: Floats
    handicap_min: Floats
    possible: Flags
    inside: Flags
    cut_off: Flags
    longer: Flags
    kept_out: Flags


class Reaches:
    """Looks up the reach of homes; equal ones are reckoned once."""

    def __init__(self, network: FacilityNetwork, rules: RuleSet, table: RoomTable) -> None:
        self._network, self._numbers, self._table = network, rules.numbers, table
        self._prices = Prices.of(rules.numbers)
        self._questions: dict[tuple[_Home, Roads], tuple[Question, Floats]] = {}
        self._known: dict[tuple[_Home, Roads, int], Reach] = {}
        self._kept: list[BirthNeed] = []

    def of(
        self, origin: Site, county: str, due: date, need: BirthNeed, roads: Roads = AS_USUAL
    ) -> Reach:
        """Return the reach of a home in the month of a due date.

        ``roads`` are closed or slowed in some of her weeks and count for all of them: on which day
        she goes nobody knows.
        """
        home = (origin, county, due.replace(day=1))
        at = (home, roads, id(need))
        if at not in self._known:
            self._kept.append(need)  # an id is its own only while the object lives
            found = self._reach(home, AS_USUAL, need)
            if any(roads):
                found = _changed(found, self._reach(home, roads, need))
            self._known[at] = found
        return self._known[at]

    def _reach(self, home: _Home, roads: Roads, need: BirthNeed) -> Reach:
        question, travel = self._question(home, roads)
        found = feasibility(question, need.need, AT_HOME, planned=False, held=False)
        served = np.ones(travel.size, dtype=np.bool_)
        for kind in need.kinds:
            served &= self._table.serves[KIND_INDEX[kind]] != NOT_SERVED
        possible = (found.bits == 0) & served & np.isfinite(travel)
        home_min = self._prices.leave_ems120_min + travel + self._prices.reception_min
        shortest = float(np.min(home_min, where=found.able, initial=np.inf))
        handicap = preference(question, need.need, possible, shortest) + lacks(question, found)
        below = question.centres.grade < need.preferred_grade
        grade = self._numbers["booking_grade_min"] * below * scale_of(question, shortest)
        none = np.zeros(possible.size, dtype=np.bool_)
        return Reach(
            travel_min=travel,
            home_min=home_min,
            handicap_min=handicap + grade,
            possible=possible,
            inside=self._inside(question, possible),
            cut_off=none,
            longer=none,
            kept_out=none,
        )

    def _inside(self, question: Question, possible: Flags) -> Flags:
        """Return the centres of the first rank of her catchment that has a possible one."""
        inside = np.zeros(possible.size, dtype=np.bool_)
        ranks = self._network.catchment(question.request.origin_county, "M", question.day)
        for rows, _ in ranks:
            if possible[rows].any():
                inside[rows] = True
                break
        return inside

    def _question(self, home: _Home, roads: Roads) -> tuple[Question, Floats]:
        at = home, roads
        if at not in self._questions:
            origin, county, month = home
            closed, slowed = roads
            noon = datetime.combine(month, MIDDAY, tzinfo=LOCAL_TIME)
            case = Case("maternal", MappingProxyType({}), NO_SENDER, noon, noon)
            request = Request(
                case=case,
                origin=origin,
                origin_facility=None,
                origin_county=county,
                closed=closed,
                exclude=frozenset(),
                transport=Transport(None, None),
                slowed=slowed,
            )
            question = Question.of(self._network, self._prices, request)
            dark = Conditions(month=month.month, night=True, closed=closed, slowed=slowed)
            night = self._network.times_from(origin, dark)
            by_night = np.where(night.reason[0] == 0, night.expected_s[0] / 60, np.inf)
            self._questions[at] = question, (question.expected_min + by_night) / 2
        return self._questions[at]


def _changed(usual: Reach, now: Reach) -> Reach:
    """Return the reach by the roads that are open, and where none is, by the usual ones."""
    cut_off = np.isfinite(usual.travel_min) & ~np.isfinite(now.travel_min)
    longer = ~cut_off & (now.travel_min > usual.travel_min)
    behind = usual.possible & (cut_off | longer)
    nearest = float(np.min(usual.travel_min, where=behind, initial=np.inf))
    return Reach(
        travel_min=np.where(cut_off, usual.travel_min, now.travel_min),
        home_min=np.where(cut_off, usual.home_min, now.home_min),
        handicap_min=np.where(cut_off, usual.handicap_min, now.handicap_min),
        possible=usual.possible,
        inside=now.inside,
        cut_off=cut_off,
        longer=longer,
        kept_out=~cut_off & (usual.travel_min > nearest),
    )
