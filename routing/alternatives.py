"""Other ways than the ranking, ending in a telephone: there is always an answer (R-ROUTE-06)."""

import math
from collections.abc import Iterator

import numpy as np

from routing.answer import Alternative
from routing.centres import Flags
from routing.choices import Choices
from routing.feasible import BIT
from routing.first_stop import THEATRE, Stop, detour_min, nearest, open_to_her
from routing.transport import leaving, meeting_after
from routing.triage.rows import RuleSet

__all__ = ["alternatives"]

VENTILATOR = ("NEO_VENT",)
NO_HOSPITAL = "no_hospital_entered"
STOPS_SHOWN = 2
HUBS_SHOWN = 3


def alternatives(choices: Choices, stop: Stop | None, rules: RuleSet) -> tuple[Alternative, ...]:
    """Return the other ways: what can be done here on top, the coordinator last.

    Air is a telephone number of a registered base (R-AIR-01); none is registered, so none is
    shown.
    """
    between = [
        *_late_ways(choices, stop, late=_is_late(choices)),
        *_stops_on_the_way(choices),
    ]
    between.sort(key=lambda one: (math.inf if one.minutes is None else one.minutes, one.kind))
    return (
        *_here(choices),
        *_unconfirmed(choices, rules),
        *between,
        *_out_of_province(choices),
        _alternative(
            "call_coordinator",
            phone=choices.question.network.registry.coordinator_phone(
                choices.question.request.origin_county
            ),
        ),
    )


def _alternative(
    kind: str,
    *,
    facility_id: str | None = None,
    start: str | None = None,
    meet: str | None = None,
    minutes: float | None = None,
    phone: str | None = None,
    note: str | None = None,
) -> Alternative:
    known = minutes is not None and math.isfinite(minutes)
    whole = round(minutes) if minutes is not None and known else None
    return Alternative(kind, facility_id, start, meet, whole, phone, note)


def _is_late(choices: Choices) -> bool:
    """Whether nothing feasible is inside the hard limit (R-ROUTE-06)."""
    if not choices.order:
        return True
    return not any(choices.of(row).drives.late_min[row] <= 0 for row in choices.order)


def _here(choices: Choices) -> Iterator[Alternative]:
    """Yield "if you can operate and transfuse now, do it" (R-DEST-05)."""
    request = choices.question.request
    here = request.case.sender.facility_id or request.origin_facility
    if choices.assessed.sender_assumed_able and here is not None:
        yield _alternative("operate_here", facility_id=here, minutes=0)


def _unconfirmed(choices: Choices, rules: RuleSet) -> Iterator[Alternative]:
    """Yield the placeholder of the county for rows that any theatre would help (R-DEST-09)."""
    question, need = choices.question, choices.assessed.need
    place = question.network.registry.placeholder_of(question.request.origin_county)
    if place is None or place.facility_id == question.request.origin_facility:
        return
    if need.never_bypass or rules.groups["first_stop_mother"].intersection(need.rows):
        row = question.network.row_of[place.facility_id]
        yield _alternative(
            "county_hospital_unconfirmed",
            facility_id=place.facility_id,
            minutes=float(question.expected_min[row]),
            phone=_phone(choices, row),
        )


def _phone(choices: Choices, row: int) -> str | None:
    return choices.question.network.phones(choices.assessed.need.patient)[row]


def _late_ways(choices: Choices, stop: Stop | None, *, late: bool) -> Iterator[Alternative]:
    """Yield (a) to (c) of R-ROUTE-06, and the team that goes to where she is kept or stopped."""
    stays = choices.assessed.decision == "stay_expert_team"
    near = _life_saving(choices) if late and not stays else None
    if near is not None and (stop is None or stop.row != near):
        yield _alternative(
            "nearest_life_saving",
            facility_id=choices.question.network.ids[near],
            minutes=float(choices.question.expected_min[near]),
            phone=_phone(choices, near),
        )
    if late or stays or stop is not None:
        yield from _expert_team(choices, None if stays else stop.row if stop else near)
    if not stays and stop is None:
        yield from _rendezvous(choices, late=late)


def _escort_is_short(choices: Choices, row: int) -> bool:
    """Whether she leaves without the escort of her row, so that a team drives to meet her."""
    drives = choices.of(row).drives
    option = drives.options[int(drives.chosen[row])]
    return bool(option.short[row]) and option.by in ("sender", "ems120")


