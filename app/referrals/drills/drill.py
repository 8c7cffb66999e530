"""Exercises run the whole path and touch nothing real (R-DRILL-01, R-STATE-16).

A real patient is never in an exercise, and an exercise never stands in the way of a real request:
where one of hers is open all the same, it ends.
"""

import uuid

from app.events.scene import Scene
from app.referrals import store
from app.referrals.endings import end
from app.referrals.noting import noted
from app.referrals.service import advance
from app.referrals.states import NEXT, CloseReason, ReferralStatus
from app.referrals.steps import Stage
from app.referrals.tables import Referral
from app.referrals.watching import begin_stage
from app.work import Work

__all__ = ["give_way", "was_real"]

S = ReferralStatus


def was_real(work: Work, patient_id: uuid.UUID) -> bool:
    """Tell whether somebody was ever referred in earnest, herself or her mother."""
    return store.any_real(work.session, patient_id)


def give_way(work: Work, drill: Referral) -> None:
    """End an exercise, wherever it stands: somebody asks for the same patient in earnest."""
    scene = Scene.of(work)
    if drill.status == S.HANDED_OVER:
        watch = begin_stage(work.session, drill, Stage.OUTCOME_REPORTED, at=work.now)
        advance(work.session, drill.id, S.OUTCOME_REPORTED, by=scene.hand, at=work.now, watch=watch)
    over = S.CLOSED if S.CLOSED in NEXT[drill.status] else S.CANCELLED
    end(scene, drill, over, reason=CloseReason.MOVED_BY_OTHER_PATH)
    drill.under_way = False
    noted(work, drill.id, "gave_way")
