"""One request: ranked destinations, and a reason for every facility that is none (contract 2.2)."""

from collections.abc import Callable, Collection
from dataclasses import replace

from routing.alternatives import alternatives
from routing.answer import Alternative, Excluded, Minutes, Place, Ranked, Reason, Recommendation
from routing.booked import booked_centre
from routing.choices import Choices, choices
from routing.first_stop import Stop, first_stop
from routing.network import FacilityNetwork
from routing.prices import Prices
from routing.question import Question
from routing.request_values import Request
from routing.rows import Rows
from routing.triage.assess import Assessed, assess_case, with_journey
from routing.triage.case import Eta
from routing.triage.rows import RuleSet
from routing.ways import Ways, all_ways

__all__ = [
    "Alternative",
    "Excluded",
    "Minutes",
    "Place",
    "Ranked",
    "Reason",
    "Recommendation",
    "Ways",
    "decide",
    "recommend",
    "ways_of",
]

Clock = Callable[[], float]
_ROUNDS = 3


def recommend(
    network: FacilityNetwork,
    rules: RuleSet,
    request: Request,
    *,
    clock: Clock | None = None,
    silent_lines: Collection[str] = (),
) -> Recommendation:
    """Rank every destination of one request and give every reason against the others.

    Parameters
    ----------
    network : FacilityNetwork
        Registry and times.
    rules : RuleSet
        Clinical rows and prices in force.
    request : Request
        One patient at one place.
    clock : Callable[[], float] | None
        Seconds of a steady clock, for ``computed_ms`` alone; None = 0.0.
    silent_lines : Collection[str]
        Centres whose line did not answer in the last hour (R-TRUST-02).

    Returns
    -------
    Recommendation
        Each facility of the registry in ``ranking`` or in ``excluded``, never in both;
        ``alternatives`` ends in ``call_coordinator``.
    """
    start = clock() if clock else 0.0
    found, stop = decide(network, rules, request, priority=None, silent_lines=silent_lines)
    rows = Rows(found, stop)
    ranking = rows.ranking()
    excluded = rows.excluded(row.facility_id for row in ranking)
    return Recommendation(
        assessment=found.assessed.assessment,
        booked=booked_centre(found, ranking, excluded),
        ranking=ranking,
        excluded=excluded,
        alternatives=alternatives(found, stop, rules),
        parallel_offers=_offers(found, len(ranking)),
        computed_ms=round(1000 * (clock() - start), 3) if clock else 0.0,
    )


def ways_of(
    network: FacilityNetwork,
    rules: RuleSet,
    request: Request,
    *,
    priority: int | None = None,
    silent_lines: Collection[str] = (),
) -> Ways:
    """Return every way of serving one request, for the joint plan.

    Parameters
    ----------
    priority : int | None
        Raised by the sender (R-PRIO-02); None, or a lower one than that of the rows, takes
        the one of the rows.

    Returns
    -------
    Ways
        Its first way is that of the first row of its ranking.
    """
    found, stop = decide(network, rules, request, priority=priority, silent_lines=silent_lines)
    rows = Rows(found, stop)
    ranking = rows.ranking()
    return Ways(
        assessed=found.assessed,
        ways=all_ways(found, stop, priority=_raised(found.assessed, priority)),
        ranking=ranking,
        excluded=rows.excluded(row.facility_id for row in ranking),
        alternatives=alternatives(found, stop, rules),
    )


def _raised(assessed: Assessed, priority: int | None) -> int:
    return assessed.priority if priority is None else min(priority, assessed.priority)


def decide(
    network: FacilityNetwork,
    rules: RuleSet,
    request: Request,
    *,
    priority: int | None = None,
    silent_lines: Collection[str] = (),
) -> tuple[Choices, Stop | None]:
    """Assess, rank, and assess again now that the journey is known.

    Holds and the cooling window depend on the journey, the journey on what is needed. Where
    the need changes the ranking is made again; two rounds settle it, a third is the limit.

    Parameters
    ----------
    priority : int | None
        Raised by the sender; see :func:`ways_of`.
    silent_lines : Collection[str]
        Centres whose line did not answer in the last hour.

    Returns
    -------
    tuple[Choices, Stop | None]
        Everything the request may do, as arrays, and the first stop if there is one.
    """
    question = Question.of(network, Prices.of(rules.numbers), request, silent_lines=silent_lines)
    assessed = before = assess_case(rules, request.case)
    for _ in range(_ROUNDS):
        found = choices(question, assessed, priority=_raised(assessed, priority))
        stop = first_stop(found)
        eta = _eta(found, stop)
        again = with_journey(rules, request.case, assessed, eta) if eta is not None else before
        if _same(again, assessed):
            return replace(found, assessed=again), stop
        assessed = again
    found = choices(question, assessed, priority=_raised(assessed, priority))
    return found, first_stop(found)


def _same(one: Assessed, other: Assessed) -> bool:
    """Whether two assessments ask for the same ranking."""
    return (
        one.need == other.need
        and one.priority == other.priority
        and one.sender_lacks == other.sender_lacks
        and (one.decision == "book_planned") == (other.decision == "book_planned")
    )


def _eta(found: Choices, stop: Stop | None) -> Eta | None:
    """Return minutes from now to the first destination; None where there is none."""
    question = found.question
    if stop is not None:
        row = stop.row
        leave = stop.transport.ready_min + stop.transport.out_min
    elif (first := found.first_row) is not None:
        row = first
        leave = float(found.drives_to_first().arrival_min[row]) - float(question.expected_min[row])
    else:
        return None
    return Eta(
        expected_min=leave + float(question.expected_min[row]),
        high_min=leave + float(question.high_min[row]),
        cooling_min=found.cooling_min,
    )


def _offers(found: Choices, ranked: int) -> int:
    """Return how many offers go out at once (R-ROUTE-07), never more than there are centres."""
    need, limit = found.assessed.need, found.question.prices.parallel_hard_max_min
    urgent = need.hard_s is not None and need.hard_s <= 60 * limit
    return min(ranked, 2 if found.assessed.priority == 1 or urgent else 1)
