"""Whatever is sent, by whoever is signed in, in whatever order: no fault of the server, no answer
that its description does not know, nothing open that should be shut.

Small here and bounded by examples; for hours with ``SOAK=1``.
"""

import os
import time

import hypothesis
import pytest
import schemathesis
from hypothesis.errors import Unsatisfiable
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
    use_after_free,
)
from starlette.responses import Response

from tests.flows.fuzzing import LEFT_OUT, Fuzzed

# One database is enough for what is sent; the other has the same statements.
pytestmark = pytest.mark.parametrize("stage", ["sqlite"], indirect=True, scope="module")

SOAK = os.environ.get("SOAK") == "1"
EACH, STORIES, STEPS, SOAK_S = (200, 500, 12, 3_600) if SOAK else (8, 40, 8, 0)
"""Calls of each operation; stories of several calls, and the calls of one."""
CHECKS = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
    use_after_free,
]
POSITIVE = schemathesis.GenerationMode.POSITIVE
SETTINGS = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(hypothesis.HealthCheck),
    "print_blob": True,
    "derandomize": not SOAK,
}


@pytest.fixture(scope="module")
def fuzzed(stage, tmp_path_factory):
    made = Fuzzed(stage, tmp_path_factory.mktemp("fuzz"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def api(fuzzed):
    found = schemathesis.openapi.from_asgi("/api/v1/openapi.json", fuzzed.app)

    @found.auth(refresh_interval=None)
    class Carried:
        def get(self, case, _context):
            return fuzzed.carried(case.operation.definition.raw)

        def set(self, case, token, _context):
            case.headers["Authorization"] = f"Bearer {token}"

    return found.exclude(operation_id=list(LEFT_OUT))


def problems(api, fuzzed, mode, *, only=None, examples=EACH):
    """What the checks say of each operation, or of one."""
    wrong = []
    for operation in (found.ok() for found in api.get_all_operations()):
        if only not in (None, operation.definition.raw["operationId"]):
            continue

        @hypothesis.settings(max_examples=examples, **SETTINGS)
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def called(case):
            fuzzed.prepare(case)
            case.call_and_validate(checks=CHECKS)

        try:
            called()
        except Unsatisfiable:
            continue  # nothing that could be sent is wrong
        except (Exception, FailureGroup) as error:  # all are tried before anything is said
            wrong.append(f"{operation.label}: {said(error)}")
    return wrong


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=str)
def test_no_call_of_any_operation_breaks_the_service(api, fuzzed, mode):
    """Each operation with what it may be sent, and with what is wrong on purpose."""
    fuzzed.begin_anew()

    assert problems(api, fuzzed, mode) == []


def test_an_error_that_nobody_caught_is_found(api, fuzzed, monkeypatch):
    monkeypatch.setattr("app.referrals.lists.referrals_in_scope", lambda *_, **__: 1 / 0)
    found = problems(api, fuzzed, POSITIVE, only="list_referrals", examples=3)

    assert "Server error" in " ".join(found)


def test_a_route_that_takes_any_token_is_found(api, fuzzed, monkeypatch):
    somebody = fuzzed.stage.house.people["doctor"]
    monkeypatch.setitem(fuzzed.app.state._state, "authenticate", lambda *_: somebody)
    found = problems(api, fuzzed, POSITIVE, only="list_referrals", examples=3)

    assert "authentication" in " ".join(found)


def test_an_answer_that_its_description_does_not_know_is_found(api, fuzzed, monkeypatch):
    other = Response('{"items": 1}', media_type="application/json")
    monkeypatch.setattr("app.performing.stored", lambda _answer: other)
    found = problems(api, fuzzed, POSITIVE, only="list_referrals", examples=3)

    assert "schema" in " ".join(found)


def said(error):
    """What the checks say, without the frames of their libraries."""
    return "; ".join(str(one) for one in getattr(error, "exceptions", [error]))


def test_no_story_of_several_calls_breaks_the_service(api, fuzzed):
    """What one call made is used by the next: shown, moved, ended, and used once more."""
    machine = api.as_state_machine()

    class Story(machine):
        def setup(self):
            fuzzed.begin_anew()

        def before_call(self, case):
            fuzzed.prepare(case)

        def validate_response(self, response, case, additional_checks=None, **kwargs):
            case.validate_response(response, checks=CHECKS, transport_kwargs=kwargs)

    settings = hypothesis.settings(max_examples=STORIES, stateful_step_count=STEPS, **SETTINGS)
    until = time.monotonic() + SOAK_S
    Story.run(settings=settings)
    while time.monotonic() < until:
        Story.run(settings=settings)
