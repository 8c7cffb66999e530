"""The description of the interface says what the interface takes, field by field."""

import pytest
from pydantic import create_model

from app.answers import SameNameError, takes
from app.calculators import schemas
from facilities.capacity import PlaceKind
from routing.request_plan import ITEM_FIELDS, PLAN_FIELDS
from routing.request_sender import FIELDS as SENDER_FIELDS
from routing.request_single import CASE_FIELDS, REQUEST_FIELDS
from routing.request_values import VehicleKind


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (schemas.AssessmentRequest, CASE_FIELDS),
        (schemas.RecommendationRequest, REQUEST_FIELDS),
        (schemas.PlanItemIn, ITEM_FIELDS),
        (schemas.PlanRequest, PLAN_FIELDS),
        (schemas.SenderIn, SENDER_FIELDS),
    ],
)
def test_a_schema_names_exactly_the_fields_the_reader_knows(model, fields):
    assert set(model.model_fields) == set(fields)


def test_kinds_of_vehicles_are_the_same_in_both():
    kinds = schemas.VehicleIn.model_fields["kind"].annotation.__args__

    assert set(kinds) == {kind.value for kind in VehicleKind}
    assert len(PlaceKind) == 10


def test_every_operation_may_answer_with_a_problem_and_none_with_the_form_of_the_framework(client):
    document = client.get("/api/v1/openapi.json").json()
    operations = [op for methods in document["paths"].values() for op in methods.values()]

    assert document["openapi"].startswith("3.1")
    assert all(
        "application/problem+json" in op["responses"]["default"]["content"] for op in operations
    )
    assert all("422" not in op["responses"] for op in operations)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_reference_of_the_document_leads_somewhere(client):
    document = client.get("/api/v1/openapi.json").json()
    schemas_known = document["components"]["schemas"]

    def references(tree):
        if isinstance(tree, dict):
            if "$ref" in tree:
                yield tree["$ref"].rpartition("/")[2]
            for value in tree.values():
                yield from references(value)
        elif isinstance(tree, list):
            for value in tree:
                yield from references(value)

    assert set(references(document)) <= set(schemas_known)


def test_every_operation_has_a_sentence_and_the_nouns_and_calculators_are_there(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert set(paths) >= {
        "/api/v1/assessments/preview",
        "/api/v1/recommendations",
        "/api/v1/plans/preview",
        "/api/v1/facilities",
        "/livez",
        "/readyz",
        "/statusz",
    }
    assert all(op["description"] for methods in paths.values() for op in methods.values())


def test_two_models_of_bodies_with_one_name_are_refused():
    """One of them would stand in the document for both, as it did for vehicles."""
    other = create_model("AssessmentRequest", wrong=(str, ...))

    with pytest.raises(SameNameError) as refused:
        takes(other)
    assert refused.value.name == "AssessmentRequest"


def test_a_command_names_the_key_that_lets_it_be_repeated_and_what_opens_it(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    close = paths["/api/v1/referrals/{referral_id}/close"]["post"]
    named = [one["name"] for one in close["parameters"] if one["in"] == "header"]

    assert named == ["Idempotency-Key", "If-Match"]
    assert close["security"] == [{"token": []}, {"session": []}]
    assert "400" not in close["responses"]
    assert "400" in paths["/api/v1/capacity-reports"]["post"]["responses"]
    assert "400" not in paths["/api/v1/offers"]["get"]["responses"]
    assert paths["/livez"]["get"]["security"] == []
    assert paths["/api/v1/recommendations"]["post"]["security"][0] == {}
