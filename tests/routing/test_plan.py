"""Many requests together: tiers, shared places, over capacity, raised and frozen requests."""

import pytest

from facilities.capacity import PlaceKind
from facilities.centre import WardLevel
from routing.plan_answer import Added, Baseline
from tests.routing.plans import (
    BED,
    PLANNED,
    costs,
    item,
    planned,
    row_of,
    two_centres,
    where,
    why,
)
from tests.routing.toys import (
    BLEEDING,
    FAR,
    HOME,
    RESCUE,
    SMALL,
    THEATRE,
    WARD,
    ask,
    centre,
    pool,
    world,
)

SHOCKED = {**BLEEDING, "shock_index": 1.1}


def test_two_requests_share_two_places_by_total_cost():
    """Costs are travel + 40 + 0.5, and what is beyond 180 counts twice. P: 100.5 and 140.5; Q:
    110.5 and 240.5 + 60 late. P to B and Q to A is 251.0; the other way round 401.0."""
    answer = planned(two_centres(), item("P1"), item("Q1"))

    assert where(answer) == {"P1": "B", "Q1": "A"}
    assert costs(answer) == {"P1": 140.5, "Q1": 110.5}
    assert (answer.status, answer.proven) == ("optimal", True)
    assert [(t.priority, t.placed, t.waiting) for t in answer.tiers] == [
        (1, 0, 0),
        (2, 2, 0),
        (3, 0, 0),
    ]
    assert answer.tiers[1].objective == answer.tiers[1].bound == 251.0


def test_each_rule_of_thumb_is_shown_beside_the_plan():
    """In turn: P takes the bed of A, then nothing is free but B for Q: 100.5 + 300.5."""
    answer = planned(two_centres(), item("P1", waited_min=5), item("Q1"))
    nearest = answer.against["nearest_capable_free"].tiers[1]

    assert answer.tiers[1].objective < nearest.objective
    assert nearest == Baseline(2, 2, 0, pytest.approx(401.0))
    assert answer.against["catchment_first"].tiers[1].objective == pytest.approx(401.0)


def test_first_come_first_served_does_not_look_at_priority():
    """The planned woman decided first and takes the only bed; the bleeding one asks A over
    capacity: 30 + 60 + 60 = 150, where the plan pays 90.5."""
    network = world(
        [centre("A", *RESCUE)],
        {("P", "A"): 60, ("Q", "A"): 70},
        pools=[pool("A", BED, 1)],
        catchment=[(HOME, "M", 1, "A")],
    )
    answer = planned(network, item("Q1", waited_min=9), item("P1", BLEEDING))

    assert answer.tiers[0].objective == 90.5
    assert answer.against["nearest_capable_free"].tiers[0].objective == 150.0


def test_priority_1_takes_the_bed_and_priority_2_is_sent_on():
    """One bed at A: R1 bleeds and gets it, however little R2 would lose by going to B."""
    answer = planned(two_centres(1, 1), item("R2"), item("R1", BLEEDING))

    assert where(answer) == {"R2": "B", "R1": "A"}
    assert [row.request_id for row in answer.assignments] == ["R2", "R1"]


def test_priority_1_never_waits_for_priority_3():
    """Both want the labour bed of A; the raised one has it although she would lose less."""
    network = two_centres(1, 0, kind="LABOUR")
    answer = planned(network, item("P3", PLANNED), item("Q1", PLANNED, priority=1))

    assert where(answer) == {"P3": None, "Q1": "A"}
    assert "priority_raised" in why(answer, "Q1")


def test_a_priority_that_is_lower_than_that_of_the_rows_is_not_taken():
    answer = planned(two_centres(), item("P1", BLEEDING, priority=3))

    assert row_of(answer, "P1").priority == 1
    assert "priority_kept" in why(answer, "P1")


