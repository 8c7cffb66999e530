"""No route is reachable that nobody decided about."""

import pytest
from fastapi import APIRouter

from app.main import INTERFACE
from app.policies import UnpolicedRouteError, require_policies, roles_of


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
