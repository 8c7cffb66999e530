"""What may be done with a referral. Each act is one event in the transaction of the caller."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.errors import NotFoundError
from app.referrals import store
from app.referrals.errors import StaleVersionError, TransitionError
from app.referrals.states import NEXT, REFERRAL, START, ReferralStatus
from app.referrals.tables import Referral, StatusEvent

__all__ = ["Watch", "advance", "draft_referral"]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who has to look at an open referral, until when, and what for."""

    owner_org: uuid.UUID
    deadline_at: datetime
    next_step: str


def draft_referral(
    session: Session,
    *,
    patient_id: uuid.UUID,
    origin_org: uuid.UUID,
    province: str,
    priority: int,
    watch: Watch,
    at: datetime,
    device_at: datetime | None = None,
    drill: bool = False,
) -> Referral:
    """Begin a referral; the database refuses a second open one of the same patient."""
    referral = Referral(
        province=province,
        patient_id=patient_id,
        origin_org=origin_org,
        status=ReferralStatus.DRAFT,
        last_seq=1,
        owner_org=watch.owner_org,
        deadline_at=watch.deadline_at,
        next_step=watch.next_step,
        priority=priority,
        drill=drill,
    )
    event = StatusEvent(
        machine=REFERRAL,
        subject_id=referral.id,
        seq=1,
        province=province,
        from_status=START,
        to_status=ReferralStatus.DRAFT,
        at=at,
        device_at=device_at,
        by_org=origin_org,
    )
    store.add(session, event)
    store.add(session, referral)
    return referral


def advance(
    session: Session,
    referral_id: uuid.UUID,
    wanted: ReferralStatus,
    *,
    by_org: uuid.UUID,
    at: datetime,
    watch: Watch | None,
    device_at: datetime | None = None,
    reason: str | None = None,
    read: int | None = None,
) -> Referral:
    """Move a referral one step.

    Parameters
    ----------
    at : datetime
        By the clock of the database. Where clocks of several machines disagree the event takes
        the time of the one before it, for time never goes back along a chain (R-STATE-10).
    watch : Watch | None
        Who looks after it from now on; None where it is over.
    read : int | None
        The version the caller had read; None takes whatever there is.

    Raises
    ------
    NotFoundError
        There is no such referral.
    StaleVersionError
        Somebody else moved it since it was read.
    TransitionError
        The move is not allowed from where it stands.
    """
    referral = store.locked(session, referral_id)
    if referral is None:
        raise NotFoundError("referral", str(referral_id))
    if read is not None and read != referral.last_seq:
        raise StaleVersionError(referral_id, read=read, now=referral.last_seq)
    if wanted not in NEXT[referral.status]:
        raise TransitionError(referral.status, wanted)
    last = store.last_event(session, REFERRAL, referral_id)
    if last is None:
        raise AssertionError("a referral without an event; the database would not have let it in")
    event = StatusEvent(
        machine=REFERRAL,
        subject_id=referral_id,
        seq=last.seq + 1,
        province=referral.province,
        prev_seq=last.seq,
        prev_at=last.at,
        from_status=last.to_status,
        to_status=wanted,
        at=max(at, last.at),
        device_at=device_at,
        by_org=by_org,
        reason=reason,
    )
    referral.status, referral.last_seq = wanted, event.seq
    referral.owner_org = watch.owner_org if watch else None
    referral.deadline_at = watch.deadline_at if watch else None
    referral.next_step = watch.next_step if watch else None
    store.add(session, event)
    store.add(session, referral)
    return referral
