"""The four calculations: fill in the clock, bound the size, ask the library."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.clock import local_now, stamp
from app.documents import TooManyError
from app.errors import BusyError
from facilities.phones import PatientKind
from geodata.check import Fault

if TYPE_CHECKING:
    from app.engine import Engine
    from routing.booking.book import Bookings
    from routing.plan import Plan
    from routing.recommend import Recommendation
    from routing.triage.assess import Assessment

__all__ = [
    "Planner",
    "assess",
    "check_number",
    "kind_of",
    "recommend",
    "with_clock",
    "with_plan_clock",
]

RETRY_S = 5


def with_clock(document: Mapping[str, object]) -> Mapping[str, object]:
    """Return the request with ``now``, which the libraries do not look up themselves."""
    if document.get("now") is not None:
        return document
    return {**document, "now": stamp(local_now())}


def with_plan_clock(document: Mapping[str, object]) -> Mapping[str, object]:
    """Return the joint request with ``now``, unless one of its requests was saved with its own."""
    requests = document.get("requests")
    entries = requests if isinstance(requests, list) else []
    if any(isinstance(entry, dict) and entry.get("now") is not None for entry in entries):
        return document
    return with_clock(document)


def check_number(document: Mapping[str, object], most: int, *, of: str = "requests") -> None:
    """Refuse more requests than the setting allows, before anything is read."""
    requests = document.get(of)
    if isinstance(requests, list) and len(requests) > most:
        fault = Fault("request", None, of, str(len(requests)), "too_many", f"<= {most}")
        raise TooManyError(fault)


def assess(engine: "Engine", document: Mapping[str, object]) -> "Assessment":
    """Return what one patient needs."""
    return engine.assess(with_clock(document))


def recommend(engine: "Engine", document: Mapping[str, object]) -> "Recommendation":
    """Return the ranked destinations of one request."""
    return engine.recommend(with_clock(document))


def kind_of(document: Mapping[str, object]) -> PatientKind:
    """Return whose request a document is that was read without a fault."""
    return "newborn" if document.get("patient") == "newborn" else "maternal"


class Planner:
    """Plans, at most so many at once: the solver is the only long calculation here."""

    def __init__(
        self, *, at_once: int, most: int, limit_s: float, most_pregnancies: int = 2_000
    ) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._most = most
        self._most_pregnancies = most_pregnancies
        self._limit_s = limit_s

    def plan(self, engine: "Engine", document: Mapping[str, object], *, seed: int = 0) -> "Plan":
        """Return one plan for all requests.

        Raises
        ------
        BusyError
            As many plans as allowed are being solved.
        """
        check_number(document, self._most)
        with self._turn():
            return engine.plan(with_plan_clock(document), limit_s=self._limit_s, seed=seed)

    def bookings(self, engine: "Engine", document: Mapping[str, object]) -> "Bookings":
        """Return places of birth for all pregnancies.

        Raises
        ------
        BusyError
            As many plans as allowed are being solved.
        """
        check_number(document, self._most_pregnancies, of="pregnancies")
        with self._turn():
            return engine.bookings(with_clock(document), limit_s=self._limit_s)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Solve when there is a turn left; nobody waits for one."""
        if not self._turns.acquire(blocking=False):
            raise BusyError(RETRY_S)
        try:
            yield
        finally:
            self._turns.release()
