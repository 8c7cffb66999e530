"""Whole plans on the data of Yunnan: many requests at once, with vehicles and explanations.

A night is drawn by ``bench.night``. Every call does everything: needs, ways, solving, proof, two
recounts, what blocks those who wait, what would help them, and both rules of thumb.
"""

import statistics
import time

from bench.night import network, night, rules
from routing.plan import Plan, plan

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("plans, end to end", "median", "aim", "beside it")
RUNS = 5
SIZES = ((60, "<= 150 ms"), (300, "<= 500 ms"))


def run() -> list[Row]:
    """Return the rows of the table: medians of five runs each."""
    found: list[Row] = []
    net, rule_set = network(), rules()
    for requests, aim in SIZES:
        for vehicles in (True, False):
            asked = night(net, rule_set, requests=requests, vehicles=vehicles)
            answer = plan(net, rule_set, asked)  # the first call fills the caches of times
            spent = []
            for _ in range(RUNS):
                start = time.perf_counter()
                answer = plan(net, rule_set, asked)
                spent.append(1000 * (time.perf_counter() - start))
            name = f"{requests} requests, three tiers, {'with' if vehicles else 'no'} vehicles"
            found.append((name, f"{statistics.median(spent):.0f} ms", aim, _beside(answer)))
            found += _against(answer)
    return found


def _beside(answer: Plan) -> str:
    waiting = sum(tier.waiting for tier in answer.tiers)
    return f"{answer.status}, solver {answer.solve_ms:.0f} ms, {waiting} waiting"


def _against(answer: Plan) -> list[Row]:
    """Return the sum of minutes and those waiting beside the rules of thumb."""
    minutes = sum(tier.objective for tier in answer.tiers)
    found = []
    for name, rule in answer.against.items():
        waiting = sum(tier.waiting for tier in rule.tiers)
        other = sum(tier.objective for tier in rule.tiers)
        shown = f"plan {minutes:.0f} min, {sum(t.waiting for t in answer.tiers)} waiting"
        found.append((f"  {name}", f"{other:.0f} min", f"{waiting} waiting", shown))
    return found
