import pytest

from facilities.centre import WardLevel
from routing.answer import Newborn
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
    assert {"nearest", "serves_mother_and_newborn"} <= set(answer.ranking[0].why)
    assert answer.ranking[0].newborn is None
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
    assert first.newborn == Newborn("CHILD", "CHILD", None)
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


def without_a_place(network, *pools):
    """The network in which these pools are full."""
    full = network.registry.with_capacity([pool(where, kind, 0) for where, kind in pools])
    return type(network)(full, network.estimate, table=network.table)


COT, BED = ("CHILD", "NEO_L3A"), ("HERS", "LABOUR")


@pytest.mark.parametrize(
    ("full", "asked", "taken"),
    [
        ([COT], {"place_asked:CHILD"}, {("mother", "HERS")}),
        ([BED], {"place_asked:HERS"}, {("newborn_1", "CHILD")}),
        ([BED, COT], {"place_asked:HERS", "place_asked:CHILD"}, set()),
    ],
)
def test_a_full_half_of_a_pair_is_asked_over_capacity(full, asked, taken):
    """150 as before, 3 for the level N2 that HERS has not, 60 for asking in place of the trust,
    213; BOTH takes 370, is 10 late and costs 390.5 with trust and MFM.
    """
    network = without_a_place(apart(330), *full)
    first = ask(network, request(EARLY)).ranking[0]
    way = ways(network, request(EARLY)).ways[0]

    assert (first.facility_id, first.over_capacity) == ("HERS", True)
    assert (first.cost["over_capacity"], first.cost_min) == (60.0, 213.0)
    assert [(p.seat, p.kind) for p in first.places] == [
        ("mother", "LABOUR"),
        ("newborn_1", "NEO_L3A"),
    ]
    assert {code for code in first.why if code.startswith("place_asked")} == asked
    assert (way.cost_min, way.over_capacity) == (213.0, True)
    assert {(use.seat, use.facility_id) for use in way.uses} == taken


def test_a_pair_of_planned_care_is_not_asked_over_capacity():
    """Priority 3 waits for a place (R-DEST-02): without a cot for him there is no pair."""
    planned = {"placenta_position": "praevia", "gestational_age_weeks": "33+0"}
    found = ways(without_a_place(apart(330), COT), request(planned))

    assert found.assessed.priority == 3
    assert not [way for way in found.ways if way.newborn_facility_id]


def farther(minutes):
    """The same world, and a second ward for newborns, so many minutes from HERS."""
    return world(
        [
            centre("BOTH", *RESCUE, ward=WardLevel.L3A, m=2, n=2),
            centre("CHILD", *WARD, ward=WardLevel.L3A, m=None, n=2),
            centre("HERS", *RESCUE, "MFM", ward=WardLevel.L2A, m=2),
            centre("WARD2", *WARD, ward=WardLevel.L3A, m=None, n=2),
        ],
        {
            ("HERE", "BOTH"): 330,
            ("HERE", "HERS"): 60,
            ("HERS", "CHILD"): 40,
            ("HERS", "WARD2"): minutes,
        },
        pools=[
            pool("BOTH", "LABOUR", 1),
            pool("BOTH", "NEO_L3A", 1),
            pool("HERS", "LABOUR", 1),
            pool("CHILD", "NEO_L3A", 0),
            pool("WARD2", "NEO_L3A", 1),
        ],
        catchment=[("530102", "M", 1, "BOTH"), ("530102", "M", 1, "HERS")],
    )


@pytest.mark.parametrize(("minutes", "to", "cost"), [(70, "WARD2", 183.5), (200, "CHILD", 213.0)])
def test_a_newborn_goes_on_to_the_nearest_cot_where_that_is_better_than_asking(minutes, to, cost):
    """To WARD2 100 + 70 + 10 + 0.5 + 3 = 183.5, or 313.5 and CHILD is asked."""
    first = ask(farther(minutes), request(EARLY)).ranking[0]

    assert first.cost_min == cost
    assert f"newborn_to:{to}" in first.why


def test_a_plan_is_offered_every_pair_and_the_first_way_is_the_first_row():
    for both in (120, 250, 330):
        found = ways(apart(both), request(EARLY))
        pairs = [way for way in found.ways if way.newborn_facility_id]

        assert {(p.facility_id, p.newborn_facility_id) for p in pairs} == {("HERS", "CHILD")}
        assert {use.facility_id for use in pairs[0].uses} == {"HERS", "CHILD"}
        assert sorted(len(p.uses) for p in pairs) == [0, 1, 1, 2]
        assert [p.over_capacity for p in pairs] == [len(p.uses) < 2 for p in pairs]
        assert found.ways[0].facility_id == found.ranking[0].facility_id
        assert found.ways[0].cost_min == found.ranking[0].cost_min


@pytest.mark.parametrize("left_out", ["CHILD", "HERS"])
def test_a_place_left_out_by_the_request_is_in_no_pair(left_out):
    found = ways(apart(330), request(EARLY, exclude=[left_out]))

    assert not [way for way in found.ways if way.newborn_facility_id]


def test_a_newborn_or_a_mother_alone_is_never_split():
    mother = ways(apart(330), request({**EARLY, "fetus_alive_count": 0, "fetus_alive": False}))

    assert not [way for way in mother.ways if way.newborn_facility_id]
