"""How far every centre is from one home in one month, and which may be her place of birth."""

from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType

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
from routing.request_values import Request, Transport
from routing.triage.case import NO_SENDER, Case
from routing.triage.rows import RuleSet
from routing.weighing import lacks, preference

__all__ = ["Reach", "Reaches"]

MIDDAY = time(12)
AT_HOME = Station(lacks=frozenset(), sender=NO_SENDER, may_keep_her=True)


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """F centres as seen from one home by women of one need.

    Parameters
    ----------
    travel_min : shape (F,)
        Expected minutes on the road, the mean of day and night; infinite without a time.
    home_min : shape (F,)
        Time to care when labour begins at home: leaving, road, reception.
    handicap_min : shape (F,)
        R-COST-04, preferred capabilities that are missing, preferred grade not met.
    possible : shape (F,)
        Nothing stands against the centre, room aside.
    """

    travel_min: Floats
    home_min: Floats
    handicap_min: Floats
    possible: Flags
    inside: Flags


class Reaches:
    """Looks up the reach of homes; equal ones are reckoned once."""

    def __init__(self, network: FacilityNetwork, rules: RuleSet, table: RoomTable) -> None:
        self._network, self._numbers, self._table = network, rules.numbers, table
        self._prices = Prices.of(rules.numbers)
        self._questions: dict[tuple[Site, str, date], tuple[Question, Floats]] = {}
        self._known: dict[tuple[Site, str, date, int], Reach] = {}
        self._kept: list[BirthNeed] = []

    def of(self, origin: Site, county: str, due: date, need: BirthNeed) -> Reach:
        """Return the reach of a home in the month of a due date."""
        month = due.replace(day=1)
        at = (origin, county, month, id(need))
        if at not in self._known:
            self._kept.append(need)  # an id is its own only while the object lives
            self._known[at] = self._reach(origin, county, month, need)
        return self._known[at]

    def _reach(self, origin: Site, county: str, month: date, need: BirthNeed) -> Reach:
        question, travel = self._question(origin, county, month)
        found = feasibility(question, need.need, AT_HOME, planned=False, held=False)
        served = np.ones(travel.size, dtype=np.bool_)
        for kind in need.kinds:
            served &= self._table.serves[KIND_INDEX[kind]] != NOT_SERVED
        possible = (found.bits == 0) & served & np.isfinite(travel)
        home = self._prices.leave_ems120_min + travel + self._prices.reception_min
        shortest = float(np.min(home, where=found.able, initial=np.inf))
        handicap = preference(question, need.need, possible, shortest) + lacks(question, found)
        below = question.centres.grade < need.preferred_grade
        grade = self._numbers["booking_grade_min"] * below * scale_of(question, shortest)
        inside = self._inside(question, possible)
        return Reach(travel, home, handicap + grade, possible, inside)

    def _inside(self, question: Question, possible: Flags) -> Flags:
        """Return the centres of the first rank of her catchment that has a possible one."""
        inside = np.zeros(possible.size, dtype=np.bool_)
        ranks = self._network.catchment(question.request.origin_county, "M", question.day)
        for rows, _ in ranks:
            if possible[rows].any():
                inside[rows] = True
                break
        return inside

    def _question(self, origin: Site, county: str, month: date) -> tuple[Question, Floats]:
        at = (origin, county, month)
        if at not in self._questions:
            noon = datetime.combine(month, MIDDAY, tzinfo=LOCAL_TIME)
            case = Case("maternal", MappingProxyType({}), NO_SENDER, noon, noon)
            request = Request(
                case=case,
                origin=origin,
                origin_facility=None,
                origin_county=county,
                closed=frozenset(),
                exclude=frozenset(),
                transport=Transport(None, None),
            )
            question = Question.of(self._network, self._prices, request)
            dark = Conditions(month=month.month, night=True, closed=frozenset())
            night = self._network.times_from(origin, dark)
            by_night = np.where(night.reason[0] == 0, night.expected_s[0] / 60, np.inf)
            self._questions[at] = question, (question.expected_min + by_night) / 2
        return self._questions[at]
