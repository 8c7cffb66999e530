"""Other ways than the ranking, ending in a telephone: there is always an answer (R-ROUTE-06)."""

import math
from collections.abc import Iterator

import numpy as np

from routing.answer import Alternative
from routing.centres import Flags
from routing.choices import Choices
from routing.feasible import BIT
from routing.first_stop import Stop, detour_min, open_to_her
from routing.late_ways import late_ways
from routing.other_way import other_way, to_centre
from routing.triage.rows import RuleSet

__all__ = ["alternatives"]

NO_HOSPITAL, NONE_SUITS = "no_hospital_entered", "no_hospital_suits"
ASK_AGAIN = "ask_again_if_not"
STOPS_SHOWN = 2
LIKE_HERS_SHOWN = 2
HUBS_SHOWN = 3


def alternatives(choices: Choices, stop: Stop | None, rules: RuleSet) -> tuple[Alternative, ...]:
    """Return the other ways: what can be done here on top, the coordinator last.

    Air is a telephone number of a registered base (R-AIR-01); none is registered, so none is
    shown.
    """
    like_hers = _like_hers(choices)
    between = [
        *late_ways(choices, stop, like_hers, late=_is_late(choices)),
        *_stops_on_the_way(choices),
    ]
    between.sort(key=lambda one: (math.inf if one.minutes is None else one.minutes, one.kind))
    return (
        *_here(choices, note=ASK_AGAIN if like_hers else None),
        *_unconfirmed(choices, rules),
        *between,
        *_out_of_province(choices),
        other_way(
            "call_coordinator",
            phone=choices.question.network.registry.coordinator_phone(
                choices.question.request.origin_county
            ),
        ),
    )


def _is_late(choices: Choices) -> bool:
    """Whether nothing feasible is inside the hard limit (R-ROUTE-06)."""
    alone = any(choices.of(row).drives.late_min[row] <= 0 for row in choices.order)
    return not alone and all(pair.cost["late"] > 0 for pair in choices.pairs_shown())


def _here(choices: Choices, *, note: str | None) -> Iterator[Alternative]:
    """Yield "if you can operate and transfuse now, do it" (R-DEST-05)."""
    request = choices.question.request
    here = request.case.sender.facility_id or request.origin_facility
    if choices.assessed.sender_assumed_able and here is not None:
        yield other_way("operate_here", facility_id=here, minutes=0, note=note)


def _like_hers(choices: Choices) -> list[int]:
    """Return the nearest centres that could do all that is needed, where each adds nothing.

    The ranking is empty because her own hospital is taken to be able. Whether it is, is only
    assumed, so whoever reads the answer is told what to ring if it is not (R-DEST-05, 08).
    """
    if choices.first_row is not None:
        return []
    only = choices.weighed[-1].feasibility.bits == BIT["adds_nothing"]
    return _by_time(choices, only)[:LIKE_HERS_SHOWN]


def _by_time(choices: Choices, among: Flags) -> list[int]:
    """Return rows, the nearest first."""
    rows = np.flatnonzero(among)
    order: list[int] = rows[np.lexsort((rows, choices.question.expected_min[rows]))].tolist()
    return order


def _unconfirmed(choices: Choices, rules: RuleSet) -> Iterator[Alternative]:
    """Yield the placeholder of the county for rows that any theatre would help (R-DEST-09)."""
    question, need = choices.question, choices.assessed.need
    place = question.network.registry.placeholder_of(question.request.origin_county)
    if place is None or place.facility_id == question.request.origin_facility:
        return
    if need.never_bypass or rules.groups["first_stop_mother"].intersection(need.rows):
        row = question.network.row_of[place.facility_id]
        yield to_centre(choices, "county_hospital_unconfirmed", row)


def _stops_on_the_way(choices: Choices) -> Iterator[Alternative]:
    """Yield centres that add nothing and lie on the way, nearest first (R-DEST-08)."""
    question, onward = choices.question, choices.first_row
    if onward is None:
        return
    bits = choices.weighed[-1].feasibility.bits
    twins = ((bits & BIT["adds_nothing"]) != 0) & open_to_her(choices)
    travel = question.expected_min
    near = twins & (travel < travel[onward])
    near &= detour_min(question, onward) <= question.prices.first_stop_detour_min
    for row in _by_time(choices, near)[:STOPS_SHOWN]:
        yield to_centre(choices, "stop_on_the_way", row)


def _out_of_province(choices: Choices) -> Iterator[Alternative]:
    """Yield cities outside that are clearly nearer than the first definitive centre.

    A city with a hospital that may take her speaks through the ranking, and she leaves none for
    itself (R-ROUTE-11).
    """
    question = choices.question
    if choices.assessed.need.suppressed:
        return
    registry, spoken = question.network.registry, _counties_of_destinations(choices)
    first = choices.first_row
    best = math.inf if first is None else float(question.expected_min[first])
    hubs = question.network.hub_times(question.request.origin, question.conditions)
    nearer = [
        (hub.hub_id, seconds / 60)
        for hub, seconds in hubs
        if best - seconds / 60 >= question.prices.hub_gain_min and hub.hub_id not in spoken
    ]
    for hub_id, minutes in nearer[: 1 if first is None else HUBS_SHOWN]:
        note = NONE_SUITS if registry.in_county(hub_id) else NO_HOSPITAL
        yield other_way("out_of_province", facility_id=hub_id, minutes=minutes, note=note)


def _counties_of_destinations(choices: Choices) -> set[str]:
    """Return where a destination is, and where she is: counties, or hubs outside."""
    rows = [
        *choices.order,
        *(row for pair in choices.pairs_shown() for row in (pair.row, pair.newborn_row)),
    ]
    counties = choices.question.centres.counties
    return {choices.question.request.origin_county, *(counties[row] for row in rows)}
