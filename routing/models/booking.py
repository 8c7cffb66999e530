"""Booking before labour: give every pregnancy a centre, fewest without one, then least cost.

Sets      g in G      groups of women who are alike, n_g of them
          f in F      centres;  v in {home, lodged}: waits at home, or near the centre
          k in K      rows: (centre, kind of place, week) and (centre, lodging, week)
Data      c_gvf       sum over weeks of P(birth in that week) x time to care from where she is
                      then, and handicaps; whole ticks of 0.0001 min, tie-break included. One way
                      for all weeks: roads closed or slowed in some of hers count in all of them;
                      where none is open, the usual way and a price dearer than any other
          a_gvfk      expected load: thousandths of a bed-day she and her children lie in a place
                      of that kind in that week; 1 for each week in which a lodging place is held
          b_k         7 days x the largest mean whose Poisson 95th percentile fits the places left
                      for bookings, less what frozen bookings take; lodging places
Variables x_gvf       how many of group g take option (v, f), whole; only where that is an option
          u_g         how many of group g are without a booked place, whole
Model     lexmin      ( U, C )
          where       U = sum_g u_g,   C = sum_gvf c_gvf x_gvf
          s.t.        sum_vf x_gvf + u_g = n_g            for all g  (every woman has an answer)
                      sum_gvf a_gvfk x_gvf <= b_k         for all k  (room of every week)

Two levels in one, as in the joint plan: M U + C with M a few times the dearest option. Whatever M
is, an optimal plan has the least C among all with its U; that U is the least is proven by the
prices divided by M and rounded, and where these do not reach it U is solved by itself.

Bound. For any prices p_k >= 0 of the rows

    L(p) = sum_g n_g min( M, min_vf (c_gvf + sum_k a_gvfk p_k) ) - sum_k b_k p_k

is no more than any plan costs (Lagrange). Prices are the duals of the linear programme on the grid
1/2520, and L is reckoned in whole numbers over every option, listed or not: women of one load pay
the same at a centre, so all options are priced by one product of loads and prices.

Pricing. The programme starts from each group's cheapest options; options below their group's best
join until there is none (``booking_relaxed``). For thousands of groups that would take ten rounds
of a large programme: prices near the best are then found first (``booking_prices``), and the
programme starts from the options that are near their group's best with these.

Scarce first (``booking_scarce``), for thousands of groups. Whole women cost next to nothing where
hundreds share a centre-week, and much where one or two fit a place of intensive care. Women of such
kinds are placed whole by a small programme in the rooms of these kinds and the lodging, labour beds
at their prices; the programme is solved again for all others in the room that is left; then lodged
women whole, women at home still in parts, so that lodging goes where labour beds hold as well. The
two programmes are solved by HiGHS without branching: good answers, of which nothing is proven.

Exact finish (``booking_finish``). The programme is rounded and filled up by priced cost; then whole
numbers over the options with a reduced cost below what is left of the gap, so few that the proof is
small; where they are many, parts of the plan in turn. ``optimal`` is said only where the bound is
reached or those options are searched to the end; otherwise the bound is told.

Example. Ten women are due in one week, a birth at 39 weeks planned for each, three days in a labour
bed. The birth falls into the week before the due week or into it, half and half; a stay of three
days leaves 2.357 bed-days in its week and 0.643 in the next:

    week            before   due   after        centre A: 3 places, m = 1.366, b = 9.564 bed-days
    load per woman   1.179  1.500  0.321        centre B: 9 places, m = 5.425, b = 37.97 bed-days

    minutes to care  from P (5 women)  from Q (3)  from R (2)
    centre A               40              70         100
    centre B               90              80          75

Eight women are nearer to A, 12 bed-days in the due week; 9.564 hold six (9 bed-days), not seven
(10.5). Linear programme: 6.376 women in A, value 576.24 min; a bed-day of A in the due week costs
6.67 min, what going to B costs a woman of Q (10 min) for her 1.5 bed-days. With this price every
woman pays the least of: P 50 in A, Q 80 in A or B, R 75 in B, so L = 5 x 50 + 3 x 80 + 2 x 75
- 9.564 x 6.67 = 640 - 63.76 = 576.24. Rounded: one of Q in A, two in B, 580 min. A better plan
must lie within 3.76 min of L: only options at A and B of Q have so small a reduced cost (0), and
two of Q in A do not fit. Proven: 580. The rule "own catchment first" in order of due date would
fill A with whoever comes first; with Q before P it reaches 3 x 70 + 3 x 40 + 2 x 90 + 2 x 75 = 660.

References: as in ``assignment``; Luebbecke and Desrosiers, Selected topics in column generation,
Oper. Res. 53 (2005).
"""

from dataclasses import replace

import numpy as np

from routing.booking.problem import NO_OPTION, BookingPlan, BookingProblem
from routing.models.booking_finish import Whole, finish
from routing.models.booking_prices import smooth_prices
from routing.models.booking_relaxed import Objective, bound_of, relax
from routing.models.errors import RoutingModelError, SolverTimeoutError
from routing.models.solving import Clock
from routing.problem import Status

