"""Vehicles as resources: each transfer uses one that can be there."""

from datetime import timedelta

import pytest

from facilities.centre import WardLevel
from routing import plan_solving as planning
from routing.request_values import Vehicle, VehicleKind
from tests.routing.plans import (
    BED,
    PLANNED,
    ambulance,
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
    HOME,
    NOW,
    RESCUE,
    SMALL,
    THEATRE,
    WARD,
    centre,
    pool,
    world,
)


def later(minutes):
    return NOW + timedelta(minutes=minutes)


def vehicles(answer):
    return {row.request_id: row.vehicle_id for row in answer.assignments}


def test_not_given_vehicles_are_no_question():
    answer = planned(two_centres(9, 9), item("R1"), item("R2"))

    assert vehicles(answer) == {"R1": None, "R2": None}
    assert set(where(answer).values()) == {"A"}


def test_she_leaves_when_she_and_the_ambulance_are_ready():
    """The ambulance comes 30 minutes from A, she is ready after 20: 10 later than 70.5."""
    answer = planned(two_centres(9, 9), item("R1"), vehicles=[ambulance("v1", "A")])

    assert vehicles(answer) == {"R1": "v1"}
    assert costs(answer) == {"R1": 80.5}
    assert "waits_for_vehicle" in why(answer, "R1")


def test_an_ambulance_that_is_there_before_she_is_ready_costs_nothing():
    """It stands at her own hospital A; to B 45 minutes: 45 + 40 + 0.5."""
    answer = planned(
        two_centres(9, 9),
        item("A1", facility="A"),
        vehicles=[ambulance("far", "B"), ambulance("own", "A")],
    )

    assert (vehicles(answer), costs(answer)) == ({"A1": "own"}, {"A1": 85.5})
    assert "waits_for_vehicle" not in why(answer, "A1")


def test_an_ambulance_that_is_out_comes_when_it_is_free():
    """Free in 30, then 30 minutes to her, she is ready after 20: 40 later."""
    answer = planned(two_centres(9, 9), item("R1"), vehicles=[ambulance("v1", "A", later(30))])

    assert costs(answer) == {"R1": 110.5}


def test_every_minute_she_waits_beyond_the_limit_counts_twice():
    """E-M04 has 180 minutes; A takes 70; free in 150 + 30 - 20 = 160 later, 50 of them late."""
    answer = planned(two_centres(9, 9), item("R1"), vehicles=[ambulance("v1", "A", later(150))])

    assert costs(answer) == {"R1": pytest.approx(70.5 + 160 + 50)}


def test_one_ambulance_takes_one_and_the_other_waits_for_one_more():
    answer = planned(two_centres(9, 9), item("R1"), item("R2"), vehicles=[ambulance("v1", "A")])
    (waiting,) = answer.waiting

    assert answer.tiers[1].waiting == 1
    assert [(b.code, b.kind, b.facility_ids) for b in waiting.blocking] == [
        ("no_vehicle", "ambulance", ("A",))
    ]
    assert [(a.code, a.facility_id, a.kind, a.n) for a in waiting.smallest_relaxation] == [
        ("one_more_vehicle", "A", "ambulance", 1)
    ]


def test_two_alike_are_two_vehicles():
    fleet = [ambulance("v2", "A"), ambulance("v1", "A")]
    answer = planned(two_centres(9, 9), item("R1"), item("R2"), vehicles=fleet)

    assert sorted(vehicles(answer).values()) == ["v1", "v2"]


def test_priority_1_has_the_vehicle_before_priority_2():
    answer = planned(
        two_centres(9, 9), item("R2"), item("R1", BLEEDING), vehicles=[ambulance("v1", "A")]
    )

    assert vehicles(answer) == {"R2": None, "R1": "v1"}


def test_priority_1_never_waits_for_a_vehicle_and_the_plan_says_that_none_is_left():
    """Without any she is still sent to her catchment centre, 180 minutes dearer than with one."""
    answer = planned(two_centres(9, 9), item("R1", BLEEDING), vehicles=[])
    row = row_of(answer, "R1")

    assert (row.facility_id, row.vehicle_id) == ("A", None)
    assert "no_vehicle_left" in row.why
    assert answer.tiers[0].waiting == 0


def test_priority_2_waits_where_no_vehicle_can_be_there():
    """181 minutes until it is with her is too long, 179 is not."""
    late, just = [ambulance("v1", "A", later(151))], [ambulance("v1", "A", later(149))]

    assert where(planned(two_centres(9, 9), item("R1"), vehicles=just)) == {"R1": "A"}
    answer = planned(two_centres(9, 9), item("R1"), vehicles=late)
    assert where(answer) == {"R1": None}
    assert [block.code for block in answer.waiting[0].blocking] == ["no_vehicle"]


def test_a_team_fetches_a_mother_to_its_own_centre_only():
    """It leaves A after 45, is with her at 75, 55 after she could have left: 70.5 + 55."""
    team = Vehicle("t1", "A", VehicleKind.OB_TEAM, None)
    other = Vehicle("t2", "A", VehicleKind.NEO_TEAM, None)

    assert costs(planned(two_centres(9, 9), item("R1"), vehicles=[team])) == {"R1": 125.5}
    assert where(planned(two_centres(0, 9), item("R1"), vehicles=[team])) == {"R1": "A"}
    assert where(planned(two_centres(9, 9), item("R1"), vehicles=[other])) == {"R1": None}


