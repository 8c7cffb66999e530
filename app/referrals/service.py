"""What may be done with a referral. Each act is one event in the transaction of the caller."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.case_files.service import handed_over
from app.centres.service import let_go, taken_up
from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.words import put
from app.notices.service import begins
from app.notices.states import short_number
from app.referrals import store
from app.referrals.errors import StaleVersionError
from app.referrals.events import Hand, begin, follow
from app.referrals.states import OFFER_NEXT, OfferStatus, ReferralStatus
from app.referrals.tables import Referral

__all__ = ["Watch", "advance", "draft_referral"]

UNKNOWN_COUNTY = "000000"
NO_DESTINATION = (ReferralStatus.MATCHED, ReferralStatus.STAYED)
"""Who is not accepted any more goes to nobody yet."""
GONE = (ReferralStatus.STAYED, ReferralStatus.CANCELLED, ReferralStatus.CLOSED)


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
    by: Hand | None = None,
    county: str = UNKNOWN_COUNTY,
    decided_at: datetime | None = None,
    raised_because: str | None = None,
    drill: bool = False,
    form_number: str | None = None,
    happened_at: datetime | None = None,
) -> Referral:
    """Begin a referral; the database refuses a second open one of the same patient."""
    key = new_key()
    referral = Referral(
        id=key,
        number=short_number(key),
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
        county=county,
        decided_at=decided_at,
        form_number=form_number,
        happened_at=happened_at,
    )
    put(session, referral, raised_because=raised_because)
    begin(session, referral, by=by or Hand(origin_org), at=at)
    store.add_new(session, referral)
    begins(session, key)
    return referral


def advance(
    session: Session,
    referral_id: uuid.UUID,
    wanted: ReferralStatus,
    *,
    by: Hand,
    at: datetime,
    watch: Watch | None,
    reason: str | None = None,
    read: int | None = None,
) -> Referral:
    """Move a referral one step.

    Parameters
    ----------
    at : datetime
        By the clock of the database.
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
    before = referral.status
    follow(session, referral, wanted, by=by, at=at, reason=reason)
    if wanted == ReferralStatus.HANDED_OVER:
        taken_up(session, referral_id)
        handed_over(session, referral_id, at=at)
    elif before == ReferralStatus.ACCEPTED or (
        wanted in GONE and before != ReferralStatus.OUTCOME_REPORTED
    ):
        _let_go(session, referral, by=by, at=at, reason=wanted)
    if before == ReferralStatus.ACCEPTED and wanted in NO_DESTINATION:
        referral.destination_id = referral.destination_outside = None
    referral.owner_org = watch.owner_org if watch else None
    referral.deadline_at = watch.deadline_at if watch else None
    referral.next_step = watch.next_step if watch else None
    store.add(session, referral)
    return referral


def _let_go(session: Session, referral: Referral, *, by: Hand, at: datetime, reason: str) -> None:
    """Free what was promised and withdraw what was asked: she does not come, at least not so."""
    let_go(session, referral.id, at=at)
    for offer in store.offers_of(session, referral.id):
        if OfferStatus.WITHDRAWN in OFFER_NEXT[offer.status]:
            follow(session, offer, OfferStatus.WITHDRAWN, by=by, at=at, reason=reason)
            store.add(session, offer)
