"""Requests as values: one reader for files, standard input, HTTP and forms (decision 0007).

A plain mapping goes in, as ``json.loads`` gives it; frozen values come out, or one
:class:`~routing.errors.RequestError` with every fault, each with path, value, code and what was
expected. Nothing is guessed: what is not stated is unknown.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from facilities.registry import Registry
from geodata.check import Fault
from geodata.estimate import RoadEstimate
from geodata.place_file import Place
from routing.booking.values import BookingRequest
from routing.errors import RequestError
from routing.request_booking import BookingReader
from routing.request_parts import Part
from routing.request_plan import PlanReader
from routing.request_single import CASE_FIELDS, REQUEST_FIELDS, SingleReader
from routing.request_values import (
    PlanItem,
    PlanRequest,
    Request,
    Reserve,
    Transport,
    Vehicle,
    VehicleKind,
)
from routing.triage.case import Case
from routing.triage.rows import RuleSet

__all__ = [
    "PlanItem",
    "PlanRequest",
    "Reader",
    "Request",
    "Reserve",
    "Transport",
    "Vehicle",
    "VehicleKind",
]

Answer = TypeVar("Answer")


class Reader:
    """Reads request documents against rules, registry, roads and places.

    Parameters
    ----------
    rules : RuleSet
        Its data dictionary says which facts exist.
    registry : Registry
        Facilities that may be named.
    estimate : RoadEstimate
        Its counties and roads may be named.
    places : Mapping[str, Place]
        Townships and villages that may be named, by id.
    """

    def __init__(
        self,
        rules: RuleSet,
        registry: Registry,
        estimate: RoadEstimate,
        places: Mapping[str, Place],
    ) -> None:
        self._single = SingleReader(rules, registry, estimate, places)
        self._joint = PlanReader(self._single)
        self._weeks_ahead = BookingReader(self._single)

    def assessment(self, document: Mapping[str, object]) -> Case:
        """Return the case of contract 2.1; :class:`RequestError` with every fault."""

        def read(part: Part) -> Case | None:
            part.only(CASE_FIELDS)
            return self._single.case(part, part.moment("now", required=True))

        return _whole(document, read)

    def request(self, document: Mapping[str, object]) -> Request:
        """Return the request of contract 2.2; :class:`RequestError` with every fault."""

        def read(part: Part) -> Request | None:
            part.only(REQUEST_FIELDS)
            return self._single.request(part, part.moment("now", required=True))

        return _whole(document, read)

    def plan(self, document: Mapping[str, object]) -> PlanRequest:
        """Return the joint request of contract 2.3; :class:`RequestError` with every fault."""
        return _whole(document, self._joint.read)

    def booking(self, document: Mapping[str, object]) -> BookingRequest:
        """Return the pregnancies of contract 2.4; :class:`RequestError` with every fault."""
        return _whole(document, self._weeks_ahead.read)


def _whole(document: Mapping[str, object], read: Callable[[Part], Answer | None]) -> Answer:
    """Read a document; everything that is wrong with it comes in one error."""
    faults: list[Fault] = []
    answer = read(Part(dict(document), "request", "", faults))
    if faults or answer is None:
        raise RequestError(faults)
    return answer
