from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calculators.schemas import RecommendationOut
from app.documents import plain
from facilities.capability import Trust
from facilities.centre import FacilityStatus
from routing.way import COST_PARTS
from tests.routing.plain_ranking import plain_ranking
from tests.routing.toys import (
    BLEEDING,
    CORD,
    FAR,
    HOME,
    NEXT_DOOR,
    PREECLAMPSIA,
    RESCUE,
    SMALL,
    THEATRE,
    WARD,
    WardLevel,
    ask,
    centre,
    hospital,
    ids,
    pool,
    reasons,
    request,
    ways,
    world,
)

BED = "OB_RESCUE_BED"
REQUIRED = (BED, "ANAES_24H", "CS_24H", "BLOOD_RBC")
PREFERRED = ("BLOOD_MTP", "AICU", "HYSTERECTOMY_24H")
NAMES = tuple("ABCDEF")

facilities = st.builds(
    lambda m, n, county, status, codes: (m, n, county, status, codes),
    st.sampled_from([None, 0, 1, 2]),
    st.sampled_from([None, 1]),
    st.sampled_from([HOME, NEXT_DOOR, FAR]),
    st.sampled_from([FacilityStatus.CONFIRMED] * 4 + [FacilityStatus.DIVERTED] * 2),
    st.sets(st.sampled_from(RESCUE), min_size=5).map(lambda some: {*some, *REQUIRED[1:]}),
)
pools = st.builds(
    lambda free, age: (free, age),
    st.integers(0, 4),
    st.sampled_from([None, -5, 30, 120, 300, 1440, 2000]),
)
drawn = st.lists(
    st.tuples(facilities, st.one_of(st.none(), st.integers(1, 500)), st.one_of(st.none(), pools)),
    min_size=1,
    max_size=6,
)


def build(chosen, catchment):
    centres, minutes, stock = [], {}, {}
    for name, ((m, n, county, status, codes), travel, place) in zip(NAMES, chosen, strict=False):
        level = WardLevel.L2B if n else None
        codes = sorted(codes)
        centres.append(centre(name, *codes, m=m, n=n, ward=level, county=county, status=status))
        if travel is not None:
            minutes[name] = travel
        if place is not None:
            free, age = place
            stock[name] = pool(name, BED, free, age_min=age)
    network = world(
        centres,
        {("HERE", name): travel for name, travel in minutes.items()},
        pools=stock.values(),
        catchment=[(HOME, "M", rank, who) for rank, who in catchment],
    )
    return network, minutes, stock


catchments = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("ABC")), min_size=1, max_size=3, unique=True
)


@given(drawn, catchments, st.integers(0, 200), st.sets(st.sampled_from(NAMES), max_size=1))
@settings(max_examples=150)
def test_the_ranking_equals_a_plain_slow_one(chosen, catchment, waited, exclude):
    network, minutes, stock = build(chosen, catchment)
    known = [(rank, who) for rank, who in catchment]
    asked = request(BLEEDING, waited_min=waited, exclude=exclude)
    answer = ask(network, asked)
    ranked, excluded = plain_ranking(
        network.registry.facilities, minutes, stock, known, asked, REQUIRED, PREFERRED, "530100"
    )

    assert [(row.facility_id, row.cost_min) for row in answer.ranking] == ranked
    assert {who: set(codes) for who, codes in reasons(answer).items()} == excluded


