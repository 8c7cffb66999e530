"""The reference data over HTTP."""

import pytest

from app.reference import schemas


def walk(client, address):
    """Every item of a paged list, and how many pages it took."""
    items, pages, cursor = [], 0, None
    while True:
        joiner = "&" if "?" in address else "?"
        query = f"{address}{joiner}cursor={cursor}" if cursor else address
        body = client.get(query).json()
        items += body["items"]
        pages += 1
        cursor = body["next"]
        if cursor is None:
            return items, pages


@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("/api/v1/facilities", schemas.FacilitiesOut),
        ("/api/v1/facilities/YN533300-004", schemas.FacilityOut),
        ("/api/v1/divisions", schemas.DivisionsOut),
        ("/api/v1/townships?county=533324", schemas.TownshipsOut),
        ("/api/v1/facts", schemas.FactsOut),
        ("/api/v1/capabilities", schemas.CapabilitiesOut),
        ("/api/v1/rules", schemas.RulesOut),
        ("/api/v1/policy-check", schemas.PolicyOut),
        ("/api/v1/status", schemas.StatusOut),
        ("/statusz", schemas.StatuszOut),
        ("/livez", schemas.AliveOut),
        ("/readyz", schemas.AliveOut),
    ],
)
def test_every_answer_has_the_shape_it_promises(client, address, model):
    response = client.get(address)

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    model.model_validate(response.json(), extra="forbid")


def test_pages_of_facilities_hold_each_of_them_once(client, engine):
    items, pages = walk(client, "/api/v1/facilities?limit=50")

    assert [item["facility_id"] for item in items] == [
        facility.facility_id for facility in engine.registry.facilities
    ]
    assert pages == 5


def test_facilities_are_found_by_county_prefecture_and_role(client, engine):
    gongshan, _ = walk(client, "/api/v1/facilities?county=533324")
    nujiang, _ = walk(client, "/api/v1/facilities?prefecture=533300&limit=500")
    centres, _ = walk(client, "/api/v1/facilities?rescue_centres=true&limit=500")

    assert {item["county"] for item in gongshan} == {"533324"}
    assert {item["prefecture"] for item in nujiang} == {"533300"}
    assert all(item["is_rescue_centre"] for item in centres)
    assert len(centres) == sum(f.is_rescue_centre for f in engine.registry.facilities)


def test_what_is_assumed_of_a_facility_says_so(client):
    """The built-in data name institutions; what they can do is assumed from tier and kind."""
    facility = client.get("/api/v1/facilities/YN533300-004").json()

    assert facility["level_trust"] == "assumed"
    assert set(facility["capabilities"].values()) == {"assumed"}
    assert all(place["assumed"] for place in facility["places"])


def test_every_fact_has_labels_in_both_languages_for_each_of_its_values(client, engine):
    facts = client.get("/api/v1/facts").json()["items"]

    assert len(facts) == len(engine.rules.facts)
    for fact in facts:
        for value in fact["values"]:
            assert value["label_zh"] not in ("", value["code"]), fact["name"]
            assert value["label_en"], fact["name"]


def test_the_rules_say_how_many_wait_for_a_signature(client, engine):
    body = client.get("/api/v1/rules").json()
    waiting = [r for r in body["items"] if r["in_use"] and r["needs_signature"]]

    assert body["unsigned_rules"] == len(waiting) == engine.unsigned > 0
    assert body["rule_set"] == engine.rule_set


def test_the_policy_check_names_every_prefecture_and_county(client):
    items = client.get("/api/v1/policy-check").json()["items"]

    assert len(items) == 16 + 129
    assert {side["status"] for i in items for side in (i["maternal"], i["newborn"])} <= {
        "confirmed",
        "candidate",
        "none",
    }


@pytest.mark.parametrize(
    ("address", "status", "field"),
    [
        ("/api/v1/facilities/NOBODY", 404, None),
        ("/api/v1/facilities?cursor=%%%", 400, "cursor"),
        ("/api/v1/facilities?limit=0", 400, "limit"),
        ("/api/v1/facilities?limit=501", 400, "limit"),
        ("/api/v1/facilities?county=53", 400, "county"),
        ("/api/v1/nothing", 404, None),
    ],
)
def test_a_wrong_address_or_parameter_is_refused_as_a_problem(client, address, status, field):
    response = client.get(address)
    body = response.json()

    assert response.status_code == body["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert body["type"].startswith("urn:greenchannel:problem:")
    assert [fault["field"] for fault in body.get("faults", [])] == ([field] if field else [])


def test_no_answer_may_be_kept_or_framed(client):
    headers = client.get("/api/v1/status").headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
