"""Requests from the three far corners of Yunnan: answers a local doctor would find sane."""

from datetime import UTC, datetime

import pytest

from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.network import FacilityNetwork
from routing.recommend import recommend
from routing.request import Reader
from routing.triage.tables import load_rules

RULES = load_rules()
NOW = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)

GONGSHAN, SUIJIANG, FUNING = "YN533300-004", "YN530600-011", "YN532600-010"
NUJIANG, DALI, ZHAOTONG, WENSHAN = "533300", "532900", "530600", "532600"
KUNMING = "530100"

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 124, "sbp": 88}
EARLY = {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3", "sbp": 150, "dbp": 100}
SMALL = {"neo_ga_weeks": "29+5", "birth_weight_g": 1180, "age_hours": 2, "newborn_stabilised": True}
CORD = {"cord_prolapse": True, "gestational_age_weeks": "38+0"}


@pytest.fixture(scope="module")
def network():
    return FacilityNetwork(load_registry(), load_road_estimate())


@pytest.fixture(scope="module")
def answer(network):
    reader = Reader(RULES, network.registry, network.estimate, {})

    def of(facts, *, facility=None, county=None, sender=True):
        document = {"facts": facts, "now": NOW.isoformat()}
        document["origin"] = {"facility_id": facility} if facility else {"adcode": county}
        if facility and sender:
            document["sender"] = {"facility_id": facility}
        return recommend(network, RULES, reader.request(document))

    return of


def first(network, found):
    return network.registry.get(found.ranking[0].facility_id)


@pytest.mark.parametrize(
    ("facility", "facts", "prefectures"),
    [
        (GONGSHAN, EARLY, {NUJIANG}),
        (GONGSHAN, BLEEDING, {NUJIANG}),
        (GONGSHAN, SMALL, {NUJIANG}),
        (SUIJIANG, EARLY, {ZHAOTONG}),
        (SUIJIANG, BLEEDING, {ZHAOTONG}),
        (SUIJIANG, SMALL, {ZHAOTONG}),
        (FUNING, EARLY, {WENSHAN}),
        (FUNING, BLEEDING, {WENSHAN}),
        (FUNING, SMALL, {WENSHAN}),
    ],
)
def test_what_the_own_prefecture_can_do_is_done_there_and_not_in_kunming(
    network, answer, facility, facts, prefectures
):
    goal = first(network, answer(facts, facility=facility))

    assert goal.prefecture in prefectures
    assert goal.maternal_level == 2


@pytest.mark.parametrize("facility", [GONGSHAN, SUIJIANG, FUNING])
@pytest.mark.parametrize("facts", [EARLY, BLEEDING, SMALL])
def test_no_neighbour_with_the_same_equipment_is_a_destination(network, answer, facility, facts):
    """Those that the sender would gain nothing from are named with that reason."""
    found = answer(facts, facility=facility)
    own = network.registry.get(facility)
    twins = [
        other.facility_id
        for other in network.registry.facilities
        if other.facility_id != facility
        and set(other.capabilities) <= set(own.capabilities)
        and (other.maternal_level or 0) <= (own.maternal_level or 0)
        and other.is_rescue_centre
    ]
    ranked = {row.facility_id for row in found.ranking}

    assert twins
    assert not ranked.intersection(twins)


@pytest.mark.parametrize("facility", [GONGSHAN, SUIJIANG, FUNING])
@pytest.mark.parametrize("facts", [EARLY, BLEEDING, CORD])
def test_a_mother_leaves_with_her_own_hospital_and_is_never_fetched(answer, facility, facts):
    found = answer(facts, facility=facility)

    assert {row.transport.by for row in found.ranking} == {"sender"}


@pytest.mark.parametrize("facility", [GONGSHAN, SUIJIANG, FUNING])
def test_a_hospital_that_may_be_able_to_operate_is_asked_first(answer, facility):
    top = answer(BLEEDING, facility=facility).alternatives[0]

    assert (top.kind, top.facility_id, top.minutes) == ("operate_here", facility, 0)


@pytest.mark.parametrize(("facility", "hub"), [(SUIJIANG, "OUT-YB"), (FUNING, "OUT-BS")])
def test_the_city_across_the_border_is_named_with_its_minutes(answer, facility, hub):
    """宜宾 for 绥江 and 百色 for 富宁, before the coordinator."""
    found = answer(SMALL, facility=facility)
    outside = [one for one in found.alternatives if one.kind == "out_of_province"]

    assert outside[0].facility_id == hub
    assert outside[0].note_code == "no_hospital_entered"
    assert found.alternatives[-1].kind == "call_coordinator"


@pytest.mark.parametrize("county", ["533324", "530626", "532628"])
def test_a_bleeding_woman_outside_a_hospital_stops_in_the_county_hospital(network, answer, county):
    """The theatre of her own county first; the prefecture's hospital is the onward centre."""
    found = answer(BLEEDING, county=county)
    stop = found.ranking[0]
    onward = stop.why[-1].removeprefix("onward:")

    assert stop.role == "first_stop"
    assert network.registry.get(stop.facility_id).county == county
    assert network.registry.get(onward).prefecture == county[:4] + "00"


@pytest.mark.parametrize("county", ["533324", "530626", "532628"])
def test_a_cord_prolapse_goes_to_the_nearest_theatre_of_all(network, answer, county):
    found = answer(CORD, county=county)
    nearest = min(found.ranking, key=lambda row: (row.minutes.expected, row.cost_min))

    assert found.ranking[0].minutes.expected == nearest.minutes.expected
    assert network.registry.get(found.ranking[0].facility_id).county == county


def test_from_all_counties_only_few_preeclampsias_end_in_kunming(network, answer):
    """A county hospital that can do it takes her; Kunming serves Kunming and a few holes."""
    ends = [
        first(network, answer(EARLY, county=c.adcode)).prefecture == KUNMING
        for c in network.estimate.divisions.counties
        if c.parent != KUNMING
    ]

    assert sum(ends) <= 3


@pytest.mark.parametrize("facility", [GONGSHAN, SUIJIANG, FUNING])
def test_late_answers_say_so_and_offer_other_ways(answer, facility):
    found = answer(BLEEDING, facility=facility)

    assert {row.within for row in found.ranking if row.role == "definitive"} == {"late"}
    assert {"nearest_life_saving", "rendezvous", "call_coordinator"} <= {
        one.kind for one in found.alternatives
    }


def test_no_row_of_a_list_is_a_near_hospital_that_cannot_look_after_the_child(network, answer):
    """Labour at 30 weeks from every county: each place listed has the ward, or one is named."""
    labour = {"preterm_labour": True, "gestational_age_weeks": "30+0"}
    for county in network.registry.divisions.counties:
        ranking = answer(labour, county=county.adcode).ranking

        assert ranking
        assert all(row.newborn or "NEO_L3A" not in row.lacks for row in ranking)
        assert all(row.newborn is None for row in ranking[1:] if ranking[0].newborn is None)
