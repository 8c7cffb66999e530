"""An open referral always has somebody who looks at it, until when, and what for.

The deadlines of a stage are set when it begins and called off when it ends; the referral itself
shows the next of them. They are rows: whatever dies, they are there and fall due.
"""

import uuid
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.service import commission_of
from app.deadlines.service import (
    cancel,
    let_pass,
    open_deadlines,
    set_deadline,
    set_deadlines,
)
from app.referrals import begun, store
from app.referrals.service import Watch
from app.referrals.states import START, ReferralStatus
from app.referrals.steps import (
    REMINDERS,
    Owner,
    Stage,
    Step,
    all_steps,
    of_stage,
    step_named,
)
from app.referrals.store_journey import escort_of
from app.referrals.tables import Referral

__all__ = [
    "again",
    "begin_stage",
    "drop_steps",
    "end_watch",
    "is_due",
    "keep_watch",
    "move_step",
    "office_of",
    "search_began",
    "set_step",
    "watch_hold",
    "watch_now",
]

STAGES = (
    Stage.REQUESTED,
    Stage.LEFT_ALONE,
    Stage.ACCEPTED,
    Stage.HELD,
    Stage.ARRIVED,
    Stage.HANDED_OVER,
    Stage.OUTCOME_REPORTED,
    Stage.STAYED,
)
"""One of these at a time; departure and spoken words run beside them."""
UPWARD = {
    Owner.COUNTY: (Owner.COUNTY, Owner.PREFECTURE, Owner.PROVINCE),
    Owner.PREFECTURE: (Owner.PREFECTURE, Owner.PROVINCE),
    Owner.PROVINCE: (Owner.PROVINCE,),
}


def begin_stage(
    session: Session,
    referral: Referral,
    stage: Stage,
    *,
    at: datetime,
    since: datetime | None = None,
) -> Watch:
    """Set what is due in a stage, call off what belonged to the one before, say what is next.

    Parameters
    ----------
    since
        What the minutes are counted from, where that is not now: the high estimate of arrival, or
        when the search began. A rung that has passed is not climbed again; where all have, the
        last one is due at once, for she has waited that long.
    """
    is_new = referral.status == ReferralStatus.DRAFT and begun.is_begun(session, referral.id)
    if stage in STAGES and not is_new:
        others = [step.step for step in all_steps() if step.after in STAGES]
        cancel(session, referral.id, others, at=at)
    steps = of_stage(stage, referral.priority)
    left = [step for step in steps if step.due(since or at) >= at] or steps[-1:]
    due = {step.step: max(step.due(since or at), at) for step in left}
    set_deadlines(session, referral.id, due, province=referral.province, at=at, is_new=is_new)
    return watch_now(session, referral)


def search_began(session: Session, referral: Referral) -> datetime | None:
    """Return since when a destination has been searched for: the request, or the last yes lost.

    Who loses a place, or is ranked again, has waited since then: the ladder does not begin anew.
    """
    found = None
    for event in store.events_of(session, referral.machine, referral.id):
        if event.to_status == "requested" or event.from_status == "accepted":
            found = event.at
    return found


def set_step(
    session: Session, referral: Referral, name: str, *, at: datetime, since: datetime | None = None
) -> None:
    """Set one step beside those of the stage."""
    step = step_named(name, referral.priority)
    set_deadline(
        session, step.step, referral.id, step.due(since or at), province=referral.province, at=at
    )


def move_step(
    session: Session, referral: Referral, name: str, *, at: datetime, since: datetime | None
) -> None:
    """Set a step to another time without its having been done: that it has passed stays known."""
    let_pass(session, name, referral.id, at=at)
    set_step(session, referral, name, at=at, since=since)


def is_due(session: Session, referral: Referral, name: str) -> bool:
    """Tell whether a step is still to be done."""
    return any(one.kind == name for one in open_deadlines(session, referral.id))


def drop_steps(session: Session, referral: Referral, *names: str, at: datetime) -> None:
    """Call off steps that are done or have become pointless."""
    cancel(session, referral.id, names, at=at)


def keep_watch(session: Session, referral: Referral, *, but: str = START) -> None:
    """Let the referral show what is next without moving it."""
    watch = watch_now(session, referral, but=but)
    referral.owner_org = watch.owner_org
    referral.deadline_at = watch.deadline_at
    referral.next_step = watch.next_step
    store.add(session, referral)


def watch_hold(session: Session, referral: Referral, *, at: datetime, holds: bool) -> None:
    """Let a hold that grows old ring those who coordinate, from when it began (R-HOLD-10)."""
    if not holds:
        drop_steps(session, referral, "review_hold", at=at)
    elif not referral.under_way and not is_due(session, referral, "review_hold"):
        set_step(session, referral, "review_hold", at=at)
    keep_watch(session, referral)


def again(session: Session, referral: Referral, step: Step, *, at: datetime) -> None:
    """Let a step that was due and is not settled be due once more."""
    if step.again_min is not None:
        due_at = at + timedelta(minutes=step.again_min)
        set_deadline(session, step.step, referral.id, due_at, province=referral.province, at=at)


def end_watch(session: Session, referral: Referral, *, at: datetime) -> None:
    """Call off everything: the referral is over."""
    cancel(session, referral.id, at=at)


def watch_now(session: Session, referral: Referral, *, but: str = START) -> Watch:
    """Return what is next for a referral; ``but`` is a step that is being done right now."""
    names = {step.step for step in all_steps()}
    waiting = [
        one
        for one in open_deadlines(session, referral.id)
        if one.kind in names and one.kind not in (but, *REMINDERS)
    ]
    if not waiting:
        raise AssertionError("an open referral with nothing due; every stage has a step")
    first = min(waiting, key=lambda one: (one.due_at, one.kind))
    step = step_named(first.kind, referral.priority)
    return Watch(office_of(session, referral, step.owner), first.due_at, step.step)


def office_of(session: Session, referral: Referral, owner: Owner) -> uuid.UUID:
    """Return the organisation that looks after a step; who has none is looked after from above.

    The hospital that sent her keeps her in the end (R-DUTY-01).
    """
    if owner is Owner.DESTINATION:
        return store.organisation_at(session, referral.destination_id) or referral.origin_org
    if owner is Owner.ESCORT:
        return escort_of(session, referral.id) or referral.origin_org
    for level in UPWARD.get(owner, ()):
        found = commission_of(session, level.value, referral.county)
        if found is not None:
            return found
    return referral.origin_org