def newborn_world():
    child = centre("CHILD", *WARD, "NEO_TRANSPORT", ward=WardLevel.L2B, m=None, n=1)
    return world(
        [child],
        {("P", "CHILD"): 60},
        pools=[pool("CHILD", "NEO_L2B", 9, of=9)],
        catchment=[(HOME, "N", 1, "CHILD")],
    )


def test_a_newborn_without_escort_is_met_by_the_team_of_the_centre():
    """The way by its team costs what it costs without a list; the team is named and used up."""
    alone = planned(newborn_world(), item("P1", SMALL, escort=()))
    team = Vehicle("t1", "CHILD", VehicleKind.NEO_TEAM, None)
    answer = planned(
        newborn_world(),
        item("P1", SMALL, escort=()),
        vehicles=[team, ambulance("v1", "CHILD")],
    )

    assert vehicles(answer) == {"P1": "t1"}
    assert costs(answer) == costs(alone)


def test_a_team_that_is_out_comes_later_by_as_much():
    alone = planned(newborn_world(), item("P1", SMALL, escort=()))
    team = Vehicle("t1", "CHILD", VehicleKind.NEO_TEAM, later(25))
    answer = planned(newborn_world(), item("P1", SMALL, escort=()), vehicles=[team])

    assert costs(answer)["P1"] == pytest.approx(costs(alone)["P1"] + 25)


def test_where_the_centre_has_no_team_listed_an_ambulance_alone_is_all_there_is():
    answer = planned(
        newborn_world(), item("P1", SMALL, escort=()), vehicles=[ambulance("v1", "CHILD")]
    )

    assert vehicles(answer) == {"P1": "v1"}


def test_a_frozen_request_takes_the_vehicle_that_is_there_first():
    fleet = [ambulance("far", "B"), ambulance("near", "A")]
    answer = planned(
        two_centres(9, 9), item("R2", frozen_to="A"), item("R1", BLEEDING), vehicles=fleet
    )

    assert vehicles(answer) == {"R2": "near", "R1": "far"}


def test_a_planned_woman_waits_for_bed_and_vehicle_by_name():
    """The labour bed of A is taken and no vehicle is left: both are told."""
    answer = planned(
        two_centres(1, 0, kind="LABOUR"),
        item("R1", PLANNED),
        item("R2", PLANNED),
        vehicles=[ambulance("v1", "A")],
    )
    codes = {(b.code, b.kind) for b in answer.waiting[0].blocking}

    assert codes == {("no_place", "LABOUR"), ("no_vehicle", "ambulance")}
    assert BED not in {kind for _, kind in codes}


def test_a_bleeding_woman_stops_at_the_nearest_theatre_although_no_vehicle_is_left():
    network = world(
        [centre("STOP", *THEATRE, m=0, n=None), centre("GOAL", *RESCUE, "OB_TRANSPORT")],
        {("P", "STOP"): 30, ("P", "GOAL"): 90, ("STOP", "GOAL"): 65},
        pools=[pool("GOAL", BED, 3)],
        catchment=[(HOME, "M", 1, "GOAL")],
    )
    answer = planned(network, item("P1", {**BLEEDING, "shock_index": 1.1}), vehicles=[])

    assert where(answer) == {"P1": "STOP"}
    assert {"first_stop", "no_vehicle_left"} <= set(why(answer, "P1"))


def test_who_would_wait_for_a_vehicle_left_out_gets_it(monkeypatch):
    """Nine requests, the nearest of twelve are listed; who would wait looks at all of them."""
    monkeypatch.setattr(planning, "MOST_COLUMNS", 1)
    fleet = [ambulance(f"v{n:02d}", "A", later(n)) for n in range(12)]
    answer = planned(two_centres(9, 9), *[item(f"R{n}") for n in range(9)], vehicles=fleet)

    assert answer.waiting == ()
    assert len(set(vehicles(answer).values())) == 9


def test_priority_1_without_a_vehicle_goes_where_the_bed_is_and_not_to_the_fallback():
    """B is the catchment centre and 40 minutes further; A has a bed: 60 + 10 + 0.5 + 180 + …"""
    network = world(
        [centre("A", *RESCUE), centre("B", *RESCUE)],
        {("P", "A"): 60, ("P", "B"): 100, ("A", "B"): 45, ("B", "A"): 45},
        pools=[pool("A", BED, 3, of=9), pool("B", BED, 3, of=9)],
        catchment=[(HOME, "M", 1, "B")],
    )
    answer = planned(network, item("P1", BLEEDING), vehicles=[])

    assert where(answer) == {"P1": "A"}
    assert not row_of(answer, "P1").over_capacity
    assert "no_vehicle_left" in why(answer, "P1")


def test_one_more_team_in_the_list_never_makes_a_newborn_wait():
    """Two newborns, two ambulances: both go; the one team more takes one of them."""
    fleet = [ambulance("v1", "CHILD"), ambulance("v2", "CHILD")]
    team = Vehicle("t1", "CHILD", VehicleKind.NEO_TEAM, None)
    asked = [item("P1", SMALL, escort=()), item("P2", SMALL, escort=())]
    without = planned(newborn_world(), *asked, vehicles=fleet)
    with_team = planned(newborn_world(), *asked, vehicles=[*fleet, team])

    assert without.waiting == with_team.waiting == ()
    assert "t1" in vehicles(with_team).values()
