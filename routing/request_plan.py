"""Requests that wait together: their ids, priorities, frozen places, reserves and vehicles."""

from dataclasses import dataclass
from datetime import datetime

from routing.request_parts import Part
from routing.request_single import ONCE, REQUEST_FIELDS, SingleReader
from routing.request_values import Closed, PlanItem, PlanRequest, Slowed, Vehicle, VehicleKind
from routing.triage.assess import assess_case

__all__ = ["PlanReader"]

PLAN_FIELDS = ("requests", "closed_roads", "slowed_roads", "reserve", "vehicles", "now")
ITEM_FIELDS = ("id", "priority", "frozen_to", *REQUEST_FIELDS)
LOWEST_PRIORITY = 3


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads the document of contract 2.3 with the reader of single requests."""

    single: SingleReader

    def read(self, part: Part) -> PlanRequest | None:
        """Return the joint request, None where a fault was noted."""
        part.only(PLAN_FIELDS)
        entries = _entries(part)
        now = _now(part, entries)
        closed, slowed = self.single.closures(part), self.single.slowdowns(part)
        items = self._items(entries, now, closed, slowed)
        reserve = self.single.reserve(part)
        vehicles = self._vehicles(part)
        if now is None or part.faults:
            return None
        return PlanRequest(items, closed, reserve, vehicles, now, slowed)

    def _items(
        self, entries: list[Part], now: datetime | None, closed: Closed, slowed: Slowed
    ) -> tuple[PlanItem, ...]:
        items, seen = [], set[str]()
        for part in entries:
            part.only(ITEM_FIELDS)
            name = part.text("id", required=True)
            if name in seen:
                part.fault("id", "duplicate", ONCE)
            priority = part.whole("priority", low=1, high=LOWEST_PRIORITY)
            frozen_to = self.single.facility(part, "frozen_to")
            before = len(part.faults)
            request = self.single.request(part, now, closed, slowed)
            if name is None or request is None:
                continue
            seen.add(name)
            item = PlanItem(name, request, priority, frozen_to)
            if len(part.faults) == before:
                self._check_priority(part, item)
            items.append(item)
        return tuple(items)

    def _check_priority(self, part: Part, item: PlanItem) -> None:
        """Refuse a priority below that of the rows: it may be raised, never lowered (R-PRIO-02)."""
        if item.priority is None:
            return
        by_rows = assess_case(self.single.rules, item.request.case).priority
        if item.priority > by_rows:
            part.fault("priority", "priority_lowered", f"<= {by_rows}")

    def _vehicles(self, part: Part) -> tuple[Vehicle, ...] | None:
        if not part.has("vehicles"):
            return None
        found, seen = [], set[str]()
        for entry in part.parts("vehicles"):
            entry.only(("id", "at_facility_id", "kind", "free_from"))
            name = entry.text("id", required=True)
            if name in seen:
                entry.fault("id", "duplicate", ONCE)
            facility = self.single.facility(entry, "at_facility_id", required=True)
            kind = entry.choice("kind", VehicleKind, code="unknown_kind", required=True)
            free_from = entry.moment("free_from")
            if name is None or facility is None or kind is None:
                continue
            seen.add(name)
            found.append(Vehicle(name, facility, VehicleKind(kind), free_from))
        return tuple(found)


def _entries(part: Part) -> list[Part]:
    """Return the requests; faults of each name it by its position."""
    found = []
    for position, entry in enumerate(part.items("requests", required=True)):
        if isinstance(entry, dict):
            found.append(Part(entry, f"requests[{position}]", "", part.faults))
        else:
            part.fault(f"requests[{position}]", "wrong_type", "{...}", entry)
    return found


def _now(part: Part, entries: list[Part]) -> datetime | None:
    """Return the one moment the plan is made at: the stated one, else the latest of the requests.

    A request saved earlier with its own ``now`` is older at that moment, and its clock has run.
    """
    stated = part.moment("now")
    own = [(entry, entry.moment("now")) for entry in entries]
    moments = [moment for _, moment in own if moment is not None]
    now = stated or max(moments, default=None)
    if stated is not None:
        for entry, moment in own:
            if moment is not None and moment > stated:
                entry.fault("now", "after_now", f"<= {stated.isoformat()}")
    if now is None and not part.has("now"):
        part.fault("now", "missing", "RFC 3339 with offset")
    return now
