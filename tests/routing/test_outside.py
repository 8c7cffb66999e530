"""Hospitals across the border of the province: destinations like others, commanded by nobody."""

from dataclasses import replace

import pytest

from facilities.centre import FacilityStatus, MaternalLevel, NeonatalLevel, WardLevel
from facilities.registry import FacilityRow
from facilities.yunnan import load_registry
from geodata.yunnan import load_neighbour_hubs, load_road_estimate
from routing.network import FacilityNetwork
from routing.recommend import recommend
from routing.request import Reader
from tests.routing.toys import (
    BLEEDING,
    CORD,
    FAR,
    HOME,
    PREECLAMPSIA,
    RESCUE,
    THEATRE,
    WARD,
    ask,
    centre,
    hospital,
    ids,
    kinds,
    pool,
    reasons,
    request,
    rules,
    township,
    ways,
    world,
)

BED = "OB_RESCUE_BED"
EARLY = {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"}
SHOCK = {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 124, "sbp": 88}
TINY = {"neo_ga_weeks": "29+5", "birth_weight_g": 1180, "newborn_stabilised": True}
SUIJIANG, FUNING = "YN530600-011", "YN532600-010"
ROADS = {
    hub.hub_id: [(road.county, hub.hub_id) for road in hub.roads] for hub in load_neighbour_hubs()
}


def entered(facility_id, hub_id):
    """A hospital of the highest levels as somebody stated it, standing at the hub."""
    hub = next(hub for hub in load_neighbour_hubs() if hub.hub_id == hub_id)
    codes = (*RESCUE, *WARD, "OB_TRANSPORT", "NEO_TRANSPORT")
    facility = centre(facility_id, *codes, ward=WardLevel.L3B, county=hub_id, grade=None)
    return replace(
        facility,
        lon=hub.lon,
        lat=hub.lat,
        phone="0831-1",
        maternal_level=MaternalLevel.M3,
        neonatal_level=NeonatalLevel.N3,
    )


@pytest.fixture(scope="module")
def network():
    """Yunnan, with a hospital entered in 宜宾 and one in 百色."""
    rows = [
        FacilityRow(
            entered(name, hub),
            tuple(pool(name, kind, 1, age_min=None) for kind in (BED, "LABOUR", "NEO_L3B", "AICU")),
        )
        for name, hub in (("YB-1", "OUT-YB"), ("BS-1", "OUT-BS"))
    ]
    return FacilityNetwork(load_registry().with_facilities(rows), load_road_estimate())


@pytest.fixture(scope="module")
def from_hospital(network):
    """Ask as the county hospital does, with what the default data assumes of it."""
    reader = Reader(rules(), network.registry, network.estimate, {})

    def of(facts, facility, *, closed=()):
        document = {
            "facts": facts,
            "origin": {"facility_id": facility},
            "sender": {"facility_id": facility},
            "now": "2026-05-20T12:00:00+08:00",
            "closed_roads": [list(pair) for pair in closed],
        }
        return recommend(network, rules(), reader.request(document))

    return of


@pytest.mark.parametrize(
    ("facility", "there", "hub"), [(SUIJIANG, "YB-1", "OUT-YB"), (FUNING, "BS-1", "OUT-BS")]
)
@pytest.mark.parametrize("facts", [EARLY, SHOCK, TINY])
def test_suijiang_goes_to_yibin_and_funing_to_baise_and_the_border_is_told(
    from_hospital, facility, there, hub, facts
):
    answer = from_hospital(facts, facility)
    first = answer.ranking[0]

    assert first.facility_id == there
    assert "other_province" in first.why
    assert "other_prefecture" not in first.why
    assert (first.phone_first, first.phone) == (True, "0831-1")
    assert first.places
    assert all(place.free for place in first.places)
    assert hub not in {one.facility_id for one in answer.alternatives}


@pytest.mark.parametrize(
    ("facility", "there", "hub"), [(SUIJIANG, "YB-1", "OUT-YB"), (FUNING, "BS-1", "OUT-BS")]
)
def test_with_the_roads_across_the_border_closed_the_hospital_there_is_out_of_reach(
    from_hospital, facility, there, hub
):
    answer = from_hospital(EARLY, facility, closed=ROADS[hub])
    against = next(one for one in answer.excluded if one.facility_id == there)

    assert [(r.code, r.detail) for r in against.reasons] == [("no_time", ("no_open_road",))]
    assert answer.ranking[0].facility_id.startswith("YN")


def test_every_facility_is_accounted_for_with_hospitals_outside(network, from_hospital):
    answer = from_hospital(SHOCK, SUIJIANG)

    assert sorted([*ids(answer), *reasons(answer)]) == list(network.ids)


def across(free=1, *, near=30, home_free=1, kind=BED, codes=RESCUE, **more):
    """OUT in 宜宾 is nearer than INSIDE, which is in another prefecture."""
    return world(
        [
            centre("OUT", *codes, county="OUT-YB", **more),
            centre("INSIDE", *RESCUE, county=FAR),
        ],
        {("HERE", "OUT"): near, ("HERE", "INSIDE"): 60},
        pools=[pool("OUT", kind, free), pool("INSIDE", BED, home_free)],
    )


def test_both_borders_are_priced_so_that_the_further_one_is_never_the_cheaper():
    """Outside the catchment 4, another prefecture 3, another province 2 more."""
    answer = ask(across(), request(BLEEDING))
    price = {row.facility_id: row.cost["preference"] for row in answer.ranking}

    assert price == {"OUT": 9.0, "INSIDE": 7.0}


def test_a_full_hospital_outside_is_never_asked_to_make_room():
    """Priority 1: inside a full one may be asked, outside nobody of ours can ask."""
    network = across(free=0, home_free=0)
    answer = ask(network, request(BLEEDING))
    found = ways(network, request(BLEEDING)).ways

    assert reasons(answer) == {"OUT": ["no_place"]}
    assert answer.ranking[0].over_capacity
    assert {way.facility_id for way in found} == {"INSIDE"}


def test_a_free_place_outside_is_offered_and_only_that():
    network = across()
    found = [w for w in ways(network, request(BLEEDING)).ways if w.facility_id == "OUT"]

    assert [(way.over_capacity, way.fallback) for way in found] == [(False, False)]


def test_a_theatre_outside_needs_no_place_for_a_row_that_never_passes_one():
    first = ask(across(free=0), request(CORD)).ranking[0]

    assert (first.facility_id, first.phone_first, first.places) == ("OUT", True, ())


def test_a_fresh_report_of_a_confirmed_hospital_outside_is_rung_first_all_the_same():
    phone_first = {
        row.facility_id: row.phone_first for row in ask(across(), request(BLEEDING)).ranking
    }

    assert phone_first == {"OUT": True, "INSIDE": False}


def test_the_centre_that_always_takes_priority_one_is_one_of_ours():
    """OUT leads the ranking and the catchment names it; the promise is INSIDE's."""
    network = across()
    registry = world(
        network.registry.facilities,
        {},
        pools=network.registry.pools.values(),
        catchment=[(HOME, "M", 1, "OUT")],
    ).registry
    named = FacilityNetwork(registry, network.estimate, table=network.table)
    found = ways(named, request(BLEEDING))

    assert found.ranking[0].facility_id == "OUT"
    assert [way.facility_id for way in found.ways if way.fallback] == ["INSIDE"]


def test_no_first_stop_is_made_outside():
    """A stop is a placement over capacity: a theatre next door inside is one, outside is none."""
    for county, stops in (("OUT-YB", 0), (HOME, 1)):
        network = world(
            [centre("NEAR", *THEATRE, county=county), centre("GOAL", *RESCUE, county=FAR)],
            {("HERE", "NEAR"): 20, ("HERE", "GOAL"): 100, ("NEAR", "GOAL"): 90},
            pools=[pool("GOAL", BED, 1)],
        )
        answer = ask(network, township({**BLEEDING, "shock_index": 1.0}))

        assert sum(row.role == "first_stop" for row in answer.ranking) == stops


def test_outside_no_grade_follows_from_a_level():
    """A valve asks for grade 3: M2 implies it in the province and nothing beyond."""
    answer = ask(
        world(
            [
                centre("OUT", *RESCUE, m=2, n=2, county="OUT-YB", grade=None),
                centre("INSIDE", *RESCUE, m=2, n=2, county=FAR, grade=None),
            ],
            {("HERE", "OUT"): 30, ("HERE", "INSIDE"): 30},
            pools=[pool("OUT", "LABOUR", 1), pool("INSIDE", "LABOUR", 1)],
        ),
        request({"valve_replaced": True}),
    )

    assert "grade_too_low" in reasons(answer)["OUT"]
    assert "grade_too_low" not in reasons(answer).get("INSIDE", [])


@pytest.mark.parametrize(
    ("entered_there", "note"), [([], "no_hospital_entered"), (["OUT"], "no_hospital_suits")]
)
def test_a_city_without_a_hospital_that_suits_is_named_with_what_is_known(entered_there, note):
    """From 绥江 the city is far nearer than 400 minutes; the hospital there is suspended."""
    centres = [
        centre(name, *RESCUE, county="OUT-YB", status=FacilityStatus.SUSPENDED)
        for name in entered_there
    ]
    network = world(
        [*centres, centre("FAR", *RESCUE, county=FAR)],
        {("HERE", "FAR"): 400, ("HERE", "OUT"): 100},
        pools=[pool("FAR", BED, 1)],
    )
    answer = ask(network, request(PREECLAMPSIA, county="530626"))
    outside = [one for one in answer.alternatives if one.kind == "out_of_province"]

    assert [(one.facility_id, one.note_code) for one in outside if one.facility_id == "OUT-YB"] == [
        ("OUT-YB", note)
    ]


def test_a_city_whose_hospital_is_only_second_is_not_named_beside_it():
    """OUT has one free cot, three steps too high: 100 minutes and 90 more than FAR's 150. The
    city is 49 minutes nearer than FAR and speaks through its hospital."""
    late = {"preterm_labour": True, "gestational_age_weeks": "36+0"}
    network = world(
        [
            centre("OUT", *RESCUE, *WARD, ward=WardLevel.L3B, n=3, county="OUT-YB"),
            centre("FAR", *RESCUE, *WARD, ward=WardLevel.L2A, county=FAR),
        ],
        {("HERE", "OUT"): 100, ("HERE", "FAR"): 150},
        pools=[
            *(pool(name, "LABOUR", 1) for name in ("OUT", "FAR")),
            pool("OUT", "NEO_L3B", 1),
            pool("FAR", "NEO_L2A", 1),
        ],
    )
    answer = ask(network, request(late, county="530626"))

    assert ids(answer) == ["FAR", "OUT"]
    assert "OUT-YB" not in {one.facility_id for one in answer.alternatives}


def test_from_a_hospital_outside_the_way_back_is_answered_and_its_own_city_is_no_advice(network):
    asked = request(TINY, county="OUT-YB", facility="YB-1", sender=hospital("NEO_L2A"))
    answer = ask(network, replace(asked, origin=network.registry.get("YB-1").site()))

    assert answer.ranking
    assert {"other_province"} <= {code for row in answer.ranking for code in row.why}
    assert "OUT-YB" not in {a.facility_id for a in answer.alternatives}
    assert kinds(answer)[-1] == "call_coordinator"
