"""The count of patients, beds and vehicles before a plan leaves finds every planted fault."""

from dataclasses import replace

import pytest

from facilities.capacity import PlaceKind
from facilities.centre import WardLevel
from routing.models.errors import InfeasiblePlanError
from routing.plan_recount import Patient, recount, recounted
from routing.recommend import ways_of
from routing.triage.need import Seat
from tests.routing.plans import (
    BED,
    PLANNED,
    ambulance,
    item,
    planned,
    question,
    two_centres,
)
from tests.routing.toys import BLEEDING, RESCUE, SMALL, WARD, centre, pool, rules, world

FLEET = [ambulance("v1", "A"), ambulance("v2", "A")]


def counted(network, items, change=None, **asked):
    """Recount a plan after ``change``; the faults."""
    answer = planned(network, *items, **asked)
    patients = {
        one.id: Patient(
            one,
            ways_of(network, rules(), one.request).assessed.need,
            next(row.priority for row in answer.assignments if row.request_id == one.id),
            frozenset({"A"}),
            None,
        )
        for one in items
    }
    changed = answer if change is None else change(answer)
    return recount(changed, question(*items, **asked), patients, network.registry, over_limit=2)


def with_row(name, **changed):
    """Change one row of a plan, and the tiers so that only the row is wrong."""

    def change(answer):
        rows = [
            replace(row, **changed) if row.request_id == name else row for row in answer.assignments
        ]
        return replace(answer, assignments=tuple(rows))

    return change


def test_a_true_plan_has_no_fault():
    items = item("R1", BLEEDING), item("P1"), item("Q1"), item("R3", PLANNED)

    assert counted(two_centres(), items) == []
    assert counted(two_centres(), items, vehicles=FLEET) == []


def test_a_bed_given_twice_is_found():
    faults = counted(two_centres(), [item("P1"), item("Q1")], with_row("P1", facility_id="A"))

    assert "A OB_RESCUE_BED: 1 free, 2 given" in faults


def test_a_bed_that_is_not_there_is_found():
    icu = (Seat("mother", PlaceKind.AICU),)

    assert "A AICU: 0 free, 1 given" in counted(
        two_centres(), [item("R1")], with_row("R1", places=icu)
    )


def test_a_reserved_bed_given_to_priority_2_is_found():
    faults = counted(
        two_centres(), [item("R1")], with_row("R1", facility_id="A"), reserve=[("A", BED, 1)]
    )

    assert faults == ["A OB_RESCUE_BED: 1 of 1 reserved, 1 given to others"]


def test_a_third_over_capacity_is_found():
    items = [item(f"R{n}") for n in range(3)]
    change = with_row("R2", facility_id="A", over_capacity=True)
    over = with_row("R1", facility_id="A", over_capacity=True)
    all_three = with_row("R0", facility_id="A", over_capacity=True)

    faults = counted(two_centres(9, 9), items, lambda p: change(over(all_three(p))))
    assert "A is asked 3 times over capacity" in faults


def test_priority_3_over_capacity_is_found():
    faults = counted(
        two_centres(1, 1, kind="LABOUR"), [item("R1", PLANNED)], with_row("R1", over_capacity=True)
    )

    assert "R1 of priority 3 is sent over capacity" in faults


def test_a_hospital_outside_the_province_asked_over_capacity_is_found():
    network = world(
        [centre("OUT", *RESCUE, county="OUT-YB"), centre("A", *RESCUE)],
        {("P", "OUT"): 30, ("P", "A"): 60},
        pools=[pool("OUT", BED, 1), pool("A", BED, 1)],
    )
    faults = counted(network, [item("P1", BLEEDING)], with_row("P1", over_capacity=True))

    assert "P1 is sent over capacity to OUT, not of ours" in faults


def test_a_centre_that_cannot_do_it_is_found():
    """A newborn of 33 weeks needs a ward and CPAP, which A has not."""
    faults = counted(two_centres(), [item("P1", SMALL)], with_row("P1", facility_id="A"))

    assert any(fault.startswith("P1 goes to A, which lacks") for fault in faults)


def test_a_request_forgotten_or_answered_twice_is_found():
    def forget(answer):
        return replace(answer, assignments=answer.assignments[1:])

    def twice(answer):
        return replace(answer, assignments=(*answer.assignments, answer.assignments[0]))

    for change in (forget, twice):
        faults = counted(two_centres(), [item("P1"), item("Q1")], change)
        assert faults == ["the plan does not answer every request once, in the order asked"]


