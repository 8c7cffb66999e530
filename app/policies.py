"""Which roles may call which route: one table, and nothing is reachable that is not in it.

What a role then sees is narrowed by the statements of each feature; a record out of scope is not
found. The name of a route is the name of its function.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.accounts.states import Role

__all__ = ["ANYBODY", "POLICIES", "SIGNED_IN", "Roles", "require_policies", "roles_of"]

Roles = frozenset[Role]
ANYBODY: Final[Roles] = frozenset()
"""No account is needed: nothing of a person is shown and nothing is stored."""
SIGNED_IN: Final[Roles] = frozenset(Role)
BY_SETTING: Final = "by_setting"
"""Open where nothing is stored or the settings say so, otherwise for whoever is signed in."""

_PAGES = ("ask", "answer")
_REFERENCE = (
    "show_interface",
    "list_facilities",
    "show_facility",
    "list_divisions",
    "list_facts",
    "list_rules",
    "check_policy",
    "show_status",
    "show_alive",
    "show_ready",
    "show_statusz",
)
_CALCULATORS = ("preview_assessment", "make_recommendation", "preview_plan")

POLICIES: Mapping[str, Roles | Literal["by_setting"]] = {
    **dict.fromkeys(_REFERENCE, ANYBODY),
    **dict.fromkeys((*_PAGES, *_CALCULATORS), BY_SETTING),
    "list_audit": frozenset({Role.AUDITOR}),
}


class UnpolicedRouteError(LookupError):
    """A route that no line of the table speaks of; the application does not start with it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"no policy for {', '.join(self.names)}; add a line to app/policies.py for each"
        )


def roles_of(route: str, *, calculators_open: bool) -> Roles:
    """Return who may call a route."""
    said = POLICIES[route]
    if said == BY_SETTING:
        return ANYBODY if calculators_open else SIGNED_IN
    return said


def require_policies(*routers: APIRouter) -> None:
    """Refuse to start with a route that nobody decided about.

    Raises
    ------
    UnpolicedRouteError
        Routes are not in the table.
    """
    routes = (route for router in routers for route in router.routes)
    names = {route.name for route in routes if isinstance(route, APIRoute)}
    if missing := sorted(names - POLICIES.keys()):
        raise UnpolicedRouteError(missing)
