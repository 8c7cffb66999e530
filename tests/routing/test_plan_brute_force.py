"""Random small worlds: every choice of ways of all requests, counted by hand, against the plan.

The oracle reads the ways as the ranking makes them and knows nothing of columns, rows or arrays.
"""

import itertools
from collections import Counter

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from facilities.centre import WardLevel
from tests.routing.plans import BED, PLANNED, item, planned
from tests.routing.toys import (
    BLEEDING,
    CORD,
    HOME,
    PREECLAMPSIA,
    RESCUE,
    SMALL,
    WARD,
    centre,
    pool,
    ways,
    world,
)

NAMES = ("A", "B", "C")
KINDS = (BED, "LABOUR", "NEO_L2B")
FACTS = (BLEEDING, PREECLAMPSIA, PREECLAMPSIA, PLANNED, PLANNED, PLANNED, CORD, SMALL)
LIMIT = 2


def draw(seed, *, requests):
    """A world of three centres and some requests from three places."""
    rng = np.random.default_rng(seed)
    minutes = {(origin, name): int(rng.integers(10, 200)) for origin in "PQR" for name in NAMES}
    free = {(name, kind): int(rng.integers(0, 2)) for name in NAMES for kind in KINDS}
    network = world(
        [centre(name, *RESCUE, *WARD, ward=WardLevel.L2B) for name in NAMES],
        minutes,
        pools=[pool(name, kind, n) for (name, kind), n in free.items()],
        catchment=[(HOME, kind, 1, str(rng.choice(NAMES))) for kind in "MN"],
    )
    items = [
        item(
            f"{rng.choice(list('PQR'))}{n}",
            FACTS[rng.integers(len(FACTS))],
            priority=1 if rng.random() < 0.15 else None,
        )
        for n in range(requests)
    ]
    reserve = [(str(rng.choice(NAMES)), str(rng.choice(KINDS)), 1)] if rng.random() < 0.5 else []
    return network, items, reserve


def possible(chosen, tiers, free, reserved):
    """Whether beds, reserves and the limit over capacity allow the ways, one per request."""
    taken, lower, over = Counter(), Counter(), Counter()
    for way, tier in zip(chosen, tiers, strict=True):
        if way is None:
            continue
        for use in way.uses:
            taken[use.facility_id, use.kind] += 1
            lower[use.facility_id, use.kind] += tier > 1
        over[way.facility_id] += way.over_capacity and not way.fallback
    return (
        all(n <= free[bed] for bed, n in taken.items())
        and all(n <= max(0, free[bed] - reserved[bed]) for bed, n in lower.items())
        and all(n <= LIMIT for n in over.values())
    )


def best(network, items, reserve):
    """(waiting, tenths) of the tiers of the best of all choices."""
    choices, tiers = [], []
    for one in items:
        found = ways(network, one.request, priority=one.priority)
        tiers.append(min(found.assessed.priority, one.priority or 3))
        always = tiers[-1] == 1 and any(way.fallback or not way.uses for way in found.ways)
        # Of two ways that take the same, the dearer is never needed.
        cheapest = {}
        for way in found.ways:
            cheapest.setdefault((way.facility_id, way.uses, way.over_capacity), way)
        choices.append([*cheapest.values(), *([] if always else [None])])
    free = Counter({(p.facility_id, p.kind): p.free for p in network.registry.pools.values()})
    reserved = Counter({(where, kind): n for where, kind, n in reserve})
    values = []
    for chosen in itertools.product(*choices):
        if possible(chosen, tiers, free, reserved):
            key = []
            for tier in (1, 2, 3):
                mine = [way for way, t in zip(chosen, tiers, strict=True) if t == tier]
                tenths = sum(round(10 * way.cost_min) for way in mine if way is not None)
                key.append((mine.count(None), tenths))
            values.append(key)
    return min(values)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_no_choice_of_ways_is_better_than_the_plan(seed, requests):
    network, items, reserve = draw(seed, requests=requests)
    answer = planned(network, *items, reserve=reserve)

    assert answer.status == "optimal"
    assert [(t.waiting, round(10 * t.objective)) for t in answer.tiers] == best(
        network, items, reserve
    )


def test_the_worlds_have_scarce_beds_and_some_wait():
    """The comparison would show little if every request went to its first choice."""
    waiting = [
        sum(tier.waiting for tier in planned(net, *items, reserve=reserve).tiers)
        for net, items, reserve in (draw(seed, requests=4) for seed in range(30))
    ]

    assert sum(n > 0 for n in waiting) >= 5
    assert sum(n == 0 for n in waiting) >= 5
