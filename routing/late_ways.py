"""What there is where nobody can take her in time, or where she is kept (R-ROUTE-06)."""

from collections.abc import Iterator, Sequence

import numpy as np

from routing.answer import Alternative
from routing.centres import Flags
from routing.choices import Choices
from routing.first_stop import THEATRE, Stop, nearest, open_to_her
from routing.other_way import other_way, phone_at, to_centre
from routing.transport import leaving, meeting_after

__all__ = ["late_ways"]

VENTILATOR = ("NEO_VENT",)
IF_NOT_ABLE = "if_not_able"


def late_ways(
    choices: Choices, stop: Stop | None, like_hers: Sequence[int], *, late: bool
) -> Iterator[Alternative]:
    """Yield (a) to (c) of R-ROUTE-06, and the team that goes to where she is kept or stopped.

    ``like_hers`` are centres to ring if her own hospital, taken to be able, is not.
    """
    stays = choices.assessed.decision == "stay_expert_team"
    near = _life_saving(choices) if late and not stays else None
    if near is not None and near not in like_hers and (stop is None or stop.row != near):
        yield to_centre(choices, "nearest_life_saving", near)
    for row in like_hers:
        yield to_centre(choices, "nearest_life_saving", row, note=IF_NOT_ABLE)
    if late or stays or stop is not None:
        here = stays or like_hers
        yield from _expert_team(choices, None if here else stop.row if stop else near)
    if not stays and stop is None:
        yield from _rendezvous(choices, late=late)


def _escort_is_short(choices: Choices, row: int) -> bool:
    """Whether she leaves for the first centre without the escort of her row: a team meets her."""
    drives = choices.drives_to_first()
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
        yield other_way(
            "expert_team",
            facility_id=place,
            start=question.network.ids[team],
            meet=None if place else question.request.origin_county,
            minutes=question.prices.leave_team_min + float(travel[team]),
            phone=phone_at(choices, team),
        )


def _rendezvous(choices: Choices, *, late: bool) -> Iterator[Alternative]:
    """Yield the meeting on the way: she leaves at once, the team as soon as it can.

    The team is that of the centre she goes to, where her escort is short or she is late; a
    late one may also go towards the nearest team.
    """
    question, teams = choices.question, _teams(choices)
    first = choices.first_row
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
    yield other_way(
        "rendezvous",
        start=team_id,
        meet=question.network.meeting_county(
            question.request.origin, team_id, question.conditions, share=share
        ),
        minutes=minutes,
        phone=phone_at(choices, team),
    )
