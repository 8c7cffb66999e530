"""A place of birth for every high-risk pregnancy, weeks ahead, and when to come and live near it.

pregnancies -> needs, homes, loads -> groups -> solved, counted again -> answer in women
"""

from collections.abc import Callable
from dataclasses import replace

from routing.booking.answer import Bookings
from routing.booking.baselines import against
from routing.booking.evaluate import check_booking
from routing.booking.ground import BookingGround
from routing.booking.problem import BookingPlan, BookingProblem
from routing.booking.recount import recounted
from routing.booking.relief import unbooked_of
from routing.booking.reports import full_weeks, times_by, totals_of
from routing.booking.standing import Standing
from routing.booking.told import aside_of, booked_of, places_of, without_place
from routing.booking.values import BookingRequest
from routing.models.booking import book_all
from routing.models.booking_part import PartAgain
from routing.models.errors import RoutingModelError
from routing.models.solving import Clock
from routing.network import FacilityNetwork
from routing.triage.rows import RuleSet

__all__ = ["Bookings", "Standing", "book", "standing_of"]

EXPLAINING_SHARE = 0.3
"""Of the time allowed so much may go into solving again for those without a place, at most."""
SOLVED_AGAIN = 400
"""With more women than this only the part around a woman without a place is solved again."""


def book(
    network: FacilityNetwork,
    rules: RuleSet,
    asked: BookingRequest,
    *,
    limit_s: float = 60.0,
    seed: int = 0,
    gap: float = 0.0,
    standing: Standing | None = None,
    compare: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Bookings:
    """Book all pregnancies together.

    Parameters
    ----------
    network : FacilityNetwork
        Facilities, places and times.
    rules : RuleSet
        The rules in force, with every number.
    asked : BookingRequest
        Pregnancies, room, lodging and the moment.
    limit_s : float
        Time for the solver, in seconds.
    seed : int
        The same question and seed give the same bookings, time permitting.
    gap : float
        Good enough: the solver stops when the plan is proven within this share of its cost.
    standing : Standing, optional
        Earlier bookings of the same weeks, which stay as they are; ``asked`` holds none of them.
    compare : bool
        Whether the simple rules are reckoned as well.
    progress
        Is told how many groups are reckoned, and of how many.

    Returns
    -------
    Bookings
        A woman without a place is a result with reasons, not an error.

    Raises
    ------
    InfeasiblePlanError
        The plan does not stand when it is counted again. It does not leave.

    Notes
    -----
    Solved by :func:`routing.models.booking.book_all`, counted again in numbers by
    :mod:`routing.booking.evaluate` and in women and beds by :mod:`routing.booking.recount`.
    """
    ground = BookingGround.of(network, rules, asked, standing=standing, progress=progress)
    plan = check_booking(
        ground.problem, book_all(ground.problem, limit_s=limit_s, seed=seed, gap=gap)
    )
    places = places_of(ground, plan)
    without = without_place(ground, places)
    again = _Again(ground.problem, plan, EXPLAINING_SHARE * limit_s, seed)
    answer = Bookings(
        status=plan.status,
        proven=plan.proven,
        totals=totals_of(ground, plan, places),
        seed=seed,
        bookings=booked_of(ground, places),
        unbooked=unbooked_of(ground, plan, without, again=again),
        set_aside=aside_of(ground),
        full_weeks=full_weeks(ground, plan, _after(ground, plan)),
        by_county=times_by(ground, places, without, lambda one: one.county),
        by_aid_group=times_by(ground, places, without, lambda one: one.aid_group),
        against=against(ground) if compare else {},
        rule_set=rules.version,
        unsigned_rules=rules.unsigned,
        solve_ms=round(1000 * plan.solve_s, 1),
    )
    return recounted(answer, asked, network, rules, needs=ground.needs, standing=standing)


def standing_of(network: FacilityNetwork, rules: RuleSet, asked: BookingRequest) -> Standing:
    """Return the room of the weeks with every standing booking of ``asked`` in it."""
    kept = tuple(replace(one, frozen=True) for one in asked.pregnancies if one.booked is not None)
    return BookingGround.of(network, rules, replace(asked, pregnancies=kept)).standing


def _after(ground: BookingGround, plan: BookingPlan) -> Standing:
    return ground.taken_by_all(plan.group, plan.lodged, plan.centre, plan.women)


class _Again:
    """Solves a problem with more room, as long as there is time for it."""

    def __init__(
        self, problem: BookingProblem, plan: BookingPlan, limit_s: float, seed: int
    ) -> None:
        self._problem, self._plan = problem, plan
        self._part: PartAgain | None = None
        self._left_s, self._seed = limit_s, seed

    def __call__(self, problem: BookingProblem, group: int) -> BookingPlan | None:
        """Return the plan with other room, for one woman more of ``group``; None without time."""
        if self._left_s <= 0:
            return None
        try:
            if problem.women <= SOLVED_AGAIN:
                found = book_all(problem, limit_s=self._left_s, seed=self._seed)
            else:
                clock = Clock.start(limit_s=self._left_s, seed=self._seed, workers=1)
                self._part = self._part or PartAgain.of(self._problem, self._plan)
                found = self._part.again(problem, group, clock)
        except RoutingModelError:
            return None
        self._left_s -= found.solve_s
        better = found.unbooked < self._plan.unbooked
        return check_booking(problem, found) if better else found