def test_a_full_centre_is_asked_over_capacity_at_its_price():
    """No bed anywhere: R pays 30 + 40 + 60 = 130 at A."""
    answer = planned(two_centres(0, 0), item("R1"))
    row = row_of(answer, "R1")

    assert (row.facility_id, row.cost_min, row.over_capacity) == ("A", 130.0, True)
    assert [(p.seat, p.kind) for p in row.places] == [("mother", PlaceKind.OB_RESCUE_BED)]
    assert "over_capacity" in row.why


def test_at_most_two_are_sent_over_capacity_to_one_centre():
    """Five requests, no bed: two at A, two at B, the fifth waits."""
    answer = planned(two_centres(0, 0), *[item(f"R{n}") for n in range(5)])

    assert sorted(filter(None, where(answer).values())) == ["A", "A", "B", "B"]
    (waiting,) = answer.waiting
    assert ("over_capacity_limit", None, ("A", "B")) in [
        (b.code, b.kind, b.facility_ids) for b in waiting.blocking
    ]


def test_the_catchment_centre_of_priority_1_is_always_possible():
    """Five bleeding women and no bed: none waits, and the limit does not count at A."""
    answer = planned(two_centres(0, 0), *[item(f"R{n}", BLEEDING) for n in range(5)])

    assert set(where(answer).values()) == {"A"}
    assert answer.tiers[0].waiting == 0
    assert all("fallback_catchment" in row.why for row in answer.assignments)


def test_priority_3_is_never_sent_over_capacity():
    answer = planned(two_centres(0, 0, kind="LABOUR"), item("P1", PLANNED))

    assert where(answer) == {"P1": None}


def with_a_stop(*more, beds=3, **times):
    """STOP has theatre and red cells and is 60 minutes nearer than GOAL."""
    minutes = {("P", "STOP"): 30, ("P", "GOAL"): 90, ("STOP", "GOAL"): 65, ("GOAL", "STOP"): 65}
    return world(
        [centre("GOAL", *RESCUE, "OB_TRANSPORT"), *more],
        minutes | {("P", to): minute for to, minute in times.items()},
        pools=[pool("GOAL", BED, beds), pool("CHILD", "NEO_L2B", 1)],
        catchment=[(HOME, "M", 1, "GOAL"), (HOME, "N", 1, "STOP")],
    )


def test_first_stops_count_against_the_limit_over_capacity_of_that_centre():
    """STOP has no cot: the newborn could be asked for there over capacity, 60 dearer, were it not
    for the two women who bleed and stop there first. He goes on to CHILD, 300 minutes away."""
    stop = centre("STOP", *THEATRE, *WARD, ward=WardLevel.L2B, m=0, n=1)
    child = centre("CHILD", *WARD, ward=WardLevel.L2B, m=None, n=1)
    network = with_a_stop(stop, child, CHILD=300)
    newborn = item("P9", SMALL, escort=("ESC-NEO",))
    together = planned(network, item("P1", SHOCKED), item("P2", SHOCKED), newborn)

    assert where(planned(network, newborn)) == {"P9": "STOP"}
    assert where(together) == {"P1": "STOP", "P2": "STOP", "P9": "CHILD"}
    assert {"first_stop", "onward:GOAL"} <= set(why(together, "P1"))
    assert row_of(together, "P1").places == ()


def test_a_third_first_stop_goes_on_to_definitive_care_instead_of_waiting():
    network = with_a_stop(centre("STOP", *THEATRE, m=0, n=None))
    answer = planned(network, *[item(f"P{n}", SHOCKED) for n in range(3)])

    assert sorted(where(answer).values()) == ["GOAL", "STOP", "STOP"]
    (third,) = [row for row in answer.assignments if row.facility_id == "GOAL"]
    assert "first_stop_full" in third.why
    assert (third.over_capacity, answer.proven) == (False, True)


