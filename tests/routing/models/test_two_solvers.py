"""Two independent exact solvers, HiGHS and CBC with gap 0: equal tier by tier."""

import pytest

from bench.peers import cbc, highs, tier_by_tier
from routing.models.assignment import assign_referrals
from tests.routing.models.instances import draw, reached

SEEDS = range(50)
SCARCITY = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)


def instance(seed):
    """Scarcity 0.8 to 1.3, one to three kinds, vehicles on every other seed, 30 requests."""
    vehicles = 5 if seed % 2 else 0
    return draw(
        seed,
        requests=14 if vehicles else 30,
        centres=5 if vehicles else 8,
        kinds=1 + seed % 3,
        scarcity=SCARCITY[seed % len(SCARCITY)],
        vehicles=vehicles,
        fallback=0.3 if seed % 5 == 0 else 0.0,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_highs_reaches_the_same_in_every_tier(seed):
    problem = instance(seed)
    plan = assign_referrals(problem, seed=seed)

    assert plan.status == "optimal"
    assert reached(plan) == tier_by_tier(problem, highs)


@pytest.mark.parametrize("seed", SEEDS)
def test_cbc_reaches_the_same_in_every_tier(seed):
    problem = instance(seed)

    assert reached(assign_referrals(problem, seed=seed)) == tier_by_tier(problem, cbc)


def test_the_instances_are_not_all_easy():
    """Some leave somebody waiting and some nobody, or the comparison would show little."""
    waiting = [sum(w for w, _ in reached(assign_referrals(instance(seed)))) for seed in SEEDS]

    assert min(waiting) == 0
    assert sum(w > 0 for w in waiting) >= 20
