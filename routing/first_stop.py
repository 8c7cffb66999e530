"""A nearer place that can save her comes before the definitive centre (R-ROUTE-10, 10b)."""

from dataclasses import dataclass

import numpy as np

from geodata.travel_time import NOT_IN_TABLE
from routing.centres import Flags, Floats
from routing.choices import Choices
from routing.drives import reception_of
from routing.feasible import BIT
from routing.question import Question
from routing.transport import leaving
from routing.way import TransportPlan

__all__ = ["THEATRE", "VENTILATOR", "Stop", "detour_min", "first_stop", "nearest", "open_to_her"]

THEATRE = ("CS_24H", "BLOOD_RBC")
VENTILATOR = ("NEO_L3A", "NEO_VENT")
_CLOSED = (
    "suspended",
    "diverted",
    "placeholder",
    "wrong_patient",
    "not_a_rescue_centre",
    "is_origin",
    "excluded_by_request",
    "held",
)
_CLOSED_BITS = sum(BIT[code] for code in _CLOSED)


@dataclass(frozen=True, slots=True)
class Stop:
    """The first stop, and the definitive centre after it if there is one.

    ``care_min`` is also its cost.
    """

    row: int
    onward_row: int | None
    transport: TransportPlan
    care_min: float
    high_min: float


def open_to_her(choices: Choices) -> Flags:
    """Return the places that could take her in for a while, whatever they can do, shape (F,)."""
    bits = choices.weighed[-1].feasibility.bits
    there: Flags = ((bits & _CLOSED_BITS) == 0) & choices.question.timed
    return there


def first_stop(choices: Choices) -> Stop | None:
    """Return the stop that stands before all others, None where there is none.

    It is compared with the first definitive centre. Without one it is all there is: no centre is
    farther than one that does not exist.
    """
    match choices.assessed.need.first_stop:
        case "mother":
            return _mothers(choices)
        case "newborn":
            return _newborns(choices)
    return None


def _with_all(choices: Choices, codes: tuple[str, ...]) -> Flags:
    """Return who could be the stop: in the province, since it is a placement over capacity."""
    centres = choices.question.centres
    found: Flags = np.logical_and.reduce([centres.has(code) for code in codes])
    found &= open_to_her(choices) & ~centres.outside
    onward = choices.first_row
    if onward is None:
        found &= choices.weighed[-1].feasibility.bits & BIT["adds_nothing"] == 0
        return found
    found[onward] = False
    return found


def nearest(minutes: Floats, among: Flags) -> int | None:
    """Return the row with the fewest minutes, None where none can be reached."""
    near = np.where(among, minutes, np.inf)
    if not len(near):
        return None
    row = int(near.argmin())
    return row if np.isfinite(near[row]) else None


def _mothers(choices: Choices) -> Stop | None:
    """Look for a theatre with red cells that is nearer and hardly out of the way."""
    question, prices = choices.question, choices.question.prices
    onward, travel = choices.first_row, question.expected_min
    fits = _with_all(choices, THEATRE)
    if onward is not None:
        fits &= travel[onward] - travel >= prices.first_stop_gain_min
        if fits.any():
            out_of_way = detour_min(question, onward) > prices.first_stop_detour_min
            fits &= ~out_of_way | _not_stated(question, onward)
    row = nearest(travel, fits)
    if row is None:
        return None
    need = choices.assessed.need
    by, ready = leaving(question, need)
    first = choices.drives_to_first().options[0]
    plan = first.plan(row, float(travel[row]), need.escort)
    plan = TransportPlan(by, ready, 0.0, plan.back_min, plan.escort_short)
    rest = ready + reception_of(question, need)
    return Stop(row, onward, plan, rest + float(travel[row]), rest + float(question.high_min[row]))


def detour_min(question: Question, onward: int) -> Floats:
    """Return how much longer the way through each place is than the direct one, shape (F,)."""
    after = question.network.between_min(question.conditions)[:, onward]
    longer: Floats = question.expected_min + after - question.expected_min[onward]
    return longer


def _not_stated(question: Question, onward: int) -> Flags:
    """Return where nobody stated the way on, shape (F,): its length is not known, only unsaid."""
    times = question.network.between(question.conditions)
    if NOT_IN_TABLE not in times.reasons:
        return np.zeros(question.centres.size, np.bool_)
    absent = times.reason == times.reasons.index(NOT_IN_TABLE)
    unknown: Flags = absent[:, onward] & absent[onward]
    return unknown


def _newborns(choices: Choices) -> Stop | None:
    """Look for the first ventilator where the definitive centre is late or far later."""
    question, prices = choices.question, choices.question.prices
    sender = question.request.case.sender
    if all(code in sender.capabilities for code in VENTILATOR):
        return None
    onward, drives = choices.first_row, choices.drives_to_first()
    fits = _with_all(choices, VENTILATOR) & np.isfinite(drives.care_min)
    row = nearest(drives.care_min, fits)
    if row is None:
        return None
    if onward is not None:
        later = drives.care_min[onward] - drives.care_min[row]
        too_late = later > 0 and drives.late_min[onward] > 0
        if not (later >= prices.newborn_stop_gain_min or too_late):
            return None
    need = choices.assessed.need
    option = drives.options[int(drives.chosen[row])]
    travel = float(question.expected_min[row])
    rest = reception_of(question, need)
    return Stop(
        row,
        onward,
        option.plan(row, travel, need.escort),
        float(drives.arrival_min[row]) + rest,
        float(drives.arrival_min[row]) + rest + float(question.high_min[row]) - travel,
    )