def test_mother_and_newborn_apart_are_one_priced_way():
    """BOTH has no cot; apart the child goes on to CHILD and takes the cot there."""
    early = {"preterm_labour": True, "gestational_age_weeks": "30+0"}
    network = world(
        [
            centre("BOTH", *RESCUE, ward=WardLevel.L3A, m=2, n=2),
            centre("CHILD", *WARD, ward=WardLevel.L3A, m=None, n=2),
            centre("HERS", *RESCUE, "MFM", ward=WardLevel.L2A, m=2),
        ],
        {("P", "BOTH"): 250, ("P", "HERS"): 60, ("HERS", "CHILD"): 40},
        pools=[
            pool("BOTH", "LABOUR", 1),
            pool("BOTH", "NEO_L3A", 1),
            pool("HERS", "LABOUR", 1),
            pool("CHILD", "NEO_L3A", 1),
        ],
        catchment=[(HOME, "M", 1, "BOTH"), (HOME, "M", 1, "HERS")],
    )
    answer = planned(network, item("P1", early), item("P2", early))
    first, second = answer.assignments

    assert sorted([first.facility_id, second.facility_id]) == ["BOTH", "HERS"]
    apart = first if first.facility_id == "HERS" else second
    assert "newborn_to:CHILD" in apart.why
    assert apart.cost_min == 243.5


def test_a_higher_cot_serves_at_thirty_minutes_a_step():
    """One cot L2B and one L3A at CHILD: the second newborn pays 30 more."""
    network = world(
        [centre("CHILD", *WARD, "NEO_TRANSPORT", ward=WardLevel.L3A, n=2)],
        {("P", "CHILD"): 60},
        pools=[pool("CHILD", "NEO_L2B", 1), pool("CHILD", "NEO_L3A", 1)],
        catchment=[(HOME, "N", 1, "CHILD")],
    )
    answer = planned(
        network,
        item("P1", SMALL, escort=("ESC-NEO",)),
        item("P2", SMALL, escort=("ESC-NEO",)),
    )
    paid = sorted(costs(answer).values())

    assert paid[1] - paid[0] == pytest.approx(30)
    assert sorted(p.kind for row in answer.assignments for p in row.places) == [
        "NEO_L2B",
        "NEO_L3A",
    ]


def test_the_same_question_and_seed_give_the_same_plan():
    items = [item(f"R{n}") for n in range(6)]
    first, again = (planned(two_centres(2, 2), *items, seed=3) for _ in range(2))

    assert first.assignments == again.assignments
    assert first.waiting == again.waiting


def test_out_of_time_the_plan_is_greedy_by_priority_and_says_so():
    answer = planned(two_centres(1, 1), item("R2"), item("R1", BLEEDING), limit_s=0.0)

    assert (answer.status, answer.proven) == ("fallback_greedy", False)
    assert where(answer) == {"R2": "B", "R1": "A"}
    assert [tier.bound for tier in answer.tiers] == [None, None, 0.0]


def test_nobody_asks():
    answer = planned(two_centres())

    assert answer.assignments == answer.waiting == ()
    assert answer.status == "optimal"


def test_who_may_not_be_moved_at_all_is_listed_as_held():
    """Cardiac arrest: no destination until circulation returns (R-HOLD-09)."""
    answer = planned(two_centres(), item("P1", {"maternal_cardiac_arrest": True}))

    assert where(answer) == {"P1": None}
    assert [block.code for block in answer.waiting[0].blocking] == ["held"]


def test_a_free_higher_cot_comes_before_asking_a_full_ward_at_the_same_price():
    """Two steps up cost 60, as much as asking: the plan of one is the first of its ranking."""
    network = world(
        [centre("F", *WARD, ward=WardLevel.L3B, m=None, n=3)],
        {("P", "F"): 20},
        pools=[pool("F", "NEO_L2B", 0), pool("F", "NEO_L3B", 1)],
    )
    asked = item("P1", {"neonatal_sepsis": True, "newborn_stabilised": True})
    first = ask(network, asked.request).ranking[0]
    row = row_of(planned(network, asked), "P1")

    assert (row.over_capacity, row.cost_min) == (first.over_capacity, first.cost_min)
    assert not row.over_capacity
    assert [place.kind for place in row.places] == ["NEO_L3B"]


