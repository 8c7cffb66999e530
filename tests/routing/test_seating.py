from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.capacity import PlaceKind, Pool
from facilities.centre import WardLevel
from routing.centres import KIND_INDEX, Centres
from routing.seating import variants
from routing.tenths import rounded
from routing.triage.need import Seat
from tests.routing.toys import NOW, RESCUE, WARD, ask, centre, pool, request, ways, world

TWINS = {
    "preterm_labour": True,
    "gestational_age_weeks": "33+0",
    "fetus_count": 2,
    "fetus_alive_count": 2,
}
"""E-M24C: a labour place and two cots L2B."""
TRUST = ("fresh", "stale", "assumed")


def shown(*kinds):
    seats = tuple(Seat(f"newborn_{n}", PlaceKind(kind)) for n, kind in enumerate(kinds, 1))
    return [([k.value for k in v.kinds], v.steps) for v in variants(seats)]


def test_no_seat_needs_no_place():
    assert shown() == [([], 0)]


def test_a_ventilator_is_served_by_a_ventilator_only():
    assert shown("NEO_VENT") == [(["NEO_VENT"], 0)]


def test_two_cots_may_be_of_two_wards_and_which_child_lies_where_is_one_variant():
    assert shown("NEO_L3B", "NEO_L3B") == [
        (["NEO_L3B", "NEO_L3B"], 0),
        (["NEO_L3B", "NEO_L3C"], 1),
        (["NEO_L3C", "NEO_L3C"], 2),
    ]


def twins(*free):
    """One centre an hour away with so many cots L2B and L3A free."""
    return world(
        [centre("A", *RESCUE, *WARD, ward=WardLevel.L3A, n=2)],
        {("HERE", "A"): 60},
        pools=[
            pool("A", "LABOUR", 1),
            pool("A", "NEO_L2B", free[0]),
            pool("A", "NEO_L3A", free[1]),
        ],
    )


@pytest.mark.parametrize(
    ("free", "kinds", "step", "over"),
    [
        ((2, 0), ["LABOUR", "NEO_L2B", "NEO_L2B"], 0, False),
        ((1, 1), ["LABOUR", "NEO_L2B", "NEO_L3A"], 30, False),
        ((0, 2), ["LABOUR", "NEO_L3A", "NEO_L3A"], 60, False),
        ((1, 0), ["LABOUR", "NEO_L2B", "NEO_L2B"], 0, True),
    ],
)
def test_twins_take_two_cots_the_cheapest_that_are_free(free, kinds, step, over):
    row = ask(twins(*free), request(TWINS)).ranking[0]

    assert [place.kind for place in row.places] == kinds
    assert (row.cost["ward_step"], row.over_capacity) == (step, over)


def test_a_plan_is_offered_every_way_of_taking_the_cots():
    found = ways(twins(2, 2), request(TWINS)).ways
    cots = [tuple(u.kind.value for u in way.uses[1:]) for way in found if way.uses]

    assert cots == [
        ("NEO_L2B", "NEO_L2B"),
        ("NEO_L2B", "NEO_L3A"),
        ("NEO_L3A", "NEO_L3A"),
    ]


@given(
    st.integers(0, 5),
    st.integers(0, 5),
    st.one_of(st.none(), st.integers(-200, 200)),
    st.one_of(st.none(), st.integers(-100, 3000)),
    st.booleans(),
    st.integers(0, 300),
)
def test_arrays_say_what_the_pools_say(more, free, free_in, age, assumed, arrival):
    """Free places at arrival and trust, as ``facilities`` gives them for one pool."""
    one = Pool(
        "A",
        PlaceKind.AICU,
        free + more,
        free,
        None if free_in is None else NOW + timedelta(minutes=free_in),
        None if age is None else NOW - timedelta(minutes=age),
        "test",
        assumed,
    )
    centres = Centres.of(world([centre("A")], {}, pools=[one]).registry)
    column = centres.pool(KIND_INDEX[PlaceKind.AICU])
    then = NOW + timedelta(minutes=arrival)

    assert column.free_at(np.array([then.timestamp()])).tolist() == [one.free_at(then)]
    assert TRUST[column.trust_at(NOW.timestamp())[0]] == one.trust(NOW).value


@given(st.lists(st.one_of(st.integers(0, 40_000).map(lambda s: s / 60), st.floats(0, 5000))))
def test_costs_are_rounded_as_python_rounds(minutes):
    found = rounded(np.array([*minutes, np.inf]))

    assert found.tolist() == [*(round(m, 1) for m in minutes), np.inf]
