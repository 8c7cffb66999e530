"""Plans on the default data of Yunnan, against the ranking and against independent figures."""

from collections import Counter
from dataclasses import replace

import pytest

from bench.night import document, network, night
from facilities.capacity import PlaceKind
from routing.ground import Ground
from routing.plan import plan
from routing.plan_chosen import Chosen
from routing.plan_entries import entries_of
from routing.plan_parts import OVER
from routing.plan_stock import Stock
from routing.recommend import recommend, ways_of
from routing.request import PlanRequest, Reader
from routing.request_values import PlanItem
from tests.routing.toys import rules


@pytest.fixture(scope="module")
def yunnan():
    return network()


@pytest.fixture(scope="module")
def crowd(yunnan):
    """A hundred requests, no vehicles."""
    return night(yunnan, rules(), requests=100, seed=1, vehicles=False)


def one(asked, item):
    return PlanRequest((item,), asked.closed, asked.reserve, asked.vehicles, asked.now)


def test_a_plan_for_one_request_is_the_first_row_of_its_ranking(yunnan, crowd):
    for item in crowd.items:
        ranking = recommend(yunnan, rules(), item.request).ranking
        (row,) = plan(yunnan, rules(), one(crowd, item)).assignments
        if not ranking:
            assert row.facility_id is None
            continue
        first = ranking[0]

        assert (row.facility_id, row.cost_min) == (first.facility_id, first.cost_min)
        assert row.over_capacity == (first.over_capacity and first.role == "definitive")
        assert set(first.why) <= set(row.why)
        assert [(p.seat, p.kind) for p in row.places] == [(p.seat, p.kind) for p in first.places]


def test_a_frozen_plan_is_the_plan_again(yunnan, crowd):
    """Every request frozen to where the plan put it: the same places at the same cost."""
    free = plan(yunnan, rules(), crowd)
    there = {row.request_id: row.facility_id for row in free.assignments}
    items = tuple(
        PlanItem(i.id, i.request, i.priority, there[i.id]) for i in crowd.items if there[i.id]
    )
    kept = plan(
        yunnan,
        rules(),
        PlanRequest(items, crowd.closed, crowd.reserve, crowd.vehicles, crowd.now),
    )

    assert {row.request_id: row.facility_id for row in kept.assignments} == {
        name: where for name, where in there.items() if where
    }
    assert not any("frozen_not_feasible" in row.why for row in kept.assignments)


@pytest.mark.parametrize("vehicles", [False, True])
def test_the_plan_is_never_worse_than_deciding_alone(yunnan, vehicles):
    asked = night(yunnan, rules(), requests=80, seed=2, vehicles=vehicles)
    answer = plan(yunnan, rules(), asked)
    best = [(tier.waiting, tier.objective) for tier in answer.tiers]

    assert answer.status == "optimal"
    for other in answer.against.values():
        assert best <= [(tier.waiting, tier.objective + 1e-6) for tier in other.tiers]


def test_no_request_of_priority_1_waits_and_every_request_is_answered(yunnan):
    asked = night(yunnan, rules(), requests=150, seed=3)
    answer = plan(yunnan, rules(), asked)

    assert [row.request_id for row in answer.assignments] == [item.id for item in asked.items]
    assert answer.tiers[0].waiting == 0
    assert sum(tier.placed + tier.waiting for tier in answer.tiers) == 150


def test_a_lower_priority_takes_nothing_from_a_higher_one(yunnan, crowd):
    """Without those of priority 2 and 3 the plan of priority 1 is the same figure."""
    together = plan(yunnan, rules(), crowd)
    urgent = {row.request_id for row in together.assignments if row.priority == 1}
    items = tuple(item for item in crowd.items if item.id in urgent)
    alone = plan(yunnan, rules(), PlanRequest(items, crowd.closed, (), None, crowd.now))

    assert together.tiers[0].objective == pytest.approx(alone.tiers[0].objective)


def crowded(net, *, cots):
    """The same network with at most so many free places of each kind at a centre, and reported."""
    pools = [
        replace(pool, free=min(pool.free, cots), assumed=False, as_of=None)
        for pool in net.registry.pools.values()
    ]
    return network(net.registry.with_capacity(pools))


def with_place(net, added):
    """The network with what a relaxation adds."""
    key = added.facility_id, PlaceKind(added.kind)
    had = net.registry.pools[key]
    free = had.free + added.n
    more = replace(had, free=free, in_service=max(had.in_service, free))
    return network(net.registry.with_capacity([more]))


@pytest.mark.parametrize("seed", [0, 1])
def test_what_would_help_helps_when_it_is_planned_again(yunnan, seed):
    """Planned care with no labour bed free waits; every bed named is added and planned again."""
    full = crowded(yunnan, cots=0)
    asked = night(full, rules(), requests=60, seed=seed, vehicles=False)
    answer = plan(full, rules(), asked)
    priority = {row.request_id: row.priority for row in answer.assignments}
    named = [(w.request_id, added) for w in answer.waiting for added in w.smallest_relaxation]

    assert named
    for name, added in named[:6]:
        again = plan(with_place(full, added), rules(), asked)
        tier = priority[name] - 1

        assert again.tiers[tier].waiting == answer.tiers[tier].waiting - 1
        above = [(t.waiting, t.objective) for t in again.tiers[:tier]]
        assert above <= [(t.waiting, t.objective) for t in answer.tiers[:tier]]


def test_the_order_of_the_requests_changes_no_figure(yunnan, crowd):
    turned = PlanRequest(crowd.items[::-1], crowd.closed, (), None, crowd.now)
    first, second = plan(yunnan, rules(), crowd), plan(yunnan, rules(), turned)

    assert first.tiers == second.tiers


def test_a_closed_road_counts_for_every_request(yunnan):
    """宁洱 to 思茅 closed for the whole plan: nobody's way from 宁洱 is what it was."""
    asked = document(yunnan.registry, requests=1, vehicles=False)
    asked["requests"][0]["origin"] = {"adcode": "530821"}
    reader = Reader(rules(), yunnan.registry, yunnan.estimate, {})
    free = plan(yunnan, rules(), reader.plan(asked))
    closed = plan(yunnan, rules(), reader.plan({**asked, "closed_roads": [["530821", "530802"]]}))

    assert closed.assignments[0].cost_min > free.assignments[0].cost_min


def test_the_arrays_of_a_plan_hold_the_ways_of_the_ranking(yunnan, crowd):
    """Every way that ``ways_of`` makes, figure by figure, and no other that can be taken."""
    for item in crowd.items[:60]:
        by_hand = ways_of(yunnan, rules(), item.request).ways
        entries = entries_of(yunnan, rules(), one(crowd, item))
        stock = Stock.of(yunnan, (), over_limit=2, fleet=None, requests=1)
        ground = Ground.of(entries, stock)
        (entry,), (ways,), found = ground.entries, ground.tables, Counter()
        for way in range(ways.size):
            chosen = Chosen(entry, ways, way)
            if all(stock.capacity[row] >= n for row, n in ways.uses(way)):
                seats = () if chosen.sort == OVER else chosen.seats
                taken = seats if chosen.pair is None else chosen.pair.uses
                kinds = tuple(place.kind for place in taken)
                found[yunnan.ids[chosen.row], kinds, int(ways.tenths[way])] += 1

        assert found == Counter(
            (way.facility_id, tuple(use.kind for use in way.uses), round(10 * way.cost_min))
            for way in by_hand
            if entry.stop is None or way.role == "first_stop"
        )
