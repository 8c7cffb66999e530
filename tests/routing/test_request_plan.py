"""Joint requests: ids, one moment, priorities, frozen places, reserves and vehicles."""

from datetime import UTC, datetime

import pytest

from facilities.capacity import PlaceKind
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.errors import RequestError
from routing.request import Reader, VehicleKind
from routing.triage.tables import load_rules

NOW = "2026-01-14T03:00:00+08:00"
CENTRE = "YN533300-004"


@pytest.fixture(scope="module")
def reader():
    return Reader(load_rules(), load_registry(), load_road_estimate(), {})


def waiting(name, **fields):
    """One request of a plan, in order; abruption is priority 1, severe pre-eclampsia 2."""
    return {
        "id": name,
        "facts": {"hdp": "preeclampsia_severe"},
        "origin": {"adcode": "533324"},
    } | fields


def joint(*requests, **fields):
    return {"now": NOW, "requests": list(requests)} | fields


def refused(reader, document):
    with pytest.raises(RequestError) as caught:
        reader.plan(document)
    return [(f.where, f.column, f.code) for f in caught.value.faults]


def test_a_plan_is_read_with_everything_it_may_say(reader):
    plan = reader.plan(
        joint(
            waiting("a", priority=1, closed_roads=[["533324", "533323"]]),
            waiting("b", frozen_to=CENTRE),
            closed_roads=[["530829", "530828"]],
            reserve=[{"facility_id": CENTRE, "kind": "NEO_VENT", "n": 1}],
            vehicles=[{"id": "v", "at_facility_id": CENTRE, "kind": "ob_team", "free_from": NOW}],
        )
    )

    first, second = plan.items
    assert (first.id, first.priority, first.frozen_to) == ("a", 1, None)
    assert (second.id, second.priority, second.frozen_to) == ("b", None, CENTRE)
    assert plan.closed == {frozenset(("530829", "530828"))}
    assert first.request.closed == plan.closed | {frozenset(("533324", "533323"))}
    assert second.request.closed == plan.closed
    assert plan.reserve[0].kind is PlaceKind.NEO_VENT
    assert plan.vehicles is not None
    assert plan.vehicles[0].kind is VehicleKind.OB_TEAM


def test_without_vehicles_there_are_as_many_as_needed_and_with_none_there_are_none(reader):
    assert reader.plan(joint(waiting("a"))).vehicles is None
    assert reader.plan(joint(waiting("a"), vehicles=[])).vehicles == ()


def test_every_fault_names_its_request(reader):
    document = joint(
        waiting("a"),
        waiting("a", facts={"hb_g_l": 11}),
        waiting("", frozen_to="NOBODY", priority=4),
        7,
        reserve=[{"facility_id": CENTRE, "kind": "BED", "n": -1}],
        vehicles=[{"id": "v", "at_facility_id": "NOBODY", "kind": "sledge", "colour": "red"}],
        speed=1,
    )

    assert refused(reader, document) == [
        ("request", "speed", "unknown_field"),
        ("request", "requests[3]", "wrong_type"),
        ("requests[1]", "id", "duplicate"),
        ("requests[1]", "facts.hb_g_l", "unit_g_dl"),
        ("requests[2]", "id", "wrong_type"),
        ("requests[2]", "priority", "out_of_range"),
        ("requests[2]", "frozen_to", "unknown_facility"),
        ("request", "reserve[0].kind", "unknown_kind"),
        ("request", "reserve[0].n", "out_of_range"),
        ("request", "vehicles[0].colour", "unknown_field"),
        ("request", "vehicles[0].at_facility_id", "unknown_facility"),
        ("request", "vehicles[0].kind", "unknown_kind"),
    ]


def test_a_priority_may_be_raised_but_never_lowered(reader):
    """Abruption is priority 1 by its row; severe pre-eclampsia is 2 (R-PRIO-01)."""
    abruption = {"placental_abruption": True, "delivered": False}

    assert reader.plan(joint(waiting("a", priority=1))).items[0].priority == 1
    assert refused(reader, joint(waiting("a", facts=abruption, priority=2))) == [
        ("requests[0]", "priority", "priority_lowered")
    ]


def test_a_plan_is_made_at_one_moment(reader):
    """The latest ``now`` of the saved requests, where the plan itself has none."""
    saved = {
        "requests": [
            waiting("a", now="2026-01-14T02:00:00+08:00"),
            waiting("b", now="2026-01-14T02:30:00+08:00"),
        ]
    }
    plan = reader.plan(saved)

    assert plan.now == datetime(2026, 1, 13, 18, 30, tzinfo=UTC)
    assert {item.request.case.now for item in plan.items} == {plan.now}


def test_a_request_from_after_the_plan_is_refused(reader):
    late = waiting("a", now="2026-01-14T04:00:00+08:00")

    assert refused(reader, joint(late)) == [("requests[0]", "now", "after_now")]


def test_a_vehicle_and_a_reserve_are_named_once(reader):
    vehicle = {"id": "v", "at_facility_id": CENTRE, "kind": "ambulance"}
    reserve = {"facility_id": CENTRE, "kind": "LABOUR", "n": 1}
    document = joint(vehicles=[vehicle, vehicle], reserve=[reserve, reserve])

    assert refused(reader, document) == [
        ("request", "reserve[1].kind", "duplicate"),
        ("request", "vehicles[1].id", "duplicate"),
    ]


def test_nobody_waiting_is_an_empty_plan_but_no_list_is_a_fault(reader):
    assert reader.plan(joint()).items == ()
    assert refused(reader, {"now": NOW}) == [("request", "requests", "missing")]
