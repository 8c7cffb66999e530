"""No route is reachable that nobody decided about."""

import pytest
from fastapi import APIRouter

from app.main import INTERFACE, create_app
from app.policies import WITHOUT_KEY, UnpolicedRouteError, require_policies, roles_of
from app.settings import Settings


def test_a_route_without_a_policy_does_not_start():
    router = APIRouter()

    @router.get("/everything")
    def show_everything():
        return {}

    with pytest.raises(UnpolicedRouteError) as refused:
        require_policies(*INTERFACE, router)
    assert refused.value.names == ("show_everything",)


def test_the_calculators_are_closed_where_there_are_accounts_unless_set_open():
    assert roles_of("make_recommendation", calculators_open=False)
    assert not roles_of("make_recommendation", calculators_open=True)
    assert not roles_of("list_facts", calculators_open=False)


def without_key(document):
    """Unsafe routes of a document that require no ``Idempotency-Key``."""
    return {
        operation["operationId"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method != "get"
        and not any(
            one["name"] == "Idempotency-Key" and one["required"]
            for one in operation.get("parameters", ())
        )
    }


def test_every_unsafe_route_takes_a_key_or_says_why_not(tmp_path):
    document = create_app(Settings(data_dir=tmp_path)).openapi()
    assert without_key(document) == set(WITHOUT_KEY)

    document["paths"]["/api/v1/transfers"]["post"]["parameters"] = []
    assert without_key(document) - set(WITHOUT_KEY) == {"dispatch_transfer"}
