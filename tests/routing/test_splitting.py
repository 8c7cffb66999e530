import pytest

from facilities.centre import WardLevel
from tests.routing.toys import RESCUE, WARD, ask, centre, ids, pool, reasons, request, ways, world

EARLY = {"preterm_labour": True, "gestational_age_weeks": "30+0"}
"""E-M24B: ward L3A, theatre, red cells; within 180, at most 360 minutes; priority 2."""


def apart(both, mother=60, between=40, *, cot_age=30):
    """BOTH does everything; HERS has a theatre, CHILD is a children's hospital with a ward."""
    return world(
        [
            centre("BOTH", *RESCUE, ward=WardLevel.L3A, m=2, n=2),
            centre("CHILD", *WARD, ward=WardLevel.L3A, m=None, n=2),
            centre("HERS", *RESCUE, "MFM", ward=WardLevel.L2A, m=2),
        ],
        {("HERE", "BOTH"): both, ("HERE", "HERS"): mother, ("HERS", "CHILD"): between},
        pools=[
            pool("BOTH", "LABOUR", 1),
            pool("BOTH", "NEO_L3A", 1),
            pool("HERS", "LABOUR", 1),
            pool("CHILD", "NEO_L3A", 1, age_min=cot_age),
        ],
        catchment=[("530102", "M", 1, "BOTH"), ("530102", "M", 1, "HERS")],
    )


def test_one_place_for_mother_and_newborn_is_preferred():
    """BOTH 20 + 120 + 20 + 0.5 and MFM 5 = 165.5; apart
    20 + 60 + 20 + 40 + 10 + 0.5 + 90, and 3 for the level N2 that HERS has not, 243.5."""
    answer = ask(apart(120), request(EARLY))

    assert ids(answer) == ["BOTH"]
    assert "serves_mother_and_newborn" in answer.ranking[0].why
    assert reasons(answer)["HERS"] == ["lacks_capability"]


def test_a_pair_that_is_better_even_at_its_price_stands_in_the_ranking():
    """BOTH at 250 costs 295.5; apart 243.5: the child goes on from HERS to CHILD."""
    answer = ask(apart(250), request(EARLY))
    first = answer.ranking[0]

    assert ids(answer) == ["HERS", "BOTH"]
    assert first.cost["split"] == 90.0
    assert first.cost_min == 243.5
    assert first.time_to_care_min == 150.0
    assert first.lacks == ("NEO_L3A",)
    assert "newborn_to:CHILD" in first.why
    assert [(p.seat, p.kind) for p in first.places] == [
        ("mother", "LABOUR"),
        ("newborn_1", "NEO_L3A"),
    ]


def test_a_pair_has_no_price_where_no_single_place_can_do_it_in_time():
    """BOTH 20 + 330 + 20 = 370 is late; apart takes 150 + 0.5 + 3."""
    first = ask(apart(330), request(EARLY)).ranking[0]

    assert (first.facility_id, first.cost["split"], first.cost_min) == ("HERS", 0.0, 153.5)


def test_the_more_doubtful_of_two_places_counts():
    """The cot is assumed: 5 in place of 0.5."""
    assert ask(apart(330, cot_age=None), request(EARLY)).ranking[0].cost["trust"] == 5.0


def test_a_pair_needs_a_free_cot_at_the_second_place():
    network = apart(330)
    full = network.registry.with_capacity([pool("CHILD", "NEO_L3A", 0)])
    answer = ask(type(network)(full, network.estimate, table=network.table), request(EARLY))

    assert ids(answer) == ["BOTH"]


def test_a_plan_is_offered_every_pair_and_the_first_way_is_the_first_row():
    for both in (120, 250, 330):
        found = ways(apart(both), request(EARLY))
        pairs = [way for way in found.ways if way.newborn_facility_id]

        assert [(p.facility_id, p.newborn_facility_id) for p in pairs] == [("HERS", "CHILD")]
        assert {use.facility_id for use in pairs[0].uses} == {"HERS", "CHILD"}
        assert found.ways[0].facility_id == found.ranking[0].facility_id
        assert found.ways[0].cost_min == found.ranking[0].cost_min


@pytest.mark.parametrize("left_out", ["CHILD", "HERS"])
def test_a_place_left_out_by_the_request_is_in_no_pair(left_out):
    found = ways(apart(330), request(EARLY, exclude=[left_out]))

    assert not [way for way in found.ways if way.newborn_facility_id]


def test_a_newborn_or_a_mother_alone_is_never_split():
    mother = ways(apart(330), request({**EARLY, "fetus_alive_count": 0, "fetus_alive": False}))

    assert not [way for way in mother.ways if way.newborn_facility_id]
