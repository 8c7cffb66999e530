"""From pregnancies to numbers: who is booked, women who are alike, loads, costs and room left.

Women are alike when they live at the same place, are due in the same week of the same month, need
the same and stand the same; they are one group of the problem, and told apart again afterwards in
the order asked.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geodata.site import Site
from routing.booking_births import TERM, loads
from routing.booking_needs import BirthNeed, needs_of
from routing.booking_problem import HOME, LODGED, NO_OPTION, BookingProblem
from routing.booking_reach import Reach, Reaches
from routing.booking_room import NOT_SERVED, RoomTable, room_table
from routing.booking_stays import stays_of
from routing.booking_values import BookingRequest, Pregnancy
from routing.centres import KIND_INDEX, KINDS, Flags, Floats, Ints
from routing.network import FacilityNetwork
from routing.triage.rows import RuleSet

__all__ = [
    "BEYOND",
    "NOWHERE",
    "TICKS_PER_TENTH",
    "Alike",
    "BookingGround",
    "Standing",
    "offered",
]

BEYOND = "beyond_horizon"
TICKS_PER_TENTH = 1000
LAST_RANK = TICKS_PER_TENTH - 1
NOWHERE = -1

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The room of all weeks and what frozen bookings take of it.

    Parameters
    ----------
    room : shape (F, K, W)
        Thousandths of a bed-day that frozen bookings take.
    lodging : shape (F, W)
        Lodging places they hold.
    """

    table: RoomTable
    room: Ints
    lodging: Ints

    @classmethod
    def of(cls, network: FacilityNetwork, rules: RuleSet, asked: BookingRequest) -> "Standing":
        """Return the room of a question with nobody in it."""
        table = room_table(network, rules.numbers, asked)
        return cls(table, np.zeros_like(table.limit), np.zeros_like(table.lodging))


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """A group: the numbers of its women in the question, and how far every centre is for them.

    ``home_share`` is the probability that labour begins before she is lodged.
    """

    members: tuple[int, ...]
    need: BirthNeed
    reach: Reach
    due_week: int
    home_share: float
    booked_row: int
    refuses: bool

    def care_min(self, lodged: int, lodged_min: float) -> Floats:
        """Return the expected time to care at every centre, shape (F,)."""
        if lodged == HOME:
            return self.reach.home_min
        care: Floats = self.home_share * self.reach.home_min + (1 - self.home_share) * lodged_min
        return care


@dataclass(frozen=True, slots=True, eq=False)
class BookingGround:
    """Everything that is known before anything is chosen.

    ``aside`` holds why a pregnancy is not booked, by its number; ``frozen`` centre, lodged and
    group of those that keep their booking.
    """

    asked: BookingRequest
    network: FacilityNetwork
    rules: RuleSet
    needs: tuple[BirthNeed, ...]
    aside: dict[int, str]
    frozen: dict[int, tuple[int, int, Alike]]
    groups: tuple[Alike, ...]
    standing: Standing
    problem: BookingProblem

    @property
    def lodged_min(self) -> float:
        """Time to care of a woman who is lodged near her centre."""
        numbers = self.rules.numbers
        return numbers["booking_lodging_travel_min"] + numbers["reception_min"]

    @classmethod
    def of(
        cls,
        network: FacilityNetwork,
        rules: RuleSet,
        asked: BookingRequest,
        *,
        standing: Standing | None = None,
        progress: Progress | None = None,
    ) -> "BookingGround":
        """Arrange a question.

        Parameters
        ----------
        standing : Standing, optional
            Room with earlier bookings in it, of the same weeks; None counts from nothing.
        progress
            Is told how many groups are reckoned, and of how many.
        """
        before = standing or Standing.of(network, rules, asked)
        return _Builder(network, rules, asked, before).built(progress)

    def taken_by_all(self, group: Ints, lodged: Ints, centre: Ints, women: Ints) -> Standing:
        """Return the standing with these bookings in it."""
        problem, before = self.problem, self.standing
        option, row, amount = problem.uses(group, lodged, centre)
        taken = np.zeros(problem.capacity.size, dtype=np.int64)
        np.add.at(taken, row, amount * women[option])
        rooms = before.room.size
        return Standing(
            before.table,
            before.room + taken[:rooms].reshape(before.room.shape),
            before.lodging + taken[rooms:].reshape(before.lodging.shape),
        )


