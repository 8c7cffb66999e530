"""The three calculators over HTTP: shapes, clock, limits, and every refusal of bad input."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.calculators import schemas, service
from app.errors import BusyError
from app.main import create_app
from app.settings import Settings

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
ASSESS = "/api/v1/assessments/preview"
RECOMMEND = "/api/v1/recommendations"
PLAN = "/api/v1/plans/preview"


def example(name):
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def faults(response):
    """(field, code) of every fault of a refusal, after checking that it is a problem document."""
    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    schemas.ProblemOut.model_validate(body)
    assert body["status"] == response.status_code
    assert all(fault["message"] != fault["code"] for fault in body.get("faults", []))
    return [(fault["field"], fault["code"]) for fault in body.get("faults", [])]


@pytest.mark.parametrize("name", ["gongshan", "suijiang", "funing"])
def test_a_documented_request_fits_its_schema_and_so_does_its_answer(client, name):
    request = example(name)
    schemas.RecommendationRequest.model_validate(request)
    answer = client.post(RECOMMEND, json=request)

    assert answer.status_code == 200
    schemas.RecommendationOut.model_validate(answer.json(), extra="forbid")


def test_an_assessment_fits_its_schema(client, bleeding):
    del bleeding["origin"]
    schemas.AssessmentRequest.model_validate(bleeding)
    answer = client.post(ASSESS, json=bleeding)

    assert answer.status_code == 200
    schemas.AssessmentOut.model_validate(answer.json(), extra="forbid")
    assert answer.json()["emergencies"] == ["E-M01"]


def test_a_night_of_requests_gets_one_plan(client):
    request = example("night")
    schemas.PlanRequest.model_validate(request)
    answer = client.post(PLAN, json=request)

    assert answer.status_code == 200
    schemas.PlanOut.model_validate(answer.json(), extra="forbid")
    assert [a["request_id"] for a in answer.json()["assignments"]] == [
        r["id"] for r in request["requests"]
    ]


def test_every_facility_is_ranked_or_left_out(client, engine, bleeding):
    answer = client.post(RECOMMEND, json=bleeding).json()
    told = [row["facility_id"] for key in ("ranking", "excluded") for row in answer[key]]

    assert sorted(told) == [facility.facility_id for facility in engine.registry.facilities]
    assert answer["alternatives"][-1]["kind"] == "call_coordinator"


def test_the_same_request_gets_the_same_answer(client, bleeding):
    answers = [client.post(RECOMMEND, json=bleeding).json() for _ in range(2)]
    for answer in answers:
        del answer["computed_ms"]

    assert answers[0] == answers[1]


def test_without_now_it_is_now(client, bleeding):
    """The decision is then made now as well: nothing of the time limit is gone."""
    del bleeding["now"], bleeding["decided_at"]

    assert client.post(RECOMMEND, json=bleeding).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"", 400, [("", "malformed_json")]),
        (b'{"facts": ', 400, [("", "malformed_json")]),
        (b"[]", 400, [("", "not_an_object")]),
        (b"7", 400, [("", "not_an_object")]),
        (b'{"facts": {}, "facts": {}}', 400, [("facts", "duplicate")]),
        (b'{"facts": {"hb_g_l": NaN}}', 400, [("", "not_a_number")]),
        (b'{"facts": {"hb_g_l": 1e999}}', 422, [("facts.hb_g_l", "out_of_range")]),
        ('{"facts": "出血"}'.encode("gbk"), 400, [("", "not_utf8")]),
        (b'{"facts": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, [("", "nested_too_deep")]),
        (b'{"facts": {"hb_g_l": ' + b"9" * 5000 + b"}}", 400, [("", "malformed_json")]),
    ],
    ids=lambda value: None if isinstance(value, list | int) else value[:24].decode("latin-1"),
)
def test_a_body_that_is_no_request_is_refused_by_name(client, body, status, expected):
    response = client.post(ASSESS, content=body)

    assert response.status_code == status
    assert faults(response) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"colour": "red"}, ("colour", "unknown_field")),
        ({"facts": {"gestational_age_weeks": 45}}, ("facts.gestational_age_weeks", "out_of_range")),
        ({"facts": {"hb_g_l": 11}}, ("facts.hb_g_l", "unit_g_dl")),
        ({"facts": {"haemoglobin": 110}}, ("facts.haemoglobin", "unknown_fact")),
        ({"facts": {"birth_weight_g": 900}}, ("facts.birth_weight_g", "wrong_patient")),
        ({"facts": []}, ("facts", "wrong_type")),
        ({"origin": {"facility_id": "X"}}, ("origin.facility_id", "unknown_facility")),
        (
            {"origin": {"lon": 116.4, "lat": 39.9, "crs": "wgs84"}, "sender": None},
            ("origin.lon,lat", "outside_data"),
        ),
        ({"exclude": ["X"]}, ("exclude[0]", "unknown_facility")),
        ({"closed_roads": [["530102", "533324"]]}, ("closed_roads[0]", "unknown_road")),
        ({"decided_at": "2026-07-03T23:10:00"}, ("decided_at", "no_offset")),
        ({"decided_at": "2026-07-04T23:10:00+08:00"}, ("decided_at", "after_now")),
    ],
)
def test_bad_input_is_refused_with_the_field(client, bleeding, change, expected):
    response = client.post(RECOMMEND, json=bleeding | change)

    assert response.status_code == 422
    assert faults(response) == [expected]


def test_the_refusal_of_11_grams_asks_the_question_in_the_language_of_the_caller(client, bleeding):
    bleeding["facts"]["hb_g_l"] = 11
    zh = client.post(f"{RECOMMEND}?lang=zh", json=bleeding).json()["faults"][0]
    en = client.post(RECOMMEND, json=bleeding, headers={"Accept-Language": "en"}).json()["faults"][
        0
    ]

    assert (zh["message"], en["message"]) == ("单位是 g/dL 吗?", "is the unit g/dL?")
    assert "110 g/L" in zh["expected"]


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read_to_the_end(client):
    response = client.post(RECOMMEND, content=b" " * 10_000_000)

    assert response.status_code == 413
    assert faults(response) == [("", "body-too-large")]


def test_a_body_without_a_stated_length_is_bounded_too(client):
    def endless():
        for _ in range(200):
            yield b" " * 10_000

    response = client.post(RECOMMEND, content=endless())

    assert response.status_code == 413


def test_twenty_thousand_requests_in_one_plan_are_refused_by_their_number(client, bleeding):
    body = json.dumps({"requests": [{"id": str(n)} for n in range(20_000)]})
    response = client.post(PLAN, content=body)

    assert response.status_code == 422
    assert faults(response) == [("requests", "too_many")]
    assert response.json()["faults"][0]["value"] == "20000"


def test_faults_of_a_plan_name_the_request(client, bleeding):
    bad = bleeding | {"id": "a", "facts": {"hb_g_l": 11}}
    response = client.post(PLAN, json={"requests": [bad, bleeding | {"id": "a"}]})

    assert faults(response) == [
        ("requests[0].facts.hb_g_l", "unit_g_dl"),
        ("requests[1].id", "duplicate"),
    ]


def test_limits_stand_in_the_settings(engine, tmp_path, bleeding):
    settings = Settings(data_dir=tmp_path, max_plan_requests=1, max_body_bytes=1_000)
    with TestClient(create_app(settings, engine=engine)) as small:
        two = small.post(PLAN, json={"requests": [{"id": "a"}, {"id": "b"}]})
        long = small.post(RECOMMEND, content=b" " * 1_001)

    assert faults(two) == [("requests", "too_many")]
    assert long.status_code == 413


def test_more_plans_at_once_than_allowed_are_sent_away_with_a_time(engine, bleeding):
    """The only place is taken for as long as the first plan is being read."""
    planner = service.Planner(at_once=1, most=10, limit_s=5.0)

    class Waiting:
        """An engine that, while it plans, is asked for another plan."""

        def plan(self, document, *, limit_s, seed):
            with pytest.raises(BusyError):
                planner.plan(engine, {"requests": []})
            return "planned"

    assert planner.plan(Waiting(), {"requests": []}) == "planned"
    assert planner.plan(engine, {"requests": []}).status == "optimal"


def test_a_busy_answer_says_when_to_come_again(settings, engine):
    app = create_app(settings, engine=engine)

    class Busy:
        def plan(self, engine, document):
            raise BusyError(5)

    app.state.planner = Busy()
    with TestClient(app) as client:
        response = client.post(PLAN, json={"requests": []})

    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert response.json()["type"] == "urn:greenchannel:problem:busy"


@pytest.mark.parametrize("address", [ASSESS, RECOMMEND, PLAN])
def test_what_is_known_of_a_patient_never_travels_in_an_address(client, address):
    response = client.get(address)

    assert response.status_code == 405
    assert faults(response) == []


def test_an_error_of_ours_is_answered_without_a_word_of_the_patient(settings, engine, caplog):
    app = create_app(settings, engine=engine)

    class Broken:
        rules, unsigned, rule_set = engine.rules, engine.unsigned, engine.rule_set

        def recommend(self, document):
            raise RuntimeError(f"cannot handle {document['facts']}")

    app.state.engine = Broken()
    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.post(RECOMMEND, json={"facts": {"pph_ml": 4321.5}})

    assert response.status_code == 500
    assert response.json()["type"] == "urn:greenchannel:problem:internal"
    assert "4321.5" not in response.text + caplog.text
    assert "test_calculators.py" in caplog.text


def test_until_the_data_are_loaded_the_service_says_so(settings):
    client = TestClient(create_app(settings))

    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.post(RECOMMEND, json={"facts": {}}).json()["type"].endswith("not-ready")
