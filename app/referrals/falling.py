"""What of a stage has fallen due: a step that is due again must not look as if it never was.

Whoever does a step when it is due sets it anew (R-TIME-06); the deadline that is shown moves on by
that. When it fell due first follows from the rows and from when the stage began.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.referrals.states import LOOKING, ReferralStatus
from app.referrals.steps import Stage, Step, of_stage, step_named
from app.referrals.tables import Referral

__all__ = ["Begun", "Move", "fell_due", "times_of"]

Move = tuple[str, str, datetime]
"""From which status to which, and when."""
LEFT_ALONE = "coordinator_decides"


@dataclass(frozen=True, slots=True)
class Begun:
    """Since when a destination is searched for, and since when somebody has said yes.

    None where that has not come yet: nobody asked, or nobody said yes.
    """

    searched: datetime | None = None
    accepted: datetime | None = None


def times_of(moves: Iterable[Move]) -> Begun:
    """Return since when; a yes that is lost begins the search anew, as the ladder does."""
    searched: datetime | None = None
    accepted: datetime | None = None
    for before, to, at in moves:
        lost = before == ReferralStatus.ACCEPTED and to in LOOKING
        if lost or to == ReferralStatus.REQUESTED:
            searched, accepted = at, None
        elif to == ReferralStatus.ACCEPTED:
            accepted = at
    return Begun(searched, accepted)


def fell_due(referral: Referral, begun: Begun, now: datetime) -> list[tuple[Step, datetime]]:
    """Return the steps whose time has passed in the search, or since the yes until she leaves."""
    if referral.status in LOOKING:
        found = _passed(Stage.REQUESTED, referral.priority, begun.searched, now)
        alone = _left_alone(referral, now)
        return sorted([*found, *alone], key=lambda one: one[1])
    if referral.status == ReferralStatus.ACCEPTED and not referral.under_way:
        return _passed(Stage.ACCEPTED, referral.priority, begun.accepted, now)
    return []


def _passed(
    stage: Stage, priority: int, since: datetime | None, now: datetime
) -> list[tuple[Step, datetime]]:
    if since is None:
        return []
    return [(one, one.due(since)) for one in of_stage(stage, priority) if one.due(since) < now]


def _left_alone(referral: Referral, now: datetime) -> list[tuple[Step, datetime]]:
    """Return that nobody is left to ask: due at once, so it fell due when it was set last."""
    if referral.next_step != LEFT_ALONE or referral.deadline_at is None:
        return []
    step = step_named(LEFT_ALONE, referral.priority)
    at = referral.deadline_at - timedelta(minutes=step.again_min or 0)
    return [(step, at)] if at <= now < referral.deadline_at else []