class _Builder:
    """Collects loads, spans and groups while the pregnancies are read."""

    def __init__(
        self, network: FacilityNetwork, rules: RuleSet, asked: BookingRequest, before: Standing
    ) -> None:
        self.network, self.rules, self.asked, self.before = network, rules, asked, before
        self.reaches = Reaches(network, rules, before.table)
        self.shapes: dict[Hashable, int] = {}
        self.loads: list[Ints] = []
        self.spans: dict[tuple[int, int], int] = {}

    def built(self, progress: Progress | None) -> BookingGround:
        needs = needs_of(self.rules, self.asked)
        aside, frozen = {}, dict[int, tuple[int, int, Alike]]()
        alike: dict[Hashable, list[int]] = {}
        room, lodging = self.before.room.copy(), self.before.lodging.copy()
        for number, (one, need) in enumerate(zip(self.asked.pregnancies, needs, strict=True)):
            why = self._aside(one, need)
            if why is not None and not one.frozen:
                aside[number] = why
            elif one.frozen:
                frozen[number] = self._freeze(number, one, need, room, lodging)
            else:
                alike.setdefault(self._key(one, need), []).append(number)
        groups = []
        for done, members in enumerate(alike.values()):
            groups.append(self._alike(tuple(members), needs[members[0]]))
            if progress is not None:
                progress(done + 1, len(alike))
        standing = Standing(self.before.table, room, lodging)
        problem = self._problem(groups, standing)
        return BookingGround(
            asked=self.asked,
            network=self.network,
            rules=self.rules,
            needs=needs,
            aside=aside,
            frozen=frozen,
            groups=tuple(groups),
            standing=standing,
            problem=problem,
        )

    def _aside(self, one: Pregnancy, need: BirthNeed) -> str | None:
        if need.set_aside is not None:
            return need.set_aside
        calendar = self.asked.calendar
        return BEYOND if calendar.week_of(one.due) >= calendar.weeks else None

    def _key(self, one: Pregnancy, need: BirthNeed) -> Hashable:
        week = self.asked.calendar.week_of(one.due)
        site: tuple[Site, str, date] = (one.origin, one.county, one.due.replace(day=1))
        stands = (one.booked, one.booked_lodging, one.refuses_lodging)
        return (site, week, id(need), stands)

    def _alike(self, members: tuple[int, ...], need: BirthNeed) -> Alike:
        one = self.asked.pregnancies[members[0]]
        due_week = self.asked.calendar.week_of(one.due)
        shares = need.births.after(TERM - due_week)
        share = 1.0
        if need.lodging is not None:
            share = float(shares[np.array(need.births.weeks) < need.lodging.week].sum())
        return Alike(
            members=members,
            need=need,
            reach=self.reaches.of(one.origin, one.county, one.due, need),
            due_week=due_week,
            home_share=share,
            booked_row=NOWHERE if one.booked is None else self.network.row_of[one.booked],
            refuses=one.refuses_lodging,
        )

    def _freeze(
        self, number: int, one: Pregnancy, need: BirthNeed, room: Ints, lodging: Ints
    ) -> tuple[int, int, Alike]:
        """Take what a frozen booking takes, also where it is more than there is."""
        alike = self._alike((number,), need)
        centre, lodged = alike.booked_row, bool(one.booked_lodging)
        load = self.loads[self._shape(alike)]
        for kind in np.flatnonzero(load.any(axis=1)).tolist():
            served = int(self.before.table.serves[kind, centre])
            room[centre, kind if served == NOT_SERVED else served] += load[kind]
        begin, end = self._span(alike)
        if lodged:
            lodging[centre, begin:end] += 1
        return centre, LODGED if lodged else HOME, alike

    def _shape(self, alike: Alike) -> int:
        """Return the number of the load of a group, the same for equal ones."""
        need, weeks = alike.need, self.asked.calendar.weeks
        key = (need.births, alike.due_week, need.kinds)
        if key not in self.shapes:
            times = Counter(need.kinds)
            stays = stays_of(self.rules.numbers, tuple(times), need.births.caesarean)
            found = loads(need.births, due_week=alike.due_week, weeks=weeks, stays=stays)
            table = np.zeros((len(KINDS), weeks), dtype=np.int64)
            for row, (kind, n) in zip(found, times.items(), strict=True):
                table[KIND_INDEX[kind]] = n * row
            self.shapes[key] = len(self.loads)
            self.loads.append(table)
        return self.shapes[key]

    def _span(self, alike: Alike) -> tuple[int, int]:
        """Return the first week in which a lodging place is held, and the first after them."""
        lodging, births = alike.need.lodging, alike.need.births
        if lodging is None:
            return 0, 0
        weeks, held = self.asked.calendar.weeks, self.rules.numbers["booking_lodging_held_share"]
        still = births.after(TERM - alike.due_week)[::-1].cumsum()[::-1]
        last = max(g for g, p in zip(births.weeks, still.tolist(), strict=True) if p >= held)
        begin = max(0, alike.due_week + lodging.week - TERM)
        end = max(begin + 1, alike.due_week + last - TERM + 1)
        return min(begin, weeks), min(end, weeks)

    def _problem(self, groups: Sequence[Alike], standing: Standing) -> BookingProblem:
        shape = np.array([self._shape(alike) for alike in groups], dtype=np.int64)
        span = [self.spans.setdefault(self._span(alike), len(self.spans)) for alike in groups]
        held = np.zeros((len(self.spans), self.asked.calendar.weeks), dtype=np.int64)
        for (begin, end), row in self.spans.items():
            held[row, begin:end] = 1
        centres = len(self.network.ids)
        cost = np.full((len(groups), 2, centres), NO_OPTION)
        for row, alike in enumerate(groups):
            cost[row] = self._ticks(alike)
        none = np.zeros((0, len(KINDS), self.asked.calendar.weeks), dtype=np.int64)
        return BookingProblem(
            count=np.array([len(alike.members) for alike in groups], dtype=np.int64),
            cost=cost,
            shape=shape,
            span=np.array(span, dtype=np.int64),
            load=np.stack(self.loads) if self.loads else none,
            held=held,
            serves=standing.table.serves,
            room=np.maximum(0, standing.table.limit - standing.room),
            lodging=np.maximum(0, standing.table.lodging - standing.lodging),
        )

    def _ticks(self, alike: Alike) -> Ints:
        """Return what the options of a group cost, shape (2, F): tenths, then their order."""
        numbers, reach = self.rules.numbers, alike.reach
        lodged_min = numbers["booking_lodging_travel_min"] + numbers["reception_min"]
        minutes = np.stack([alike.care_min(v, lodged_min) for v in (HOME, LODGED)])
        minutes = minutes + reach.handicap_min
        minutes[LODGED] += numbers["booking_lodging_min"]
        far = offered(alike)
        lodging = alike.need.lodging
        if lodging is not None and lodging.required:
            minutes[HOME] += numbers["booking_not_lodged_min"] * far
        if alike.booked_row != NOWHERE:
            minutes += numbers["booking_change_min"]
            minutes[:, alike.booked_row] -= numbers["booking_change_min"]
        open_to = np.stack([reach.possible, reach.possible & far & (not alike.refuses)])
        tenths = np.rint(10 * np.where(open_to, minutes, 0.0)).astype(np.int64)
        order = np.lexsort((np.arange(tenths.size), np.where(open_to, tenths, NO_OPTION).ravel()))
        rank = np.empty(tenths.size, dtype=np.int64)
        rank[order] = np.minimum(np.arange(tenths.size), LAST_RANK)
        ticks = tenths * TICKS_PER_TENTH + rank.reshape(tenths.shape)
        return np.where(open_to, ticks, NO_OPTION)


def offered(alike: Alike) -> Flags:
    """Return where lodging is offered: her way is longer than the rows of lodging allow."""
    if alike.need.lodging is None:
        return np.zeros(alike.reach.travel_min.size, dtype=np.bool_)
    far: Flags = alike.reach.travel_min > alike.need.lodging.over_min
    return far
