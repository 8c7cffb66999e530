"""What the service says while it runs: how it started, and one line for each request.

A line names the template of the route and never the address that was called, which may hold an
identifier, nor a query, a header or a body. What a caller made up is not repeated either: the
method is one of those there are, and the identifier of the request is ours.
"""

import logging
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import OperationalError
from starlette.types import ASGIApp, Receive, Scope, Send

from app.db import Database
from app.db_types import new_key
from app.health.timings import method_of, pass_on
from app.migrating import at_head

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["REQUEST_ID", "AccessLog", "log_to_stderr", "tell_start", "template_of"]

LOGGER = logging.getLogger("greenchannel.access")
STARTED = logging.getLogger("greenchannel.start")
REQUEST_ID: Final = "greenchannel.request_id"
"""Where the identifier of a request is found while it is answered."""
NO_ROUTE: Final = "-"
API: Final = "/api/v1"


class AccessLog:
    """ASGI layer around all others: gives a request its identifier, and logs what was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log it once."""
        key = scope[REQUEST_ID] = str(new_key())

        def note(status: int, took_s: float) -> None:
            said = method_of(scope), template_of(scope), status, took_s * 1000, key
            LOGGER.info("%s %s %d %.1f ms %s", *said)

        await pass_on(self.app, scope, receive, send, note, **{"X-Request-Id": key})


def template_of(scope: Scope) -> str:
    """Return the address of a route as it is declared, with the names of its parts."""
    declared = str(getattr(scope.get("route"), "path", NO_ROUTE))
    # A route that was included says no more than its own part.
    inside = str(scope["path"]).startswith(f"{API}/") and declared != NO_ROUTE
    return f"{API}{declared.removeprefix(API)}" if inside else declared


def tell_start(app: "FastAPI") -> None:
    """Log where the service listens and on what it works; of the database no more than its kind."""
    database: Database | None = app.state.database
    STARTED.info(
        "greenchannel %s on %s; database %s; migrations %s; worker %s",
        version("greenchannel"),
        app.state.address,
        _kind(database),
        _step(database),
        "inside" if app.state.worker_inside else "outside",
    )


def log_to_stderr() -> None:
    """Let whatever the service logs go to standard error, times in UTC."""
    handler = logging.StreamHandler()
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    ours = logging.getLogger("greenchannel")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def _kind(database: Database | None) -> str:
    if database is None:
        return "none"
    return "sqlite" if database.is_sqlite else "postgresql"


def _step(database: Database | None) -> str:
    if database is None:
        return "none"
    try:
        return "at head" if at_head(database) else "not at head: type greenchannel migrate"
    except OperationalError:
        return "unknown, the database does not answer"
