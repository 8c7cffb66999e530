"""Every county of Yunnan and every emergency row gets an answer with every facility in it."""

from datetime import datetime

import pytest

from facilities.yunnan import load_known_holes, load_registry
from geodata.site import SiteKind
from geodata.yunnan import load_divisions, load_road_estimate
from routing.network import FacilityNetwork
from routing.recommend import recommend
from routing.request_values import Request, Transport
from routing.triage.case import NO_SENDER, Case
from routing.triage.facts import read_value
from routing.triage.rows import Patient
from routing.triage.tables import load_rules
from tests.routing.triage.row_facts import STATED

NOW = datetime.fromisoformat("2026-01-14T03:00:00+08:00")
RULES = load_rules()
ROWS = sorted(RULES.emergencies)
SUPPRESSED = "E-M27"


@pytest.fixture(scope="module")
def network():
    return FacilityNetwork(load_registry(), load_road_estimate())


def case_of(row):
    newborn = RULES.emergencies[row].patient is Patient.NEONATE
    facts = {n: read_value(RULES.facts[n], value) for n, value in STATED[row].items()}
    return Case("newborn" if newborn else "maternal", facts, NO_SENDER, NOW, NOW)


def request_from(network, county, case):
    return Request(
        case=case,
        origin=network.estimate.county_site(county),
        origin_facility=None,
        origin_county=county,
        closed=frozenset(),
        exclude=frozenset(),
        transport=Transport(None, None),
    )


def unaccounted(network, answer):
    """What is wrong with an answer, as words; empty where nothing is."""
    ranked = [row.facility_id for row in answer.ranking]
    told = [one.facility_id for one in answer.excluded]
    costs = [row.cost_min for row in answer.ranking if row.role == "definitive"]
    wrong = []
    if sorted([*ranked, *told]) != list(network.ids):
        wrong.append("a facility is missing or twice")
    if costs != sorted(costs):
        wrong.append("not in order")
    if not all(one.reasons for one in answer.excluded):
        wrong.append("a facility without a reason")
    if not answer.alternatives or answer.alternatives[-1].kind != "call_coordinator":
        wrong.append("no coordinator")
    if any(round(sum(row.cost.values()), 1) != row.cost_min for row in answer.ranking):
        wrong.append("the parts do not add up")
    return wrong


def test_every_row_has_facts_that_state_it():
    assert sorted(STATED) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_every_county_gets_a_whole_answer(network, row):
    """A destination unless the row is a known hole or forbids moving her; then still a voice."""
    case = case_of(row)
    holes = {hole.row for hole in load_known_holes()}
    for county in load_divisions().counties:
        answer = recommend(network, RULES, request_from(network, county.adcode, case))

        assert unaccounted(network, answer) == [], county.adcode
        assert bool(answer.ranking) is (row != SUPPRESSED and row not in holes), county.adcode


def test_an_origin_is_somewhere_in_its_county(network):
    site = request_from(network, "533324", case_of("E-M01")).origin

    assert (site.kind, site.county) == (SiteKind.COUNTY, "533324")