def test_somebody_who_waits_in_silence_is_found():
    """The silent queue: no destination, and not among those that wait."""
    faults = counted(two_centres(), [item("P1")], with_row("P1", facility_id=None))

    assert "those without a destination are not those that wait" in faults


def test_a_frozen_request_that_is_moved_is_found():
    faults = counted(two_centres(), [item("P1", frozen_to="A")], with_row("P1", facility_id="B"))

    assert "P1 is frozen to A and goes to B" in faults


def test_a_place_the_request_leaves_out_is_found():
    faults = counted(two_centres(), [item("P1", exclude=["A"])], with_row("P1", facility_id="A"))

    assert "P1 goes to A, which the request leaves out" in faults


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vehicle_id": "v1"}, "vehicle v1 goes 2 times"),
        ({"vehicle_id": "v9"}, "vehicle v9 is not in the list"),
        ({"vehicle_id": None}, "R2 has no vehicle"),
    ],
)
def test_a_vehicle_that_goes_twice_or_nowhere_is_found(changed, said):
    change = with_row("R2", **changed)
    also = with_row("R1", vehicle_id="v1")

    faults = counted(
        two_centres(9, 9),
        [item("R1"), item("R2")],
        lambda answer: change(also(answer)),
        vehicles=FLEET,
    )
    assert said in faults


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"placed": 1}, "tier 2 miscounts those placed and waiting"),
        ({"objective": 1.0}, "tier 2 says 1.0, its rows add up to 251.0"),
        ({"bound": 252.0}, "tier 2 is better than its own bound"),
    ],
)
def test_figures_that_are_not_what_the_rows_say_are_found(changed, said):
    def change(answer):
        first, second, third = answer.tiers
        return replace(answer, tiers=(first, replace(second, **changed), third))

    assert said in counted(two_centres(), [item("P1"), item("Q1")], change)


def test_a_plan_with_a_fault_does_not_leave():
    network, items = two_centres(), (item("P1"), item("Q1"))
    answer = with_row("P1", facility_id="A")(planned(network, *items))
    need = ways_of(network, rules(), items[0].request).assessed.need
    patients = {one.id: Patient(one, need, 2, frozenset(), None) for one in items}

    with pytest.raises(InfeasiblePlanError, match="1 free, 2 given"):
        recounted(answer, question(*items), patients, network.registry, over_limit=2)


def counted_pair(*asked, used=1):
    """A row that goes to HERS and CHILD, one of which, both or none it asks over capacity."""
    network = world(
        [
            centre("CHILD", *WARD, ward=WardLevel.L3A, m=None, n=2),
            centre("HERS", *RESCUE, "MFM", ward=WardLevel.L2A, m=2),
        ],
        {("P", "HERS"): 60, ("HERS", "CHILD"): 40},
        pools=[pool("HERS", "LABOUR", used), pool("CHILD", "NEO_L3A", 0)],
    )
    items = tuple(item(f"P{n}", EARLY) for n in range(2))
    answer = planned(network, *items)
    patients = {
        one.id: Patient(
            one, ways_of(network, rules(), one.request).assessed.need, 2, frozenset(), "CHILD"
        )
        for one in items
    }
    rows = tuple(
        replace(row, why=("newborn_to:CHILD", *(f"place_asked:{where}" for where in asked)))
        for row in answer.assignments
    )
    changed = replace(answer, assignments=rows)
    return recount(changed, question(*items), patients, network.registry, over_limit=1)


EARLY = {"preterm_labour": True, "gestational_age_weeks": "30+0"}


def test_a_half_that_is_not_asked_needs_its_place():
    """Two go to HERS with one bed and to CHILD, which has no cot and may be asked once."""
    assert counted_pair("CHILD", used=2) == ["CHILD is asked 2 times over capacity"]
    assert counted_pair("CHILD") == [
        "HERS LABOUR: 1 free, 2 given",
        "HERS LABOUR: 0 of 1 reserved, 2 given to others",
        "CHILD is asked 2 times over capacity",
    ]
    assert counted_pair("HERS", used=0) == [
        "CHILD NEO_L3A: 0 free, 2 given",
        "CHILD NEO_L3A: 0 of 0 reserved, 2 given to others",
        "HERS is asked 2 times over capacity",
    ]
