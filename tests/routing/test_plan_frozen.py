"""Requests that keep their place, whatever the others need and whatever became of it."""

from tests.routing.plans import costs, item, planned, row_of, two_centres, where, why
from tests.routing.toys import BLEEDING, HOME, RESCUE, SMALL, THEATRE, centre, pool, world


def test_a_frozen_request_keeps_its_place_against_priority_1():
    """The only bed of A is R2's; R1 bleeds and goes to B: 30 + 50 + 0.5."""
    answer = planned(two_centres(1, 1), item("R2", frozen_to="A"), item("R1", BLEEDING))

    assert where(answer) == {"R2": "A", "R1": "B"}
    assert costs(answer)["R1"] == 80.5
    assert "frozen" in why(answer, "R2")


def test_a_frozen_request_stays_in_a_full_centre_over_capacity():
    answer = planned(two_centres(0, 1), item("R1", frozen_to="A"))
    row = row_of(answer, "R1")

    assert (row.facility_id, row.over_capacity, row.cost_min) == ("A", True, 130.0)


def test_two_frozen_to_one_bed_stay_both_and_the_second_is_over_capacity():
    answer = planned(two_centres(1, 9), item("R1", frozen_to="A"), item("R2", frozen_to="A"))

    assert where(answer) == {"R1": "A", "R2": "A"}
    assert sorted(row.over_capacity for row in answer.assignments) == [False, True]


def test_more_than_the_limit_stay_as_well_and_it_is_said():
    answer = planned(two_centres(0, 9), *[item(f"R{n}", frozen_to="A") for n in range(4)])

    assert set(where(answer).values()) == {"A"}
    assert sum("frozen_full" in row.why for row in answer.assignments) == 2


def test_frozen_placements_over_capacity_count_for_the_others():
    """Two frozen fill the limit of A; B is full as well and takes the third."""
    items = [item("R1", frozen_to="A"), item("R2", frozen_to="A"), item("R3")]
    answer = planned(two_centres(0, 0), *items)

    assert where(answer)["R3"] == "B"


def test_a_place_at_a_centre_that_is_no_way_any_more_is_kept_and_has_no_cost():
    """A takes no newborns: nothing can be said of the cost, the place stays."""
    network = world(
        [centre("A", *RESCUE, n=None)], {("P", "A"): 60}, catchment=[(HOME, "M", 1, "A")]
    )
    row = row_of(planned(network, item("P1", SMALL, frozen_to="A")), "P1")

    assert (row.facility_id, row.cost_min) == ("A", None)
    assert {"frozen", "frozen_not_feasible", "frozen_full"} <= set(row.why)


def test_a_frozen_first_stop_stays_where_it_is():
    network = world(
        [centre("STOP", *THEATRE, m=0, n=None), centre("GOAL", *RESCUE, "OB_TRANSPORT")],
        {("P", "STOP"): 30, ("P", "GOAL"): 90, ("STOP", "GOAL"): 65},
        pools=[pool("GOAL", "OB_RESCUE_BED", 3)],
        catchment=[(HOME, "M", 1, "GOAL")],
    )
    shocked = {**BLEEDING, "shock_index": 1.1}
    answer = planned(network, item("P1", shocked, frozen_to="STOP"))

    assert {"frozen", "first_stop", "onward:GOAL"} <= set(why(answer, "P1"))
    assert costs(answer)["P1"] == 60.0
