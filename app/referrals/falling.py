"""What has fallen due and is not done: a step that is due again must not look as if it never was.

Whoever does a step when it is due sets it anew (R-TIME-06); the deadline that is shown moves on by
that. When a rung of the search fell due follows from the rows and from when the search began; when
a step of the way, of the door or after the hand-over did is kept by its deadline.
"""

from collections.abc import Iterable, Mapping
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


def fell_due(
    referral: Referral, begun: Begun, first: Mapping[str, datetime], now: datetime
) -> list[tuple[Step, datetime]]:
    """Return the steps whose time has passed and that are not done, the first one first.

    ``first`` is when a step beside the search fell due (:func:`app.referrals.steps.set_anew`).
    """
    found = [(step_named(name, referral.priority), at) for name, at in first.items()]
    if referral.status in LOOKING:
        found += _passed(Stage.REQUESTED, referral.priority, begun.searched, now)
        found += _left_alone(referral, now)
    return sorted(found, key=lambda one: (one[1], one[0].minutes))


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
