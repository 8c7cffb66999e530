"""Reserved places serve priority 1 only, and places that empty later count from then."""

from datetime import timedelta

from tests.routing.plans import BED, item, planned, two_centres, where, why
from tests.routing.toys import BLEEDING, HOME, NOW, RESCUE, centre, pool, world


def test_the_last_bed_is_kept_for_priority_1():
    """A has one bed and one reserved: R2 goes to B although A is nearer."""
    answer = planned(two_centres(1, 1), item("R2"), reserve=[("A", BED, 1)])

    assert where(answer) == {"R2": "B"}


def test_priority_1_may_use_it_and_the_plan_says_so():
    answer = planned(two_centres(1, 1), item("R1", BLEEDING), reserve=[("A", BED, 1)])

    assert where(answer) == {"R1": "A"}
    assert "uses_reserve" in why(answer, "R1")


def test_priority_1_takes_what_is_open_first():
    """Two beds, one reserved, one woman who bleeds: she stands in the open one."""
    answer = planned(two_centres(2, 0), item("R1", BLEEDING), reserve=[("A", BED, 1)])

    assert "uses_reserve" not in why(answer, "R1")


def test_open_and_reserved_beds_are_shared_by_both():
    """Two beds at A, one reserved: the bleeding woman and one of priority 2 stand in them."""
    items = [item("R2"), item("R1", BLEEDING), item("P3")]
    answer = planned(two_centres(2, 1), *items, reserve=[("A", BED, 1)])

    assert where(answer) == {"R2": "A", "R1": "A", "P3": "B"} or where(answer)["R1"] == "A"
    assert sorted(where(answer).values()) == ["A", "A", "B"]
    assert "uses_reserve" in why(answer, "R1")


def test_more_reserved_than_free_leaves_nothing_to_the_others():
    answer = planned(two_centres(2, 1), item("R2"), reserve=[("A", BED, 7)])

    assert where(answer) == {"R2": "B"}


def test_a_bed_that_empties_before_she_arrives_counts_and_one_that_does_not_does_not():
    """A's bed is free in 45 minutes; R arrives after 20 + 30 = 50, N after 20 + 10 = 30."""
    network = world(
        [centre("A", *RESCUE), centre("B", *RESCUE)],
        {("R", "A"): 30, ("R", "B"): 120, ("N", "A"): 10, ("N", "B"): 80},
        pools=[
            pool("A", BED, 1, free_from=NOW + timedelta(minutes=45)),
            pool("B", BED, 1),
        ],
        catchment=[(HOME, "M", 1, "A"), (HOME, "M", 1, "B")],
    )

    assert where(planned(network, item("R1"))) == {"R1": "A"}
    assert where(planned(network, item("N1"))) == {"N1": "A"}
    assert planned(network, item("N1")).assignments[0].over_capacity
    both = planned(network, item("N1"), item("R1"))
    assert where(both)["R1"] == "A"
    assert [row.over_capacity for row in both.assignments] == [True, False]
