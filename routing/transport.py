"""Who drives, alone, fetched or met half-way, and how long that takes (R-COST-03, R-ESC-01)."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from routing.centres import Flags, Floats
from routing.question import Question
from routing.triage.need import RoutingNeed
from routing.way import Driver, TransportPlan

__all__ = ["Option", "escort_of", "leaving", "meeting_after", "options"]

NONE, BASIC, CRITICAL = 0, 1, 2
_RANK = {"ESC-OB": BASIC, "ESC-NEO": BASIC, "ESC-OB-CRIT": CRITICAL, "ESC-NEO-CRIT": CRITICAL}


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One way to get her to each of F centres.

    Parameters
    ----------
    ready_min, out_min : shape (F,)
        Minutes to leave of who drives, and way out of a fetching team.
    team_min : shape (F,)
        When the team of the centre is with the newborn; infinite where none comes.
    team_is_enough : shape (F,)
        The team brings the escort of the row: care begins with it.
    available : shape (F,)
        Where this way exists.
    short : shape (F,)
        The escort that should go with her is missing on the way, in part or whole.
    hand_overs : int
        Hand-overs beyond sender and destination.
    """

    by: Driver
    ready_min: Floats
    out_min: Floats
    team_min: Floats
    team_is_enough: Flags
    available: Flags
    short: Flags
    hand_overs: int

    def arrival_min(self, travel_min: Floats) -> Floats:
        """Return minutes from now until she is at the centre."""
        return self.ready_min + self.out_min + travel_min

    def plan(self, row: int, travel_min: float, escort: str | None) -> TransportPlan:
        """Return the public form for one centre."""
        short = (escort,) if escort is not None and self.short[row] else ()
        return TransportPlan(
            self.by,
            round(float(self.ready_min[row]), 1),
            round(float(self.out_min[row]), 1),
            round(travel_min, 1),
            short,
        )


def leaving(question: Question, need: RoutingNeed) -> tuple[Driver, float]:
    """Return who drives for the sender and the minutes to leave.

    A facility has a vehicle unless it says no; somebody outside every facility calls 120.
    """
    prices, stated = question.prices, question.request.transport.sender_vehicle
    somewhere = question.request.origin_facility is not None or question.request.case.sender.given
    own = stated if stated is not None else somewhere
    by: Driver = "sender" if own else "ems120"
    if need.never_bypass:
        return by, prices.never_bypass_leave_min
    return by, prices.leave_sender_min if own else prices.leave_ems120_min


def escort_of(question: Question, need: RoutingNeed) -> int:
    """Return how good an escort the sender has for this patient: 0 none, 1 basic, 2 critical.

    Not stated: a hospital has the basic one, a township or no facility has none.
    """
    stated = question.request.transport.sender_escort
    if stated is None:
        return BASIC if _is_hospital(question) else NONE
    side = "ESC-NEO" if need.patient == "newborn" else "ESC-OB"
    return max((_RANK[code] for code in stated if code.startswith(side)), default=NONE)


def _is_hospital(question: Question) -> bool:
    """Whether she is in more than a township institution: M1 or more, or a newborn centre."""
    sender = question.request.case.sender
    if sender.given:
        return (sender.maternal_level or 0) > 0 or sender.neonatal_level is not None
    row = question.origin_row
    centres = question.centres
    return row >= 0 and bool(centres.maternal[row] > 0 or centres.neonatal[row] > 0)


def options(question: Question, need: RoutingNeed) -> tuple[Option, ...]:
    """Return the ways she can get to the centres; every timed centre has at least one.

    A mother leaves at once with the best escort there is, whoever drives. A newborn goes with
    the sender's escort, is fetched, or is met on the way; without an escort and where the centre
    has no team, an ambulance without one is all there is, and the gap is named.
    """
    by, ready = leaving(question, need)
    own = escort_of(question, need)
    wanted = _RANK.get(need.escort or "", NONE)
    alone = _alone(question.centres.size, by, ready, own < wanted)
    if need.patient == "maternal":
        return (alone,)
    return _newborn(question, alone, own=own, wanted=wanted)


@lru_cache(maxsize=64)
def _alone(size: int, by: Driver, ready_min: float, short: bool) -> Option:
    """Return the sender's own way, the same to every centre; the arrays are not to be changed."""
    everywhere = np.ones(size, np.bool_)
    return Option(
        by=by,
        ready_min=np.full(size, ready_min),
        out_min=np.zeros(size),
        team_min=np.full(size, np.inf),
        team_is_enough=~everywhere,
        available=everywhere,
        short=np.full(size, short),
        hand_overs=0,
    )


def _newborn(question: Question, alone: Option, *, own: int, wanted: int) -> tuple[Option, ...]:
    centres, travel, leave = question.centres, question.expected_min, question.prices.leave_team_min
    team = centres.has("NEO_TRANSPORT")
    brings = np.where(centres.has("NEO_VENT"), CRITICAL, BASIC)
    enough = brings >= wanted
    start = np.maximum(alone.ready_min, leave)
    escorted = Option(
        by=alone.by,
        ready_min=alone.ready_min,
        out_min=alone.out_min,
        team_min=alone.team_min,
        team_is_enough=alone.team_is_enough,
        available=alone.available if own or not wanted else ~team,
        short=alone.short,
        hand_overs=0,
    )
    met = Option(
        by="meet",
        ready_min=start,
        out_min=alone.out_min,
        team_min=start + travel / 2,
        team_is_enough=enough,
        available=team,
        short=alone.short | ~enough,
        hand_overs=1,
    )
    fetched = Option(
        by="receiver_team",
        ready_min=np.full(centres.size, leave),
        out_min=travel,
        team_min=leave + travel,
        team_is_enough=enough,
        available=team,
        short=~enough,
        hand_overs=0,
    )
    return (escorted, met, fetched)


def meeting_after(ready_min: float, team_min: float, travel_min: float) -> tuple[float, float]:
    """Return when a patient and a team meet who drive towards each other, and how far she came.

    She leaves at ``ready_min``, the team at ``team_min``; the way between takes ``travel_min``.
    The second value is the share of the way that is behind her.

    Examples
    --------
    >>> meeting_after(20, 45, 175)
    (120.0, 0.5714285714285714)
    """
    if travel_min <= 0:
        return max(ready_min, team_min), 0.0
    met = (ready_min + team_min + travel_min) / 2
    met = min(max(met, ready_min, team_min), max(ready_min + travel_min, team_min))
    share = min(1.0, max(0.0, (met - ready_min) / travel_min))
    return met, share
