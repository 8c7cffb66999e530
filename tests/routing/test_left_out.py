"""Plans from a few ways and the nearest vehicles, against plans in which everything is listed."""

from collections import Counter
from dataclasses import replace

import pytest

from bench.night import network, night
from routing import columns
from routing import plan_solving as planning
from routing.plan import plan
from routing.request_values import Vehicle, VehicleKind
from tests.routing.plans import BED, ambulance, item, planned, where
from tests.routing.toys import RESCUE, centre, pool, rules, world

ALL = 10**6


@pytest.fixture(scope="module")
def yunnan():
    return network()


@pytest.fixture
def listing(monkeypatch):
    """Set how many ways and packs are listed at first; count how often it is solved."""
    solve = planning.assign_referrals
    seen = Counter()

    def solved(problem, **more):
        seen["solved"] += 1
        seen["columns"] = problem.columns
        return solve(problem, **more)

    def set_to(ways, packs):
        monkeypatch.setattr(columns, "WAYS", ways)
        monkeypatch.setattr(columns, "PACKS", packs)
        seen.clear()
        return seen

    monkeypatch.setattr(planning, "assign_referrals", solved)
    return set_to


@pytest.mark.parametrize("vehicles", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_the_plan_is_the_one_with_everything_listed(yunnan, listing, seed, vehicles):
    asked = night(yunnan, rules(), requests=70, seed=seed, vehicles=vehicles)
    seen = listing(ALL, ALL)
    whole = plan(yunnan, rules(), asked)
    columns_of_all = seen["columns"]
    seen = listing(2, 1)
    few = plan(yunnan, rules(), asked)

    assert (whole.status, few.status) == ("optimal", "optimal")
    assert few.tiers == whole.tiers
    assert few.against == whole.against
    assert len(few.waiting) == len(whole.waiting)
    assert seen["solved"] > 1
    assert columns_of_all > 3 * seen["columns"]


@pytest.mark.parametrize("seed", range(3))
def test_a_vehicle_that_is_named_helps_when_it_is_planned_again(yunnan, listing, seed):
    """What is added may let others change; columns that this asks for were not listed before."""
    listing(2, 1)
    asked = night(yunnan, rules(), requests=80, seed=seed)
    fewer = tuple(v for n, v in enumerate(asked.vehicles) if n % 4)
    asked = replace(asked, vehicles=fewer)
    answer = plan(yunnan, rules(), asked)
    priority = {row.request_id: row.priority for row in answer.assignments}
    named = [
        (priority[waiting.request_id] - 1, added)
        for waiting in answer.waiting
        for added in waiting.smallest_relaxation
        if added.facility_id is not None and not added.also and added.kind == "ambulance"
    ]

    assert len(named) >= 3
    for tier, added in named[:4]:
        more = [
            Vehicle(f"more-{n}", added.facility_id, VehicleKind.AMBULANCE, None)
            for n in range(added.n)
        ]
        again = plan(yunnan, rules(), replace(asked, vehicles=(*fewer, *more)))

        assert again.tiers[tier].waiting == answer.tiers[tier].waiting - 1
        above = [(t.waiting, t.objective) for t in again.tiers[:tier]]
        assert above <= [(t.waiting, t.objective) for t in answer.tiers[:tier]]


def crossing():
    """Three who need an ambulance each; the third of P is the one that leaves P's first to Q.

    P: a at once, b after 60, c after 61 minutes. Q: a at once, b after 110, c after 400. R: b.
    """
    minutes = {(origin, "GOAL"): 30 for origin in "PQR"}
    minutes |= {("P", "A"): 1, ("P", "B"): 60, ("P", "C"): 61}
    minutes |= {("Q", "A"): 1, ("Q", "B"): 110, ("Q", "C"): 170}
    minutes |= {("R", "A"): 150, ("R", "B"): 1, ("R", "C"): 160}
    return world(
        [centre("GOAL", *RESCUE), *(centre(name, m=0, n=None) for name in "ABC")],
        minutes,
        pools=[pool("GOAL", BED, 9, of=9)],
    )


FLEET = [ambulance("a", "A"), ambulance("b", "B"), ambulance("c", "C")]
THREE = [item("P1"), item("Q1"), item("R1")]


def drivers(answer):
    return {row.request_id: row.vehicle_id for row in answer.assignments}


def test_a_vehicle_left_out_joins_where_the_plan_needs_it(listing):
    seen = listing(9, 2)
    answer = planned(crossing(), *THREE, vehicles=FLEET)

    assert drivers(answer) == {"P1": "c", "Q1": "a", "R1": "b"}
    assert (answer.status, seen["solved"]) == ("optimal", 2)


def test_where_memory_ends_the_plan_stands_and_is_not_called_proven(listing, monkeypatch):
    """The third vehicle of P has no room: she takes the first, and Q goes with the third."""
    listing(9, 2)
    monkeypatch.setattr(planning, "MOST_COLUMNS", 1)
    answer = planned(crossing(), *THREE, vehicles=FLEET)

    assert set(where(answer).values()) == {"GOAL"}
    assert (answer.status, answer.proven) == ("feasible", False)
    assert [tier.bound for tier in answer.tiers] == [None, None, None]


def test_where_time_ends_the_plan_so_far_stands_and_who_waits_gets_what_is_left(
    listing, monkeypatch
):
    """Two vehicles are listed for three; there is no time to solve again with the third."""
    seen = listing(9, 2)
    solve = planning.assign_referrals

    def only_once(problem, *, limit_s, **more):
        return solve(problem, limit_s=0.0 if seen["solved"] else limit_s, **more)

    monkeypatch.setattr(planning, "assign_referrals", only_once)
    answer = planned(crossing(), *THREE, vehicles=FLEET)

    assert seen["solved"] == 2
    assert sorted(drivers(answer).values()) == ["a", "b", "c"]
    assert (answer.status, answer.proven) == ("feasible", False)
    assert [tier.bound for tier in answer.tiers] == [None, None, None]