__all__ = ["book_all"]

WAITING_PRICE = 8
MANY_GROUPS = 1_500
"""From here on the programme starts from prices found before it (``booking_prices``)."""
PRICING_SHARE = 0.6
"""Of the time for thousands of groups so much may go into prices and programme, at most."""
LARGEST_OBJECTIVE = 10**14


def book_all(
    problem: BookingProblem,
    *,
    limit_s: float = 10.0,
    seed: int = 0,
    workers: int = 1,
    gap: float = 0.0,
) -> BookingPlan:
    """Give every woman an option or leave her without: fewest without, then least cost.

    Parameters
    ----------
    problem : BookingProblem
        Frozen bookings are taken off its rows.
    limit_s : float
        Wall-clock limit, in seconds.
    seed, workers : int
        The same problem, seed and number of threads give the same plan, time permitting.
    gap : float
        Good enough: the search ends when the plan is proven within this share of its cost.

    Returns
    -------
    BookingPlan
        Time that runs out is a result: ``feasible`` with its bound, or ``fallback_greedy``.
    """
    clock = Clock.start(limit_s=limit_s, seed=seed, workers=workers)
    if not problem.women:
        return _nobody(problem, clock)
    problem = problem.trimmed()
    dearest = int(np.max(problem.cost, initial=1, where=problem.cost < NO_OPTION))
    both = Objective(problem.cost, WAITING_PRICE * dearest)
    best = _solved(problem, both, clock, gap=gap)
    fewest = _fewest(problem, both, best)
    if best.proven and fewest < best.unbooked:
        return _fewest_first(problem, both, best, fewest, clock)
    return _plan(problem, best, fewest, clock)


def _nobody(problem: BookingProblem, clock: Clock) -> BookingPlan:
    """Return the plan where there is nobody to book."""
    none, price = np.zeros(0, dtype=np.int64), np.zeros(problem.capacity.size, dtype=np.int64)
    return BookingPlan(none, none, none, none, 0, 0, 0, 0, "optimal", price, clock.passed_s())


def _solved(
    problem: BookingProblem, objective: Objective, clock: Clock, *, gap: float = 0.0
) -> Whole:
    """Relax, price, finish; without a programme in time, fill up in turn."""
    try:
        price = None
        first = clock
        if problem.groups > MANY_GROUPS:
            passed = clock.passed_s()
            first = replace(clock, limit_s=passed + PRICING_SHARE * (clock.limit_s - passed))
            price = smooth_prices(problem, objective, first)
        relaxed = relax(problem, objective, first, price=price)
    except SolverTimeoutError:
        return Whole.in_turn(problem, objective)
    return finish(problem, objective, relaxed, clock, gap=gap)


def _fewest(problem: BookingProblem, objective: Objective, best: Whole) -> int:
    """Return how many are without a place at least, by the prices of M U + C."""
    if best.unbooked == 0:
        return 0
    count = objective.count_only()
    # Python integers: prices on the grid times a million leave no room in 64 bits.
    price = [p * count.dear // objective.dear for p in best.price.tolist()]
    found = bound_of(problem, count, np.array(price, dtype=np.int64)).value
    return min(best.unbooked, count.women(found))


def _fewest_first(
    problem: BookingProblem, both: Objective, best: Whole, fewest: int, clock: Clock
) -> BookingPlan:
    """Solve U by itself; where it is below what the sum reached, weigh it above everything."""
    try:
        count = _solved(problem, both.count_only(), clock)
        least = max(fewest, count.unbooked if count.proven else count.least)
        if count.proven and count.unbooked < best.unbooked:
            dear = 1 + int(problem.cost[problem.cost < NO_OPTION].max()) * problem.women
            if dear * problem.women > LARGEST_OBJECTIVE:
                return _plan(problem, replace(best, proven=False), least, clock)
            best = _solved(problem, Objective(problem.cost, dear), clock)
    except RoutingModelError:
        return _plan(problem, replace(best, proven=False), fewest, clock)
    return _plan(problem, best, least, clock)


def _plan(problem: BookingProblem, best: Whole, fewest: int, clock: Clock) -> BookingPlan:
    """Tell the plan with what is proven of it."""
    status: Status = "fallback_greedy" if best.greedy else "feasible"
    if best.proven and fewest >= best.unbooked:
        status = "optimal"
    bound = best.cost if best.proven else max(0, best.bound - best.dear * best.unbooked)
    return BookingPlan(
        group=best.group,
        lodged=best.lodged,
        centre=best.centre,
        women=best.women,
        unbooked=best.unbooked,
        cost=best.cost,
        unbooked_bound=min(fewest, best.unbooked),
        bound=min(bound, best.cost),
        status=status,
        price=best.price,
        solve_s=clock.passed_s(),
    )
