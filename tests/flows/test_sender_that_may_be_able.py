"""A large hospital asks: nobody can do more than it is assumed to do, and it may not be able."""

import pytest

from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.network import FacilityNetwork
from routing.recommend import recommend
from routing.request import Reader
from routing.triage.tables import load_rules

PROVINCIAL = "YN530100-001"
RULES = load_rules()


@pytest.fixture(scope="module")
def network():
    return FacilityNetwork(load_registry(), load_road_estimate())


def answer(network, **said):
    """A haemorrhage after birth in the first hospital of the province, by night."""
    document = {
        "facts": {"delivered": True, "pph_ongoing": True, "pph_ml": 600, **said},
        "origin": {"facility_id": PROVINCIAL},
        "sender": {"facility_id": PROVINCIAL},
        "now": "2026-01-14T03:00:00+08:00",
    }
    reader = Reader(RULES, network.registry, network.estimate, {})
    return recommend(network, RULES, reader.request(document))


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
    assert found.ranking[0].minutes.expected <= 60
    assert found.alternatives[0].kind != "operate_here"
