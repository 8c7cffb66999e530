"""A prefecture hospital asks: nobody is assumed to do more than it, and it may not be able."""

import pytest

from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.network import FacilityNetwork
from routing.plan import plan
from routing.recommend import recommend
from routing.request import Reader
from routing.triage.tables import load_rules

NUJIANG = "YN533300-001"
RULES = load_rules()


@pytest.fixture(scope="module")
def network():
    return FacilityNetwork(load_registry(), load_road_estimate())


def document(*, sender=None, **said):
    """A haemorrhage after birth in the hospital of Nujiang prefecture, by night."""
    return {
        "facts": {"delivered": True, "pph_ongoing": True, "pph_ml": 600, **said},
        "origin": {"facility_id": NUJIANG},
        "sender": {"facility_id": NUJIANG, **(sender or {})},
        "now": "2026-01-14T03:00:00+08:00",
    }


def reader(network):
    return Reader(RULES, network.registry, network.estimate, {})


def answer(network, **said):
    return recommend(network, RULES, reader(network).request(document(**said)))


def test_an_empty_list_begins_with_the_question_whether_she_can_be_treated_here(network):
    found = answer(network)

    assert found.ranking == ()
    assert found.assessment.decision == "transfer_now"
    assert found.assessment.ask_next[:2] == ("sender_can_operate_now", "sender_can_transfuse_now")
    assert found.alternatives[0].kind == "operate_here"
    assert found.alternatives[-1].kind == "call_coordinator"


@pytest.mark.parametrize("lack", ["sender_can_operate_now", "sender_can_transfuse_now"])
def test_a_stated_no_brings_the_others_back(network, lack):
    found = answer(network, **{lack: False})

    assert found.ranking
    assert found.alternatives[0].kind != "operate_here"


def test_who_could_be_treated_here_is_told_so_and_still_takes_a_place_in_a_plan(network):
    """The hospital states what the row asks for, and less than others have."""
    able = ["OB_RESCUE_BED", "ANAES_24H", "CS_24H", "BLOOD_RBC"]
    asked = document(sender={"capabilities": able}, coagulation_disorder=False, shock_index=0.7)
    alone = recommend(network, RULES, reader(network).request(asked))
    joint = plan(network, RULES, reader(network).plan({"requests": [asked | {"id": "one"}]}))

    (placed,) = joint.assignments

    assert alone.assessment.decision == "none"
    assert placed.facility_id == alone.ranking[0].facility_id
    assert [place.kind for place in placed.places] == ["OB_RESCUE_BED"]
