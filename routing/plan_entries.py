"""The requests of a plan: what each needs, which ways serve it, and in which order they stand."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from facilities.catchment import CatchmentKind
from routing.choices import Choices
from routing.first_stop import Stop
from routing.network import LOCAL_TIME, FacilityNetwork
from routing.recommend import decide
from routing.request_values import PlanItem, PlanRequest, Request
from routing.triage.rows import RuleSet

__all__ = ["Entry", "catchment_ranks", "entries_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One request as the plan sees it.

    ``place`` is its number in the question; ``stop`` its only choice where it has one; ``why`` what
    the plan has to say about the request itself.
    """

    item: PlanItem
    place: int
    choices: Choices
    stop: Stop | None
    priority: int
    why: tuple[str, ...]

    @property
    def request(self) -> Request:
        """The request itself."""
        return self.item.request

    @property
    def frozen(self) -> bool:
        """Whether it keeps its place whatever the others need."""
        return self.item.frozen_to is not None

    @property
    def remaining_min(self) -> float:
        """What is left of the hard limit; infinite without one."""
        return self.choices.question.remaining_min(self.choices.assessed.need)

    def released(self) -> "Entry":
        """Return the request with all its ways: its first stop cannot take one more.

        R-ROUTE-10 leaves open what happens then; she goes on to definitive care, she never
        waits beside it.
        """
        return replace(self, stop=None, why=(*self.why, "first_stop_full"))


def entries_of(network: FacilityNetwork, rules: RuleSet, asked: PlanRequest) -> tuple[Entry, ...]:
    """Return the requests by priority, remaining time and age (R-PRIO-03).

    A stated priority may raise a request, never lower it (R-PRIO-02). Requests that are alike
    are decided once.
    """
    known: dict[Hashable, tuple[Choices, Stop | None]] = {}
    entries = []
    for place, item in enumerate(asked.items):
        request = _with_closures(item.request, asked)
        shape = (_shape(request), item.priority)
        decided = known.get(shape)
        if decided is None:
            decided = known[shape] = decide(network, rules, request, priority=item.priority)
        choices, stop = decided
        by_rows = choices.assessed.priority
        priority = min(by_rows, item.priority or by_rows)
        why = _about(item, by_rows)
        entries.append(Entry(replace(item, request=request), place, choices, stop, priority, why))
    return tuple(sorted(entries, key=_turn))


def _turn(entry: Entry) -> tuple[int, float, float, int]:
    decided = entry.request.case.decided_at.timestamp()
    return entry.priority, entry.remaining_min, decided, entry.place


def _about(item: PlanItem, by_rows: int) -> tuple[str, ...]:
    """Return what to say of a stated priority that is not that of the rows."""
    if item.priority is None or item.priority == by_rows:
        return ()
    return ("priority_raised" if item.priority < by_rows else "priority_kept",)


def catchment_ranks(network: FacilityNetwork, request: Request) -> dict[int, int]:
    """Return the centres of the county of origin, the first rank as 0 (R-CATCH-01)."""
    kind: CatchmentKind = "N" if request.case.patient == "newborn" else "M"
    day = request.case.now.astimezone(LOCAL_TIME).date()
    ranks = network.catchment(request.origin_county, kind, day)
    found: dict[int, int] = {}
    for rank, (rows, _) in enumerate(ranks):
        for row in rows.tolist():
            found.setdefault(row, rank)
    return found


def _with_closures(request: Request, asked: PlanRequest) -> Request:
    """Add the roads closed and slowed for the whole plan."""
    if asked.closed <= request.closed and asked.slowed <= request.slowed:
        return request
    return replace(
        request, closed=request.closed | asked.closed, slowed=request.slowed | asked.slowed
    )


def _shape(request: Request) -> Hashable:
    """Return what two requests share that are served by the same ways."""
    case, sender = request.case, request.case.sender
    return (
        case.patient,
        frozenset(case.facts.items()),
        (sender.facility_id, sender.given, sender.maternal_level, sender.grade),
        (sender.neonatal_level, sender.stated_capabilities),
        frozenset(sender.capabilities.items()),
        (case.decided_at, case.now),
        (request.origin, request.origin_facility, request.origin_county),
        (request.closed, request.slowed, request.exclude, request.transport),
    )
