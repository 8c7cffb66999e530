"""She is sent back to the hospital that sent her: it sees her by a time, or is reminded (回转)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.accounts.states import Role
from app.deadlines.service import cancel, set_deadline
from app.errors import NotFoundError
from app.events.scene import Scene
from app.notices.states import Template
from app.referrals import store
from app.referrals.asking import tell, tell_changed
from app.referrals.errors import RequestRefusedError
from app.referrals.noting import noted
from app.referrals.returns import store as return_store
from app.referrals.returns.tables import ReturnReferral
from app.referrals.tables import Referral
from app.work import Work
from app.worker.handling import Handler, Task

__all__ = ["handlers", "open_return", "returns_of", "take_back"]

KIND = "return_referral"
TREATS = frozenset({Role.TOWNSHIP, Role.COUNTY_CLINICIAN, Role.COORDINATOR})
WITHIN, AGAIN = timedelta(days=3), timedelta(days=1)
"""Assumed, where the hospital that sends her back says no time; no rule gives one."""


def open_return(
    scene: Scene, referral: Referral, outcome_id: uuid.UUID, *, see_by: datetime | None
) -> None:
    """Let the hospital that sent her know that she comes back, and by when to see her."""
    row = ReturnReferral(
        province=referral.province,
        referral_id=referral.id,
        outcome_id=outcome_id,
        from_org=scene.hand.org,
        owner_org=referral.origin_org,
        opened_at=scene.now,
        due_at=see_by or scene.now + WITHIN,
    )
    return_store.add(scene.session, row)
    set_deadline(scene.session, KIND, row.id, row.due_at, province=referral.province, at=scene.now)
    tell(scene, referral, row.owner_org, Template.COMES_BACK)


def returns_of(work: Work) -> Sequence[ReturnReferral]:
    """Return who comes back to the actor's organisation, and whom it has sent back."""
    if work.actor.role not in TREATS:
        return ()
    return return_store.open_of(work.session, work.actor.org_id)


def take_back(work: Work, return_id: uuid.UUID) -> ReturnReferral:
    """Say that she was seen; who sent her does, and once.

    Raises
    ------
    NotFoundError
        Nobody comes back to this organisation under this key.
    RequestRefusedError
        She was seen before.
    """
    row = return_store.locked(work.session, return_id)
    if row is None or row.owner_org != work.actor.org_id:
        raise NotFoundError("return referral", str(return_id))
    if row.taken_at is not None:
        raise RequestRefusedError(["taken_back_before"])
    row.taken_at, row.taken_by = work.now, work.actor.user_id
    return_store.add(work.session, row)
    cancel(work.session, row.id, (KIND,), at=work.now)
    noted(work, row.referral_id, "taken_back", what="return_referral", object_id=row.id)
    tell_changed(Scene.of(work), store.referral_of(work.session, row.referral_id))
    return row


def handlers() -> Mapping[str, Handler]:
    """Return what is done when she should have been seen: both hospitals are reminded."""
    return {KIND: Handler(act=_remind, lock=return_store.locked)}


def _remind(task: Task) -> None:
    row = return_store.locked(task.session, task.subject_id)
    if row is None or row.taken_at is not None:
        return
    set_deadline(task.session, KIND, row.id, task.now + AGAIN, province=row.province, at=task.now)
    scene = Scene.of_system(task.session, task.now, row.owner_org)
    referral = store.referral_of(task.session, row.referral_id)
    for org in (row.owner_org, row.from_org):
        tell(scene, referral, org, Template.COMES_BACK)
