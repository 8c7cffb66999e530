"""Count an answer again in women, beds and days, from the question and the answer alone.

Loads are added up day by day of birth, and what they leave is judged by the Poisson sum itself, so
neither the arrays of the solver nor the table of limits can hide a fault here. Ways behind roads
that are not as usual are looked up one by one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from math import exp

from facilities.capacity import WARD_PLACES, PlaceKind
from facilities.centre import Facility, FacilityStatus
from geodata.conditions import Conditions
from geodata.site import Site
from geodata.travel_time import TravelTimes
from routing.booking.answer import Booked, Bookings
from routing.booking.births import TERM
from routing.booking.needs import BirthNeed
from routing.booking.reach import AS_USUAL, Roads
from routing.booking.room import half_up
from routing.booking.standing import Standing
from routing.booking.stays import stays_of
from routing.booking.values import BookingRequest, Pregnancy
from routing.models.errors import InfeasiblePlanError
from routing.network import FacilityNetwork
from routing.prices import Prices
from routing.triage.rows import RuleSet

__all__ = ["faults_of_answer", "recounted"]

DAYS = 7
STEPS = 7
"""Births of a week are spread over so many moments: the middles of its days."""
SLACK_DAYS = 0.05
"""A load counted in moments differs from the exact one by less than this per woman and week."""
SLACK = 1e-6
MINUTE_S, ROUNDED_MIN = 60, 0.051

Week = tuple[str, PlaceKind, int]


def recounted(
    answer: Bookings,
    asked: BookingRequest,
    network: FacilityNetwork,
    rules: RuleSet,
    *,
    needs: Sequence[BirthNeed],
    standing: Standing | None = None,
) -> Bookings:
    """Return the answer if it stands.

    Raises
    ------
    InfeasiblePlanError
        With every disagreement.
    """
    faults = faults_of_answer(answer, asked, network, rules, needs=needs, standing=standing)
    if faults:
        raise InfeasiblePlanError(faults)
    return answer


def faults_of_answer(
    answer: Bookings,
    asked: BookingRequest,
    network: FacilityNetwork,
    rules: RuleSet,
    *,
    needs: Sequence[BirthNeed],
    standing: Standing | None = None,
) -> list[str]:
    """List what is wrong with an answer."""
    listed = [row.id for row in answer.bookings]
    listed += [row.id for row in answer.unbooked] + [row.id for row in answer.set_aside]
    if sorted(listed) != sorted(one.id for one in asked.pregnancies):
        return ["not every pregnancy stands once in the answer"]
    by_id = {one.id: (one, n) for one, n in zip(asked.pregnancies, needs, strict=True)}
    faults, ways = [], _Ways(network)
    for row in answer.bookings:
        one, need = by_id[row.id]
        faults += [f"{row.id}: {fault}" for fault in _faults_of_one(row, one, need, network)]
        faults += [f"{row.id}: {fault}" for fault in _faults_of_roads(row, one, ways, rules)]
    moved = sum(by_id[row.id][0].booked not in (None, row.facility_id) for row in answer.bookings)
    if moved != answer.totals.moved:
        faults.append(f"{moved} moved, told {answer.totals.moved}")
    if standing is None:
        faults += _faults_of_room(answer, asked, by_id, network, rules)
    return faults + list(_faults_of_lodging(answer, asked, by_id, rules, standing))


def _faults_of_one(
    row: Booked, one: Pregnancy, need: BirthNeed, network: FacilityNetwork
) -> Iterator[str]:
    """Yield what one booking must not be."""
    no = any(declined.facility_id == row.facility_id for declined in one.declined)
    if no != ("declined_all_the_same" in row.why) or row.declined != one.declined:
        yield "a declined centre, and not said"
    change = one.booked not in (None, row.facility_id)
    if change != ("moved" in row.why or (not one.frozen and "booked_not_capable" in row.why)):
        yield f"{row.facility_id} is told as a change from {one.booked}, or not told as one"
    if one.frozen:
        if row.facility_id != one.booked:
            yield f"frozen at {one.booked} and booked at {row.facility_id}"
        return
    facility = network.registry.get(row.facility_id)
    lacking = [
        group for group in need.need.floor if not any(c in facility.capabilities for c in group)
    ]
    if lacking:
        yield f"{row.facility_id} lacks {lacking}"
    if facility.status is FacilityStatus.SUSPENDED:
        yield f"{row.facility_id} is suspended"
    yield from _faults_of_level(facility, need)
    if row.lodging and one.refuses_lodging:
        yield "lodged although she refuses"
    if row.lodging != (row.come_by is not None):
        yield "lodging and the day to come do not agree"
    if row.come_by is not None and need.lodging is None:
        yield "lodged although no rule offers it"


class _Ways:
    """How long the way is from a home to a centre, by day and by night together."""

    def __init__(self, network: FacilityNetwork) -> None:
        self._network = network
        self._known: dict[tuple[Site, int, Roads], tuple[TravelTimes, TravelTimes]] = {}

    def __call__(self, one: Pregnancy, facility_id: str, roads: Roads) -> int | None:
        """Return its seconds there by day and by night, None where there is no way."""
        at = one.origin, one.due.month, roads
        if at not in self._known:
            closed, slowed = roads
            by_day, by_night = (
                self._network.times_from(
                    one.origin, Conditions(one.due.month, night, closed=closed, slowed=slowed)
                )
                for night in (False, True)
            )
            self._known[at] = by_day, by_night
        row = self._network.row_of[facility_id]
        if any(times.reason[0, row] != 0 for times in self._known[at]):
            return None
        return sum(int(times.expected_s[0, row]) for times in self._known[at])


def _faults_of_roads(row: Booked, one: Pregnancy, ways: _Ways, rules: RuleSet) -> Iterator[str]:
    """Yield what is not said, or not counted, of roads that are not as usual for her."""
    usual = now = None
    if any(one.roads):
        usual = ways(one, row.facility_id, AS_USUAL)
        now = ways(one, row.facility_id, one.roads)
    cut_off = usual is not None and now is None
    if cut_off != ("road_closed" in row.why):
        yield f"no road is open to {row.facility_id}, and not said, or said of one that is"
    longer = usual is not None and now is not None and now > usual
    if longer != ("road_longer" in row.why):
        yield f"the way to {row.facility_id} is longer by roads, and not said, or said of none"
    price = rules.numbers["booking_road_closed_min"]
    if cut_off and row.cost_min is not None and row.cost_min < price:
        yield f"{row.facility_id} behind a closed road costs {row.cost_min} min"
    if cut_off and row.time_to_care_min is not None:
        yield f"a time to care at {row.facility_id}, to which no road is open"
    if now is not None and not row.lodging:
        prices = Prices.of(rules.numbers)
        care = prices.leave_ems120_min + now / 2 / MINUTE_S + prices.reception_min
        if row.time_to_care_min is None or abs(row.time_to_care_min - care) > ROUNDED_MIN:
            yield f"{row.time_to_care_min} min to care at {row.facility_id}, counted {care:.1f}"


def _faults_of_level(facility: Facility, need: BirthNeed) -> Iterator[str]:
    lowest = need.need.min_grade
    if lowest is not None and facility.grade is not None and facility.grade < lowest:
        yield f"{facility.facility_id} is below grade {lowest}"
    for floor in need.need.levels:
        own = facility.maternal_level
        plain = floor.maternal is None or (own is not None and own >= floor.maternal)
        if not plain and not floor.alternatives:
            yield f"{facility.facility_id} is below level {floor.maternal}"


def _faults_of_room(
    answer: Bookings,
    asked: BookingRequest,
    by_id: Mapping[str, tuple[Pregnancy, BirthNeed]],
    network: FacilityNetwork,
    rules: RuleSet,
) -> Iterator[str]:
    """Yield the centre-weeks in which more is booked than the percentile allows."""
    load, women, frozen = defaultdict[Week, float](float), defaultdict[Week, int](int), set[Week]()
    known: dict[tuple[int, int], Mapping[tuple[PlaceKind, int], float]] = {}
    places_of, served = _Places(asked, network, rules), dict[tuple[PlaceKind, str], PlaceKind]()
    for row in answer.bookings:
        one, need = by_id[row.id]
        alike = id(need), asked.calendar.week_of(one.due)
        if alike not in known:
            known[alike] = _load_of(one, need, asked, rules)
        for (kind, week), days in known[alike].items():
            to = kind, row.facility_id
            if to not in served:
                served[to] = places_of.served(*to)
            at = row.facility_id, served[to], week
            load[at] += days
            women[at] += 1
            if one.frozen:
                frozen.add(at)
    told = {(w.facility_id, w.kind, w.week) for w in answer.full_weeks if w.load > w.limit}
    for at, days in sorted(load.items()):
        places = places_of(at)
        mean = max(0.0, days - women[at] * SLACK_DAYS) / DAYS
        fits = places > 0 and _at_most(places, mean) >= rules.numbers["booking_percentile"] - SLACK
        if fits or mean <= 0:
            continue
        name = asked.calendar.name(at[2])
        said = f"{at[0]} {at[1].value} {name}: {days:.2f} bed-days booked on {places} places"
        if at not in frozen:
            yield said
        elif (at[0], at[1].value, name) not in told:
            yield f"{said}, and not told"


def _load_of(
    one: Pregnancy, need: BirthNeed, asked: BookingRequest, rules: RuleSet
) -> Mapping[tuple[PlaceKind, int], float]:
    """Return the expected bed-days of one woman by kind and week, moment by moment of birth."""
    weeks, due_week = asked.calendar.weeks, asked.calendar.week_of(one.due)
    found = defaultdict[tuple[PlaceKind, int], float](float)
    shares = need.births.after(TERM - due_week)
    stays = stays_of(rules.numbers, need.kinds, need.births.caesarean)
    for week, share in zip(need.births.weeks, shares.tolist(), strict=True):
        for begins in (due_week + week - TERM, due_week + week - TERM + 1):
            first = max(0, begins)
            for step in range(STEPS):
                birth = DAYS * (first + (step + 0.5) / STEPS)
                for kind, stay in zip(need.kinds, stays, strict=True):
                    _lie(found, kind, birth, stay, share / 2 / STEPS)
    return {at: days for at, days in found.items() if days and at[1] < weeks}


def _lie(
    found: dict[tuple[PlaceKind, int], float],
    kind: PlaceKind,
    birth: float,
    stay: float,
    share: float,
) -> None:
    """Add the days of one stay to the weeks it falls into."""
    week, left, at = int(birth // DAYS), stay, birth
    while left > SLACK:
        days = min(left, DAYS * (week + 1) - at)
        found[kind, week] += share * days
        left, at, week = left - days, DAYS * (week + 1), week + 1


class _Places:
    """The places of a centre-week that may be booked."""

    def __init__(self, asked: BookingRequest, network: FacilityNetwork, rules: RuleSet) -> None:
        self._stated = {(r.facility_id, r.kind, r.week): r.places for r in asked.room}
        self._kept = {(r.facility_id, r.kind): r.n for r in asked.reserve}
        self._kinds = {(r.facility_id, r.kind) for r in asked.room}
        self._numbers, self._registry = rules.numbers, network.registry

    def __call__(self, at: Week) -> int:
        """Return them; what is kept for emergencies is taken off."""
        facility_id, kind, _ = at
        in_service = self._in_service(facility_id, kind)
        share = self._numbers["booking_room_share"]
        places = max(1, half_up(in_service * share)) if in_service > 0 else 0
        places = self._stated.get(at, places)
        kept = half_up(places * self._numbers["booking_kept_share"])
        return max(0, places - self._kept.get((facility_id, kind), kept))

    def _in_service(self, facility_id: str, kind: PlaceKind) -> int:
        pools = self._registry.pools_of(facility_id)
        return sum(pool.in_service for pool in pools if pool.kind is kind)

    def served(self, kind: PlaceKind, facility_id: str) -> PlaceKind:
        """Return the kind of place she gets: her own, or the next ward that the centre has."""
        if kind not in WARD_PLACES:
            return kind
        for ward in WARD_PLACES[WARD_PLACES.index(kind) :]:
            if (facility_id, ward) in self._kinds or self._in_service(facility_id, ward) > 0:
                return ward
        return kind


def _at_most(places: int, mean: float) -> float:
    """Return P(Poisson(mean) <= places), term by term."""
    term = total = exp(-mean)
    for n in range(1, places + 1):
        term *= mean / n
        total += term
    return total


def _faults_of_lodging(
    answer: Bookings,
    asked: BookingRequest,
    by_id: Mapping[str, tuple[Pregnancy, BirthNeed]],
    rules: RuleSet,
    standing: Standing | None,
) -> Iterator[str]:
    """Yield the weeks in which more women are lodged than there are places."""
    held, frozen = defaultdict[tuple[str, int], int](int), set[tuple[str, int]]()
    for row in answer.bookings:
        one, need = by_id[row.id]
        if not row.lodging:
            continue
        for week in _held(one, need, asked, rules):
            held[row.facility_id, week] += 1
            if one.frozen:
                frozen.add((row.facility_id, week))
    places = {(one.facility_id, one.week): one.places for one in asked.lodging}
    for at, women in sorted(held.items()):
        if women > places.get(at, 0) and at not in frozen and standing is None:
            yield f"lodging of {at[0]} {asked.calendar.name(at[1])}: {women} women"


def _held(one: Pregnancy, need: BirthNeed, asked: BookingRequest, rules: RuleSet) -> Iterator[int]:
    """Yield the weeks in which a lodging place is held for her."""
    if need.lodging is None:
        return
    monday: date = asked.calendar.monday
    due_week = asked.calendar.week_of(one.due)
    shares = dict(zip(need.births.weeks, need.births.after(TERM - due_week).tolist(), strict=True))
    held = rules.numbers["booking_lodging_held_share"]
    last = max(g for g in shares if sum(p for h, p in shares.items() if h >= g) >= held - SLACK)
    first_day = one.due - timedelta(days=DAYS * (TERM - need.lodging.week))
    first = max(0, (first_day - monday).days // DAYS)
    for week in range(first, max(first + 1, due_week + last - TERM + 1)):
        if week < asked.calendar.weeks:
            yield week