@given(
    drawn,
    catchments,
    st.sampled_from([BLEEDING, PREECLAMPSIA, CORD, SMALL, {"valve_replaced": True}, {}]),
    st.booleans(),
)
def test_every_answer_keeps_the_promises_of_the_contract(chosen, catchment, facts, theatre):
    """Each facility once, in order of cost, parts that add up, never empty, the same again."""
    network, _, _ = build(chosen, catchment)
    asked = request(facts, sender=hospital(*THEATRE, trust=Trust.ASSUMED) if theatre else None)
    answer = ask(network, asked)
    costs = [row.cost_min for row in answer.ranking if row.role == "definitive"]

    assert sorted([*ids(answer), *reasons(answer)]) == list(network.ids)
    assert costs == sorted(costs)
    assert [row.rank for row in answer.ranking] == list(range(1, len(answer.ranking) + 1))
    for row in answer.ranking:
        assert tuple(row.cost) == COST_PARTS
        assert round(sum(row.cost.values()), 1) == row.cost_min
        assert all(minutes >= 0 for minutes in row.cost.values())
        assert row.minutes.low <= row.minutes.expected <= row.minutes.high
    assert all(codes for codes in reasons(answer).values())
    assert answer.alternatives[-1].kind == "call_coordinator"
    assert ask(network, asked) == answer
    RecommendationOut.model_validate(plain(answer))


@given(drawn, catchments, st.sampled_from([BLEEDING, PREECLAMPSIA, CORD, SMALL]))
def test_the_first_way_of_a_request_is_the_first_row_of_its_ranking(chosen, catchment, facts):
    network, _, _ = build(chosen, catchment)
    found = ways(network, request(facts))
    definitive = [way for way in found.ways if way.role == "definitive"]

    assert bool(found.ways) == bool(found.ranking)
    assert [way.cost_min for way in definitive] == sorted(way.cost_min for way in definitive)
    for way, row in zip(found.ways[:1], found.ranking[:1], strict=True):
        assert (way.facility_id, way.cost_min) == (row.facility_id, row.cost_min)
        assert way.cost == row.cost
        assert way.over_capacity == row.over_capacity
    for way in definitive:
        assert round(sum(way.cost.values()), 1) == way.cost_min
    best = {}
    for way in definitive:
        best[way.facility_id] = min(best.get(way.facility_id, way.cost_min), way.cost_min)
    assert all(best[row.facility_id] == row.cost_min for row in found.ranking)


def three(free=1):
    return world(
        [centre("A", *RESCUE), centre("B", *RESCUE)],
        {("HERE", "A"): 30, ("HERE", "B"): 50},
        pools=[pool("A", BED, free), pool("B", BED, 1)],
        catchment=[(HOME, "M", 1, "B")],
    )


def test_the_plan_is_offered_free_places_over_capacity_and_the_fallback_of_priority_one():
    found = ways(three(), request(BLEEDING))
    shown = [(w.facility_id, w.over_capacity, w.fallback, len(w.uses)) for w in found.ways]

    assert shown == [
        ("A", False, False, 1),  # 20 + 30 + 10 + 0.5 + 4 outside the catchment = 64.5
        ("B", False, False, 1),  # 20 + 50 + 10 + 0.5 = 80.5
        ("A", True, False, 0),  # 64 + 60
        ("B", True, True, 0),  # 80 + 60
    ]


def test_priority_two_has_no_fallback_until_the_sender_raises_it():
    plain_ways = ways(three(), request(PREECLAMPSIA | {"fetus_alive": False})).ways
    raised = ways(three(), request(PREECLAMPSIA | {"fetus_alive": False}), priority=1).ways
    lowered = ways(three(), request(BLEEDING), priority=3).ways

    assert not any(way.fallback for way in plain_ways)
    assert [way.facility_id for way in raised if way.fallback] == ["B"]
    assert raised[0].cost["time_to_care"] == plain_ways[0].cost["time_to_care"] - 10
    assert any(way.fallback for way in lowered)


def test_without_a_feasible_catchment_centre_the_best_of_all_is_the_fallback():
    network = world(
        [centre("A", *RESCUE), centre("B", "OB_DELIVERY")],
        {("HERE", "A"): 30, ("HERE", "B"): 5},
        catchment=[(HOME, "M", 1, "B")],
    )

    assert [w.facility_id for w in ways(network, request(BLEEDING)).ways if w.fallback] == ["A"]