def _teams(choices: Choices) -> Flags:
    """Return the centres that can send a team for this patient, shape (F,)."""
    centres = choices.question.centres
    newborn = choices.assessed.need.patient == "newborn"
    teams = centres.has("NEO_TRANSPORT" if newborn else "OB_TRANSPORT") & ~centres.suspended
    teams &= ~centres.placeholder
    if choices.question.origin_row >= 0:
        teams[choices.question.origin_row] = False
    return teams


def _life_saving(choices: Choices) -> int | None:
    """Return the nearest place with theatre and red cells, for a newborn with a ventilator."""
    centres = choices.question.centres
    newborn = choices.assessed.need.patient == "newborn"
    codes = VENTILATOR if newborn else THEATRE
    able: Flags = np.logical_and.reduce([centres.has(code) for code in codes])
    return nearest(choices.question.expected_min, able & open_to_her(choices))


def _expert_team(choices: Choices, to: int | None) -> Iterator[Alternative]:
    """Yield the team that is soonest at a hospital, or where she is: her county if in none."""
    question = choices.question
    teams = _teams(choices)
    if to is None:
        place = question.request.case.sender.facility_id or question.request.origin_facility
        travel = question.expected_min
    else:
        place = question.network.ids[to]
        travel = question.network.between_min(question.conditions)[:, to]
        if teams[to]:
            return
    team = nearest(travel, teams)
    if team is not None:
        yield _alternative(
            "expert_team",
            facility_id=place,
            start=question.network.ids[team],
            meet=None if place else question.request.origin_county,
            minutes=question.prices.leave_team_min + float(travel[team]),
            phone=_phone(choices, team),
        )


def _rendezvous(choices: Choices, *, late: bool) -> Iterator[Alternative]:
    """Yield the meeting on the way: she leaves at once, the team as soon as it can.

    The team is that of the centre she goes to, where her escort is short or she is late; a
    late one may also go towards the nearest team.
    """
    question, teams = choices.question, _teams(choices)
    first = choices.order[0] if choices.order else None
    team = first if first is not None and teams[first] else None
    if team is not None and not late and not _escort_is_short(choices, team):
        return
    if team is None and late:
        team = nearest(question.expected_min, teams)
    if team is None:
        return
    _, ready = leaving(question, choices.assessed.need)
    travel = float(question.expected_min[team])
    minutes, share = meeting_after(ready, question.prices.leave_team_min, travel)
    if share >= 1:
        return
    team_id = question.network.ids[team]
    yield _alternative(
        "rendezvous",
        start=team_id,
        meet=question.network.meeting_county(
            question.request.origin, team_id, question.conditions, share=share
        ),
        minutes=minutes,
        phone=_phone(choices, team),
    )


def _stops_on_the_way(choices: Choices) -> Iterator[Alternative]:
    """Yield centres that add nothing and lie on the way, nearest first (R-DEST-08)."""
    if not choices.order:
        return
    question = choices.question
    onward = choices.order[0]
    bits = choices.weighed[-1].feasibility.bits
    twins = ((bits & BIT["adds_nothing"]) != 0) & open_to_her(choices)
    travel = question.expected_min
    near = twins & (travel < travel[onward])
    near &= detour_min(question, onward) <= question.prices.first_stop_detour_min
    rows = np.flatnonzero(near)
    for row in rows[np.lexsort((rows, travel[rows]))][:STOPS_SHOWN].tolist():
        yield _alternative(
            "stop_on_the_way",
            facility_id=question.network.ids[row],
            minutes=float(travel[row]),
            phone=_phone(choices, row),
        )


def _out_of_province(choices: Choices) -> Iterator[Alternative]:
    """Yield cities outside that are clearly nearer than the first definitive centre."""
    question = choices.question
    if choices.assessed.need.suppressed:
        return
    best = float(question.expected_min[choices.order[0]]) if choices.order else math.inf
    hubs = question.network.hub_times(question.request.origin, question.conditions)
    nearer = [
        (hub, seconds / 60)
        for hub, seconds in hubs
        if best - seconds / 60 >= question.prices.hub_gain_min
    ]
    for hub, minutes in nearer[: HUBS_SHOWN if choices.order else 1]:
        yield _alternative(
            "out_of_province", facility_id=hub.hub_id, minutes=minutes, note=NO_HOSPITAL
        )
