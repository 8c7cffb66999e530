"""One request: ranking with every reason over 400 centres, beside a bare NumPy ranking.

Twenty requests: four kinds of patients from five counties. Registry, rules and times are loaded,
every request was answered once before the clock starts, and the sides take turns in one run. Both
sides are given the same looked-up times and the same assessed need.

*Ours* weighs every way to all centres (who drives, lateness, trust and variants of places, over
capacity, preference, what is missing, cooling, mother and child apart), sorts by cost and three
ties, and makes every reason against every centre. What meets a need is looked up once per registry
and kept, reasons that came before are kept as text.

*Bare* is what a notebook would do: a mask of the capable centres out of the matrix of capabilities,
minutes with lateness and the price of a full centre, one stable ``argsort``. It tells nothing. The
second ratio gives it the kept mask as well, so that it only adds and sorts.

*Whole answer* is ``recommend`` from the request to the last row, triage and public rows included,
over the 400 and over the registry of Yunnan as it is shipped.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import numpy as np

from facilities.registry import Registry, registry_of
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.centres import KIND_INDEX, Flags
from routing.choices import Choices, choices
from routing.network import FacilityNetwork
from routing.prices import Prices
from routing.question import Question
from routing.recommend import recommend
from routing.request_values import Request, Transport
from routing.triage.assess import Assessed, assess_case
from routing.triage.case import NO_SENDER, Case
from routing.triage.facts import read_value
from routing.triage.rows import RuleSet
from routing.triage.tables import load_rules

Row = tuple[str, str, str, str]
HEADER: Row = ("one request", "figure", "aim", "beside it")
CENTRES = 400
RUNS = 25
NOW = datetime.fromisoformat("2026-01-14T03:00:00+08:00")
COUNTIES = ("533324", "530626", "532628", "530829", "532301")
FACTS = (
    {"delivered": True, "pph_ongoing": True, "pph_ml": 1600},
    {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"},
    {"cord_prolapse": True, "gestational_age_weeks": "38+0"},
    {"neo_ga_weeks": "29+5", "birth_weight_g": 1180},
)
PATIENTS = ("maternal", "maternal", "maternal", "newborn")


def run() -> list[Row]:
    """Return the rows of the table: medians over runs of the mean request."""
    rules, estimate = load_rules(), load_road_estimate()
    network = FacilityNetwork(tiled(load_registry(), CENTRES), estimate)
    real = FacilityNetwork(load_registry(), estimate)
    asked = [
        _request(network, rules, county, facts, patient)
        for county in COUNTIES
        for facts, patient in zip(FACTS, PATIENTS, strict=True)
    ]
    questions = [Question.of(network, Prices.of(rules.numbers), one) for one in asked]
    assessed = [assess_case(rules, one.case) for one in asked]
    pairs = list(zip(questions, assessed, strict=True))
    ours, bare, masked, whole, shipped, triage = _medians_us(
        [partial(_with_reasons, q, a) for q, a in pairs],
        [partial(_bare, q, a) for q, a in pairs],
        [partial(_masked, q, a) for q, a in pairs],
        [partial(recommend, network, rules, one) for one in asked],
        [partial(recommend, real, rules, one) for one in asked],
        [partial(assess_case, rules, one.case) for one in asked],
    )
    ranked = statistics.mean(len(recommend(real, rules, one).ranking) for one in asked)
    return [
        (
            f"ranking + reasons, {CENTRES} centres",
            f"{ours / 1000:.3f} ms",
            "<= 1 ms",
            f"load {os.getloadavg()[0]:.1f}",
        ),
        ("the same / bare NumPy ranking", f"{ours / bare:.1f} x", "<= 15 x", f"{bare:.0f} us bare"),
        ("the same / bare, mask given", f"{ours / masked:.1f} x", "", f"{masked:.0f} us bare"),
        (
            f"whole answer, {CENTRES} centres",
            f"{whole / 1000:.2f} ms",
            "",
            f"of it triage {triage / 1000:.2f} ms",
        ),
        (
            f"whole answer, the {len(real.ids)} of Yunnan",
            f"{shipped / 1000:.2f} ms",
            "<= 2 ms",
            f"{ranked:.0f} rows ranked",
        ),
    ]


def tiled(registry: Registry, size: int) -> Registry:
    """Return a registry of ``size`` facilities: the given ones, over and over, with new ids."""
    facilities, pools = [], []
    for number in range(size):
        source = registry.facilities[number % len(registry.facilities)]
        name = f"{source.facility_id}-{number // len(registry.facilities)}"
        facilities.append(replace(source, facility_id=name))
        pools += [replace(p, facility_id=name) for p in registry.pools_of(source.facility_id)]
    return registry_of(registry.divisions, facilities, pools=pools)


def _request(
    network: FacilityNetwork,
    rules: RuleSet,
    county: str,
    facts: dict[str, object],
    patient: str,
) -> Request:
    stored = {name: read_value(rules.facts[name], value) for name, value in facts.items()}
    kind = "newborn" if patient == "newborn" else "maternal"
    return Request(
        case=Case(kind, stored, NO_SENDER, NOW, NOW),
        origin=network.estimate.county_site(county),
        origin_facility=None,
        origin_county=county,
        closed=frozenset(),
        exclude=frozenset(),
        transport=Transport(None, None),
    )


def _with_reasons(question: Question, assessed: Assessed) -> tuple[Choices, object]:
    """Rank all centres and tell every reason against every other."""
    found = choices(question, assessed, priority=assessed.priority)
    widest = found.weighed[-1]
    return found, widest.feasibility.reasons(question, widest.no_place, ())


def _bare(question: Question, assessed: Assessed) -> object:
    """Rank the capable centres; tell nothing."""
    centres = question.centres
    columns = [centres.codes[group[0]] for group in assessed.need.floor]
    able = centres.have[:, columns].all(axis=1) & question.timed & ~centres.suspended
    return _ranked(question, assessed, able)


def _masked(question: Question, assessed: Assessed) -> object:
    """Rank the capable centres, which are known; tell nothing."""
    centres = question.centres
    able = centres.meets_all(assessed.need.floor) & question.timed & ~centres.suspended
    return _ranked(question, assessed, able)


def _ranked(question: Question, assessed: Assessed, able: Flags) -> object:
    """Order by minutes, lateness and the price of a full centre."""
    need, centres = assessed.need, question.centres
    cost = question.expected_min + 30.0
    if need.hard_s is not None:
        cost = cost + np.maximum(0.0, cost - need.hard_s / 60)
    for seat in need.seats:
        free = centres.pool(KIND_INDEX[seat.kind]).free_later
        cost = cost + np.where(free > 0, 5.0, 60.0)
    order = np.argsort(np.where(able, cost, np.inf), kind="stable")
    return order[: int(able.sum())]


def _medians_us(*groups: Sequence[Callable[[], object]]) -> list[float]:
    """Return per group the median over the runs of the mean call, in microseconds.

    The groups take turns, so that a busy moment of the machine meets all of them.
    """
    spent: list[list[float]] = [[] for _ in groups]
    for run_number in range(RUNS + 1):
        for calls, times in zip(groups, spent, strict=True):
            start = time.perf_counter()
            for call in calls:
                call()
            if run_number:
                times.append(1e6 * (time.perf_counter() - start) / len(calls))
    return [statistics.median(times) for times in spent]


def main() -> None:
    """Print the table with aligned columns."""
    rows = [HEADER, *run()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main()
