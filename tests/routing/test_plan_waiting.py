"""Why somebody waits, and the least that would help, verified by planning again."""

from dataclasses import replace

from facilities.capacity import PlaceKind
from routing.network import FacilityNetwork
from routing.plan_answer import Added
from tests.routing.plans import BED, PLANNED, item, planned, two_centres, where
from tests.routing.toys import HOME, RESCUE, centre, pool, world


def with_one_more(network, added):
    """The registry as the relaxation wants it."""
    key = added.facility_id, PlaceKind(added.kind)
    had = network.registry.pools[key]
    more = replace(had, free=had.free + added.n, in_service=had.in_service + added.n)
    return FacilityNetwork(
        network.registry.with_capacity([more]), network.estimate, table=network.table
    )


def told(answer, name):
    return next(waiting for waiting in answer.waiting if waiting.request_id == name)


def test_the_missing_bed_is_named_with_every_centre_that_could_have_it():
    answer = planned(two_centres(1, 0, kind="LABOUR"), item("R1", PLANNED), item("P1", PLANNED))
    (waiting,) = answer.waiting

    assert [(b.code, b.kind, b.facility_ids) for b in waiting.blocking] == [
        ("no_place", "LABOUR", ("A", "B"))
    ]


def test_the_nearest_bed_more_is_the_smallest_and_planning_again_shows_it():
    """R1 and P1 want the only labour bed: one more at A costs less than one at B."""
    network = two_centres(1, 0, kind="LABOUR")
    items = item("R1", PLANNED), item("P1", PLANNED)
    answer = planned(network, *items)
    (added,) = answer.waiting[0].smallest_relaxation

    assert added == Added("one_more_place", "A", "LABOUR", 1)
    assert planned(with_one_more(network, added), *items).waiting == ()


def test_equal_ones_are_three_at_most():
    """Four full centres, all 60 minutes away."""
    names = ("A", "B", "C", "D")
    network = world(
        [centre(name, *RESCUE) for name in names],
        {("P", name): 60 for name in names},
        pools=[pool(name, "LABOUR", 0) for name in names],
        catchment=[(HOME, "M", 1, name) for name in names],
    )
    found = told(planned(network, item("P1", PLANNED)), "P1").smallest_relaxation

    assert [(added.facility_id, added.n) for added in found] == [("A", 1), ("B", 1), ("C", 1)]


def test_a_bed_that_a_higher_priority_would_take_is_not_offered():
    """One more labour bed at A would go to the raised request, which has B only far away; two
    more there, or one at B, would help: one is fewer."""
    network = world(
        [centre("A", *RESCUE), centre("B", *RESCUE)],
        {("P", "A"): 60, ("P", "B"): 90, ("Q", "A"): 70, ("Q", "B"): 75},
        pools=[pool("A", "LABOUR", 0), pool("B", "LABOUR", 1)],
        catchment=[(HOME, "M", 1, "A"), (HOME, "M", 1, "B")],
    )
    items = item("P1", PLANNED, priority=1), item("Q3", PLANNED)
    answer = planned(network, *items)
    found = told(answer, "Q3").smallest_relaxation

    assert where(answer) == {"P1": "B", "Q3": None}
    for added in found:
        assert planned(with_one_more(network, added), *items).waiting == ()


def test_a_reserved_bed_is_released_before_one_is_built():
    answer = planned(
        two_centres(1, 0, kind="LABOUR"), item("R1", PLANNED), reserve=[("A", "LABOUR", 1)]
    )
    (waiting,) = answer.waiting

    assert ("reserved", "LABOUR", ("A",)) in [
        (b.code, b.kind, b.facility_ids) for b in waiting.blocking
    ]
    assert [a.code for a in waiting.smallest_relaxation] == ["release_reserve"]


def test_a_taken_reserved_bed_is_one_thing_and_not_two():
    """The bed and what is open of it grow together: R2 has the reserved one, R1 gets the new."""
    answer = planned(
        two_centres(1, 0, kind="LABOUR"),
        item("R1", PLANNED),
        item("R2", PLANNED, priority=1),
        reserve=[("A", "LABOUR", 1)],
    )
    (first,) = told(answer, "R1").smallest_relaxation

    assert first == Added("one_more_place", "A", "LABOUR", 1)


def test_where_no_centre_can_do_it_nothing_to_add_is_invented():
    network = world([centre("A", "OB_DELIVERY")], {("P", "A"): 60})
    (waiting,) = planned(network, item("P1")).waiting

    assert [block.code for block in waiting.blocking] == ["no_capable_centre"]
    assert waiting.smallest_relaxation == ()


def test_where_no_road_leads_it_is_the_time_that_is_missing():
    network = world([centre("A", *RESCUE)], {("Q", "A"): 60}, pools=[pool("A", BED, 1)])
    (waiting,) = planned(network, item("P1")).waiting

    assert [(b.code, b.facility_ids) for b in waiting.blocking] == [("no_time", ("A",))]
