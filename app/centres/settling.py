"""What a person has to settle: whose it is, until when, and who is asked when nobody does.

The hospital settles it itself. What it has left alone goes up, office by office, with a notice to
both; at the top it is due again and again. Nothing leaves the list by age.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.service import commission_of
from app.centres import store_items, store_said
from app.centres.speaking import speaking_for
from app.centres.states import Settled
from app.centres.tables import WorkItem
from app.deadlines.service import cancel, set_deadline
from app.errors import NotFoundError
from app.notices.service import notify
from app.notices.states import Template
from app.work import Work
from app.worker.handling import Handler, Task

__all__ = ["DUE", "TO_SETTLE", "close_item", "handlers", "items_of", "open_item", "settle_item"]

DUE = "work_item_due"
TO_SETTLE = timedelta(hours=2)
LEVELS = ("county", "prefecture", "province")
WORK_ITEM = "work_item"


def open_item(session: Session, item: WorkItem, *, at: datetime) -> None:
    """Put something before its owner, with its deadline."""
    session.add(item)
    session.flush()
    set_deadline(session, DUE, item.id, item.deadline_at, province=item.province, at=at)


def close_item(session: Session, item: WorkItem, because: Settled, *, at: datetime) -> None:
    """End it, with its deadline."""
    item.closed_at = max(at, item.opened_at)
    item.closed_because = because
    session.add(item)
    session.flush()
    cancel(session, item.id, at=at)


def settle_item(work: Work, item_id: uuid.UUID, because: Settled) -> WorkItem:
    """Settle it, as the hospital or for it; one that is settled stays as it is.

    Raises
    ------
    NotFoundError
        There is none.
    NotYoursError
        It is for another hospital to settle, or for those above that one.
    """
    item = store_items.item_locked(work.session, item_id)
    if item is None:
        raise NotFoundError(WORK_ITEM, str(item_id))
    if item.owner_org != work.actor.org_id:
        speaking_for(work, item.facility_id)
    if item.closed_at is None:
        close_item(work.session, item, because, at=work.now)
    return item


def items_of(work: Work) -> Sequence[WorkItem]:
    """Return what the actor's organisation has to settle, the next deadline first."""
    return store_items.items_before(work.session, work.actor.org_id, work.actor.facility_id)


def handlers() -> Mapping[str, Handler]:
    """Return what is done when nobody has settled something in time."""
    return {DUE: Handler(act=_upward, lock=store_items.item_locked)}


def _upward(task: Task) -> None:
    """Give it to the next office above, and tell that one and the hospital."""
    item = store_items.item_locked(task.session, task.subject_id)
    if item is None or item.closed_at is not None:
        return
    ladder = _ladder(task.session, item)
    at = ladder.index(item.owner_org) if item.owner_org in ladder else -1
    item.owner_org = ladder[min(at + 1, len(ladder) - 1)]
    item.deadline_at = task.now + TO_SETTLE
    open_item(task.session, item, at=task.now)
    waited = int((task.now - item.opened_at).total_seconds() // 60)
    for org in dict.fromkeys((ladder[0], item.owner_org)):
        notify(
            task,
            org_id=org,
            template=Template.BEDS_DISAGREE,
            referral_id=item.id,
            params={"waited_min": waited, "ring": item.facility_id},
            subject_kind=WORK_ITEM,
        )


def _ladder(session: Session, item: WorkItem) -> list[uuid.UUID]:
    """Return the hospital and the offices above it that there are."""
    hospital = store_said.organisation_of(session, item.facility_id)
    if hospital is None:
        return [item.owner_org]
    above = (commission_of(session, level, hospital.division) for level in LEVELS)
    return list(dict.fromkeys((hospital.id, *(one for one in above if one is not None))))