def test_a_full_hospital_outside_the_province_is_never_asked_in_a_plan():
    """Four bleeding women, one place at either: three go to the full one that is ours."""
    network = world(
        [centre("OUT", *RESCUE, county="OUT-YB"), centre("INSIDE", *RESCUE, county=FAR)],
        {("HERE", "OUT"): 30, ("HERE", "INSIDE"): 60},
        pools=[pool("OUT", BED, 1), pool("INSIDE", BED, 1)],
    )
    answer = planned(network, *(item(f"r{n}", BLEEDING, origin="HERE") for n in range(4)))
    over = [row.facility_id for row in answer.assignments if row.over_capacity]

    assert over == ["INSIDE", "INSIDE"]
    assert sorted(where(answer).values()) == ["INSIDE", "INSIDE", "INSIDE", "OUT"]


EARLY_LABOUR = {"preterm_labour": True, "gestational_age_weeks": "30+0"}


def a_pair_only(*, bed=1, cot=0):
    """Nobody can do it alone: HERS has the theatre, CHILD the ward, and a cot only if given."""
    return world(
        [
            centre("CHILD", *WARD, ward=WardLevel.L3A, m=None, n=2),
            centre("HERS", *RESCUE, "MFM", ward=WardLevel.L2A, m=2),
        ],
        {("P", "HERS"): 60, ("HERS", "CHILD"): 40},
        pools=[pool("HERS", "LABOUR", bed, of=9), pool("CHILD", "NEO_L3A", cot, of=9)],
    )


def test_a_pair_without_a_cot_is_asked_at_the_price_of_a_full_centre():
    """20 + 60 + 20 + 40 + 10, 3 for the level N2, no split price, 60 for asking: 213."""
    answer = planned(a_pair_only(), item("P1", EARLY_LABOUR))
    (row,) = answer.assignments

    assert (row.facility_id, row.over_capacity, row.cost_min) == ("HERS", True, 213.0)
    assert {"over_capacity", "newborn_to:CHILD", "place_asked:CHILD"} <= set(row.why)
    assert [(p.seat, p.kind) for p in row.places] == [
        ("mother", PlaceKind.LABOUR),
        ("newborn_1", PlaceKind.NEO_L3A),
    ]


def test_pairs_count_against_the_limit_over_capacity_of_the_centre_that_is_full():
    """Five beds for mothers, no cot: CHILD may be asked twice, the others wait for it."""
    answer = planned(a_pair_only(bed=5), *[item(f"P{n}", EARLY_LABOUR) for n in range(4)])

    assert [row.facility_id for row in answer.assignments].count("HERS") == 2
    assert [[block.code for block in w.blocking] for w in answer.waiting] == [
        ["no_place", "over_capacity_limit"]
    ] * 2
    assert [w.smallest_relaxation for w in answer.waiting] == [
        (Added("one_more_place", "CHILD", "NEO_L3A", 1),)
    ] * 2
    assert (answer.status, answer.proven) == ("optimal", True)


def test_one_half_that_is_full_leaves_the_place_of_the_other_to_be_taken():
    """One bed at HERS, two ask: the second asks both HERS and CHILD."""
    answer = planned(a_pair_only(bed=1), *[item(f"P{n}", EARLY_LABOUR) for n in range(2)])
    asked = [
        {code for code in row.why if code.startswith("place_asked")} for row in answer.assignments
    ]

    assert sorted(asked, key=len) == [
        {"place_asked:CHILD"},
        {"place_asked:CHILD", "place_asked:HERS"},
    ]


def test_priority_1_never_waits_where_only_a_pair_can_do_it():
    """Eclampsia at 30+0: no place anywhere, CHILD and HERS asked more often than the limit."""
    fits = {"hdp": "eclampsia", "gestational_age_weeks": "30+0"}
    answer = planned(a_pair_only(bed=0), *[item(f"P{n}", fits) for n in range(4)])

    assert {row.priority for row in answer.assignments} == {1}
    assert where(answer) == dict.fromkeys(["P0", "P1", "P2", "P3"], "HERS")
    always = [row for row in answer.assignments if "fallback_catchment" in row.why]
    assert len(always) >= 2
