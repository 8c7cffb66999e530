"""A death or a near-miss opens a review that somebody owes (R-DUTY-05, R-REPORT-03)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.accounts.service import mch_of
from app.accounts.states import ON_DUTY, Role
from app.case_files.service import reviewed
from app.deadlines.service import cancel, set_deadline
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.keyring import Bound, KeyRing
from app.notices.states import Template
from app.referrals import store
from app.referrals.asking import tell
from app.referrals.errors import RequestRefusedError
from app.referrals.noting import noted
from app.referrals.reviews import store as review_store
from app.referrals.reviews.tables import CaseReview
from app.referrals.steps import Owner
from app.referrals.tables import Referral
from app.referrals.watching import office_of
from app.work import Work
from app.worker.handling import Handler, Task

__all__ = ["NEAR_MISS", "close_review", "handlers", "open_review", "reviews_of"]

KIND = "case_review"
NEAR_MISS = "near_miss"
AFTER_DEATH, AFTER_NEAR_MISS, AGAIN = timedelta(days=2), timedelta(days=7), timedelta(days=1)
"""R-REPORT-03 says two days for a mother; for a newborn, a near-miss, and how often again, is
assumed."""
REVIEWS = frozenset({Role.MCH_MANAGER, *ON_DUTY})


def open_review(scene: Scene, referral: Referral, *, what: str) -> None:
    """Open a review: the MCH institution of the county owes it, else its commission.

    An exercise has none, and what is said twice is reviewed once.
    """
    if referral.drill or review_store.opened(scene.session, referral.id, what):
        return
    owner = mch_of(scene.session, referral.county)
    row = CaseReview(
        province=referral.province,
        referral_id=referral.id,
        what=what,
        owner_org=owner or office_of(scene.session, referral, Owner.COUNTY),
        opened_at=scene.now,
        due_at=scene.now + (AFTER_NEAR_MISS if what == NEAR_MISS else AFTER_DEATH),
    )
    review_store.add(scene.session, row)
    set_deadline(scene.session, KIND, row.id, row.due_at, province=referral.province, at=scene.now)
    _tell(scene, row)


def reviews_of(work: Work) -> Sequence[CaseReview]:
    """Return what the actor's organisation has to review."""
    if work.actor.role not in REVIEWS:
        return ()
    return review_store.open_of(work.session, work.actor.org_id)


def close_review(work: Work, keys: KeyRing, review_id: uuid.UUID, learned: str) -> CaseReview:
    """Close a review with what was learned; who owes it does, and once.

    Raises
    ------
    NotFoundError
        There is none that this organisation owes.
    RequestRefusedError
        It was closed before.
    """
    row = review_store.locked(work.session, review_id)
    if row is None or row.owner_org != work.actor.org_id or work.actor.role not in REVIEWS:
        raise NotFoundError("case review", str(review_id))
    if row.closed_at is not None:
        raise RequestRefusedError(["reviewed_before"])
    row.closed_at, row.closed_by = work.now, work.actor.user_id
    row.learned = keys.seal(learned, Bound("case_review", "learned", row.id))
    review_store.add(work.session, row)
    cancel(work.session, row.id, (KIND,), at=work.now)
    noted(work, row.referral_id, "case_reviewed", what="case_review", object_id=row.id)
    reviewed(work.session, row.referral_id, at=work.now)
    return row


def handlers() -> Mapping[str, Handler]:
    """Return what is done when a review is due: who owes it is reminded, until it is closed."""
    return {KIND: Handler(act=_remind, lock=review_store.locked)}


def _remind(task: Task) -> None:
    row = review_store.locked(task.session, task.subject_id)
    if row is None or row.closed_at is not None:
        return
    set_deadline(task.session, KIND, row.id, task.now + AGAIN, province=row.province, at=task.now)
    _tell(Scene.of_system(task.session, task.now, row.owner_org), row)


def _tell(scene: Scene, row: CaseReview) -> None:
    referral = store.referral_of(scene.session, row.referral_id)
    tell(scene, referral, row.owner_org, Template.REVIEW_DUE)
