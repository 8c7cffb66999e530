"""From pregnancies to numbers: who is booked, women who are alike, loads, costs and room left.

Women are alike when they live at the same place, are due in the same week of the same month, need
the same, stand the same and have the same roads; they are one group of the problem, and told apart
again afterwards in the order asked.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geodata.site import Site
from routing.booking.alike import NOWHERE, Alike, ticks_of
from routing.booking.births import TERM, loads
from routing.booking.needs import BirthNeed, needs_of
from routing.booking.problem import HOME, LODGED, NO_OPTION, BookingProblem
from routing.booking.reach import Reaches
from routing.booking.room import NOT_SERVED
from routing.booking.standing import Standing
from routing.booking.stays import stays_of
from routing.booking.values import BookingRequest, Pregnancy
from routing.centres import KIND_INDEX, KINDS, Ints
from routing.network import FacilityNetwork
from routing.triage.rows import RuleSet

__all__ = ["BookingGround"]

BEYOND = "beyond_horizon"

Progress = Callable[[int, int], None]


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
        no = frozenset(declined.facility_id for declined in one.declined)
        stands = (one.booked, one.booked_lodging, one.refuses_lodging, no)
        return (site, week, id(need), stands, one.roads)

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
            reach=self.reaches.of(one.origin, one.county, one.due, need, one.roads),
            due_week=due_week,
            home_share=share,
            booked_row=NOWHERE if one.booked is None else self.network.row_of[one.booked],
            refuses=one.refuses_lodging,
            declined=tuple(sorted({self.network.row_of[no.facility_id] for no in one.declined})),
            booked_lodging=bool(one.booked_lodging),
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
            cost[row] = ticks_of(self.rules.numbers, alike)
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
