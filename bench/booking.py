"""Booking on the data of Yunnan: one new pregnancy, a thousand, a season of tens of thousands.

A season is drawn by ``bench.births``. Every call does everything: needs, homes, loads, solving, two
recounts, explanations; the peer is HiGHS by itself on the same small problems, gap 0.
"""

import resource
import statistics
import time
from dataclasses import replace

import highspy
import numpy as np
from scipy import sparse

from bench.births import season
from bench.night import network, rules
from routing.booking.book import Bookings, book, standing_of
from routing.booking.ground import BookingGround
from routing.booking.problem import NO_OPTION, BookingProblem
from routing.models.booking import book_all
from routing.network import FacilityNetwork
from routing.triage.rows import RuleSet

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("booking, end to end", "median", "aim", "beside it")
RUNS = 5
STANDING, NEW = 10_000, 1_000
ROOM = 4.0
GAP = 0.001
SEASONS = (
    (NEW, 4.0, 2.0, "<= 3 s"),
    (STANDING, 4.0, 60.0, "gap 0.1 %"),
    (40_000, 6.0, 250.0, "<= 300 s, 4 GiB, 0.1 %"),
    (40_000, 4.0, 250.0, "<= 300 s, 4 GiB, 0.1 %"),
    (80_000, 12.0, 500.0, "<= 600 s, 0.1 %"),
)
"""Women, factor on the room that the registry lets assume, seconds for the solver, aim."""
KILO = 1024
PEER = 200


def run() -> list[Row]:
    """Return the rows of the table."""
    net, rule_set = network(), rules()
    found = []
    asked = season(net, rule_set, women=STANDING, room=ROOM)
    kept = tuple(
        replace(one, booked=net.ids[int(np.argmin(net.centres.placeholder))])
        for one in asked.pregnancies[:-1]
    )
    standing = standing_of(net, rule_set, replace(asked, pregnancies=kept))
    one = replace(asked, pregnancies=asked.pregnancies[-1:])
    spent = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        book(net, rule_set, one, standing=standing)
        spent.append(1000 * (time.perf_counter() - start))
    found.append(
        ("one new, others standing", f"{statistics.median(spent[1:]):.0f} ms", "<= 50 ms", "")
    )
    found += [season_row(net, rule_set, *one) for one in SEASONS]
    return [*found, *_peer(BookingGround.of(net, rule_set, season(net, rule_set, women=PEER)))]


def season_row(
    net: FacilityNetwork, rule_set: RuleSet, women: int, room: float, limit_s: float, aim: str
) -> Row:
    """Book a season; on a machine with other work the processor time says more than the clock."""
    asked = season(net, rule_set, women=women, room=room)
    start, spent = time.perf_counter(), time.process_time()
    answer = book(net, rule_set, asked, limit_s=limit_s, gap=GAP, compare=False)
    took, spent = time.perf_counter() - start, time.process_time() - spent
    name = f"{women:,} women, {len(net.ids)} centres, room x {room:g}"
    return name, f"{took:.1f} s, {spent:.1f} s of processor", aim, _beside(answer)


def _beside(answer: Bookings) -> str:
    totals = answer.totals
    gap = "none" if totals.gap is None else f"{100 * totals.gap:.3f} %"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILO / KILO
    return f"{answer.status}, gap {gap}, {totals.unbooked} unbooked, {memory:.1f} GiB"


def _peer(ground: BookingGround) -> list[Row]:
    """Return our time over that of HiGHS on one problem, with both values."""
    problem = ground.problem.trimmed()
    start = time.perf_counter()
    plan = book_all(problem, limit_s=60)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    value = _highs(problem)
    theirs = time.perf_counter() - start
    same = plan.cost == round(value)
    name = f"{PEER} women, the solver alone: ours / HiGHS"
    beside = f"{1000 * ours:.0f} / {1000 * theirs:.0f} ms, {'equal' if same else 'DIFFERENT'}"
    return [(name, f"{ours / theirs:.2f}", "", beside)]


def _highs(problem: BookingProblem) -> float:
    """Return the least cost with everybody booked, by HiGHS with gap 0."""
    keys = np.argwhere(problem.cost < NO_OPTION)
    group, lodged, centre = keys.T
    option, row, amount = problem.uses(group, lodged, centre)
    capacity = problem.capacity
    rows, place = np.unique(row, return_inverse=True)
    size = problem.groups + rows.size
    matrix = sparse.csc_matrix(
        (
            np.concatenate([np.ones(len(keys)), amount]),
            (
                np.concatenate([group, problem.groups + place]),
                np.concatenate([np.arange(len(keys)), option]),
            ),
        ),
        shape=(size, len(keys)),
    )
    lp, solver = highspy.HighsLp(), highspy.Highs()
    for name in ("output_flag", "log_to_console"):
        solver.setOptionValue(name, False)
    for name in ("mip_rel_gap", "mip_abs_gap"):
        solver.setOptionValue(name, 0.0)
    lp.num_col_, lp.num_row_ = len(keys), size
    lp.col_cost_ = problem.cost[group, lodged, centre].astype(np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(keys)), problem.count[group].astype(np.float64)
    count = problem.count.astype(np.float64)
    lp.row_lower_ = np.concatenate([count, np.full(rows.size, -highspy.kHighsInf)])
    lp.row_upper_ = np.concatenate([count, capacity[rows].astype(np.float64)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(keys)
    solver.passModel(lp)
    solver.run()
    return float(solver.getInfo().objective_function_value)
