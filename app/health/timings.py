"""How many requests of which route were answered how, and how long they took to begin answering.

Counted in this process since it started; a route is known by its name, never by its address, which
may hold an identifier.
"""

import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BUCKETS", "UNANSWERED", "Timed", "Times", "Timings", "method_of", "pass_on"]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends in seconds; one more holds what is above."""
NO_ROUTE = "none"
UNANSWERED = 500


@dataclass(slots=True)
class Times:
    """How long requests of one route took: how many in each bucket, and the sum."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total_s: float = 0.0


class Timings:
    """The counts of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, str, int], int] = {}
        self._times: dict[str, Times] = {}

    def note(self, route: str, method: str, status: int, took_s: float) -> None:
        """Count one answer."""
        with self._lock:
            key = (route, method, status)
            self._answers[key] = self._answers.get(key, 0) + 1
            times = self._times.setdefault(route, Times())
            times.counts[bisect_left(BUCKETS, took_s)] += 1
            times.total_s += took_s

    def answers(self) -> Mapping[tuple[str, str, int], int]:
        """Return how many answers there were by route, method and status."""
        with self._lock:
            return dict(sorted(self._answers.items()))

    def times(self) -> Mapping[str, Times]:
        """Return how long they took by route."""
        with self._lock:
            return {
                route: Times(list(times.counts), times.total_s)
                for route, times in sorted(self._times.items())
            }


class Timed:
    """ASGI layer that counts."""

    def __init__(self, app: ASGIApp, timings: Timings) -> None:
        self.app = app
        self.timings = timings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it."""

        def note(status: int, took_s: float) -> None:
            self.timings.note(_route(scope), method_of(scope), status, took_s)

        await pass_on(self.app, scope, receive, send, note)


async def pass_on(
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    note: Callable[[int, float], None],
    **headers: str,
) -> None:
    """Pass a request on; ``note`` is told once how it was answered and after how many seconds.

    The seconds are those to the first byte: a stream of changes goes on for hours. What was not
    answered at all is noted as a fault of ours. ``headers`` are put on the answer.
    """
    if scope["type"] != "http":
        await app(scope, receive, send)
        return
    began, noted = time.perf_counter(), False

    def once(status: int) -> None:
        nonlocal noted
        if not noted:
            noted = True
            note(status, time.perf_counter() - began)

    async def send_and_note(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
            once(message["status"])
        await send(message)

    try:
        await app(scope, receive, send_and_note)
    finally:
        once(UNANSWERED)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_of(scope: Scope) -> str:
    """Return the method; one that a caller has made up is none of ours."""
    method = str(scope["method"])
    return method if method in METHODS else "other"


def _route(scope: Scope) -> str:
    """Return the name of the route that was found; all addresses without one are one."""
    return str(getattr(scope.get("route"), "name", NO_ROUTE))