def test_planned_care_is_never_offered_over_capacity():
    found = ways(
        world([centre("A", *RESCUE, grade=3)], {("HERE", "A"): 30}, pools=[pool("A", "LABOUR", 1)]),
        request({"valve_replaced": True}),
    )

    assert [way.over_capacity for way in found.ways] == [False]


def test_a_centre_with_only_a_far_higher_cot_free_is_not_called_full():
    """L2A up to L3B is three steps, 90; a placement over capacity would be 60. The free cot is
    shown, and over capacity there is never cheaper than it."""
    late = {"preterm_labour": True, "gestational_age_weeks": "36+0"}
    network = world(
        [centre("A", *RESCUE, *WARD, ward=WardLevel.L3B, n=3)],
        {("HERE", "A"): 30},
        pools=[pool("A", "LABOUR", 1), pool("A", "NEO_L3B", 1)],
    )
    found = ways(network, request(late))

    assert (found.ranking[0].over_capacity, found.ranking[0].cost["ward_step"]) == (False, 90.0)
    assert [way.over_capacity for way in found.ways] == [False, True]


@pytest.mark.parametrize(
    ("facts", "offers"), [(BLEEDING, 2), (PREECLAMPSIA | {"fetus_alive": False}, 1)]
)
def test_two_offers_go_out_at_once_for_priority_one(facts, offers):
    assert ask(three(), request(facts)).parallel_offers == offers


def test_a_single_centre_gets_a_single_offer():
    network = world([centre("A", *RESCUE)], {("HERE", "A"): 30})

    assert ask(network, request(BLEEDING)).parallel_offers == 1


def test_the_clock_is_the_callers_and_is_read_twice():
    ticks = iter([10.0, 10.0042])
    answer = ask(three(), request(BLEEDING), clock=lambda: next(ticks))

    assert answer.computed_ms == pytest.approx(4.2)
    assert ask(three(), request(BLEEDING)).computed_ms == 0.0


def test_the_assessment_inside_knows_the_journey():
    """6 cm, a first birth: 20 + 60 minutes away she would give birth on the road (R-HOLD-01), next
    door with 15 minutes in all she is moved."""
    facts = {
        "preterm_labour": True,
        "gestational_age_weeks": "36+0",
        "cervix_cm": 6,
        "parity": 0,
    }
    codes = (*RESCUE, *WARD)
    far = world(
        [centre("A", *codes, ward=WardLevel.L2B)],
        {("HERE", "A"): 60},
        pools=[pool("A", "LABOUR", 1), pool("A", "NEO_L2A", 1)],
    )
    near = world(
        [centre("A", *codes, ward=WardLevel.L2B)],
        {("HERE", "A"): 5},
        pools=[pool("A", "LABOUR", 1), pool("A", "NEO_L2A", 1)],
    )

    assert ask(far, request(facts)).assessment.decision == "deliver_in_place"
    assert ask(far, request(facts)).ranking
    assert ask(near, request(facts)).assessment.decision == "transfer_now"


def test_a_place_shows_its_number_age_and_trust():
    network = three()
    stale = pool("A", BED, 3, age_min=300)
    registry = network.registry.with_capacity([stale])
    again = type(network)(registry, network.estimate, table=network.table)
    place = ask(again, request(BLEEDING)).ranking[0].places[0]

    assert (place.seat, place.kind, place.free) == ("mother", BED, 3)
    assert (place.age_min, place.trust) == (300, "stale")
    assert place.as_of == stale.as_of.isoformat()


def test_a_later_question_counts_the_minutes_since_the_decision():
    asked = request(BLEEDING)
    later = replace(asked, case=replace(asked.case, now=asked.case.now + timedelta(minutes=70)))

    assert ask(three(), asked).ranking[0].cost["late"] == 0
    assert ask(three(), later).ranking[0].cost["late"] == pytest.approx(70 + 60 - 120)
