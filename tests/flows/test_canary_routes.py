"""What was sent as a name, a number or a telephone comes back in no refusal and in no log line.

The bodies are made from the description of the interface: canaries in every text of every body, in
sound ones and in broken ones, in addresses and in queries.
"""

import json
import logging
import uuid

import pytest

from tests.app.storage.people import number
from tests.flows.matrix.asking import BODIES, IN_THE_BODY
from tests.flows.matrix.rules import ROUTES
from tests.flows.test_bad_night import SUIJIANG

# What is answered before and beside the database is the same on both.
pytestmark = pytest.mark.parametrize("stage", ["sqlite"], indirect=True, scope="module")

NAME, NUMBER, PHONE = "欧阳金丝雀", number(order="777"), "13987654321"
QUOTED = f"{NAME}'; DROP TABLE patient; --"
CANARIES = (NAME, NUMBER, PHONE)
KINDS = (NAME, NUMBER, PHONE, QUOTED)
BROKEN = (
    f'{{"name": "{NAME}", "id_number": "{NUMBER}"',
    f'["{NAME}", "{NUMBER}", "{PHONE}"]',
    f'"{NAME} {NUMBER} {PHONE}"',
    f'{{"name": "{NAME}", "name": "{NAME}"}}',
    f'{{"phone": {PHONE}0000000000000000000000.5e{PHONE}}}',
    f"{NAME}={NUMBER}&phone={PHONE}",
)
REACHES = "coordinator"
SKIP = {"listen_to_changes"}


def filled(schema, models, canary, depth=0):
    """A value of a schema with a canary wherever a text may stand."""
    if "$ref" in schema:
        schema = models[schema["$ref"].rpartition("/")[2]]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            parts = [one for one in schema[choice] if one.get("type") != "null"]
            return filled(parts[0], models, canary, depth)
    kind = schema.get("type")
    if kind == "object":
        named = schema.get("properties", {})
        found = {name: filled(part, models, canary, depth + 1) for name, part in named.items()}
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and depth < 6:
            found["hr"] = filled(more, models, canary, depth + 1)
        return found
    if kind == "array":
        return [filled(schema.get("items", {}), models, canary, depth + 1)] if depth < 6 else []
    return {"integer": 1, "number": 1.5, "boolean": True}.get(kind, canary)


def bodies(stage, route, canary):
    """Bodies of a route: all texts, each text alone in a sound one, and none that can be read."""
    document = stage.house.app.openapi()
    models = document["components"]["schemas"]
    method, path = stage.asking.routes[route]
    operation = document["paths"][path][method.lower()]
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if schema is None:
        return
    whole = filled(schema["schema"], models, canary)
    sound = {**BODIES.get(route, {}), **{f: str(uuid.uuid4()) for f in IN_THE_BODY.get(route, {})}}
    yield json.dumps(whole)
    if isinstance(whole, dict):
        for field, value in whole.items():
            yield json.dumps({**sound, field: value})
    yield from BROKEN


def paths(stage, route, canary):
    """An address that leads to nothing, and one with a canary where an identifier belongs."""
    _, path = stage.asking.routes[route]
    parts = [p[1:-1] for p in path.split("/") if p.startswith("{")]
    known = {"facility_id": SUIJIANG, "sort": "notice"}
    for said in (None, canary):
        filled_in = path
        for part in parts:
            value = said or known.get(part) or str(uuid.uuid4())
            filled_in = filled_in.replace(f"{{{part}}}", value)
        yield filled_in


@pytest.fixture
def told(caplog):
    """Everything that is logged, by everybody, however small."""
    caplog.set_level(logging.DEBUG)
    return caplog


def caller_of(stage, route):
    """Somebody who may call it."""
    roles = ROUTES[route].roles
    for name in (
        "doctor",
        "mch manager here",
        "prefecture duty",
        "province duty",
        "administrator",
        "auditor",
    ):
        if not roles or stage.house.people[name].role.value in roles:
            return name
    raise AssertionError(route)


@pytest.mark.parametrize("route", sorted(ROUTES.keys() - SKIP))
def test_no_refusal_and_no_log_repeats_what_names_a_person(stage, told, route):
    method, _ = stage.asking.routes[route]
    name = caller_of(stage, route)
    found = []
    for canary in KINDS:
        for path in paths(stage, route, canary):
            for body in (*bodies(stage, route, canary), None):
                answer = stage.house.client.request(
                    method,
                    path,
                    content=body,
                    params={"cursor": canary, "division": canary, "number": canary, "of": canary},
                    headers={
                        "Authorization": f"Bearer {name}",
                        "Idempotency-Key": str(uuid.uuid4()),
                        **({"If-Match": '"1"'} if route in stage.asking.versioned else {}),
                    },
                )
                # On a machine whose disk is full the server is not ready, and says so.
                if answer.status_code >= 500 and (answer.status_code, route) != (503, "show_ready"):
                    found.append(f"{answer.status_code} {path} {body}")
                if answer.status_code >= 400:
                    found += [f"{path} {body}: {answer.text}" for c in CANARIES if c in answer.text]
    # The client of the tests logs the addresses that it calls itself.
    lines = [r.getMessage() for r in told.records if not r.name.startswith("httpx")]
    found += [line for line in lines if any(canary in line for canary in CANARIES)]

    assert found == []
