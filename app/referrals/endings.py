"""How a referral ends other than by hand-over: taken back, stayed with an expert team, closed."""

import uuid

from app.events.scene import Scene
from app.notices.states import Template
from app.patients.service import keep_from_now
from app.referrals import store
from app.referrals.asking import colour_of, tell, tell_changed
from app.referrals.errors import OverAlreadyError, RequestRefusedError, StaleVersionError
from app.referrals.noting import noted
from app.referrals.parties import leave
from app.referrals.reviews.reviewing import open_review
from app.referrals.service import advance
from app.referrals.sight import locked_for
from app.referrals.states import (
    REFERRAL,
    WAITING,
    CancelReason,
    Capacity,
    CloseReason,
    OfferStatus,
    ReferralStatus,
    StayReason,
)
from app.referrals.steps import Stage
from app.referrals.tables import Referral
from app.referrals.watching import begin_stage, drop_steps, end_watch, is_due
from app.vehicles.service import give_back_all
from app.work import Work

__all__ = ["cancel", "close", "end", "stay", "take_back"]

HAD = (*WAITING, OfferStatus.ACCEPTED, OfferStatus.LAPSED)
"""Whoever was asked, or has said yes, is told that it is over."""
SENDS = (Capacity.SENDER, Capacity.ENTERED_FOR_SENDER)
ENDS = (*SENDS, Capacity.ACCEPTED, Capacity.COORDINATES, Capacity.RESPONSIBLE_COUNTY)
OVER = (ReferralStatus.CLOSED, ReferralStatus.CANCELLED)
DIED = "died_"
ON_THE_ROAD = ("complete", "died_in_transit", "died_after_arrival")
"""Endings that the journey and the outcome bring about by themselves."""


def cancel(work: Work, referral_id: uuid.UUID, reason: CancelReason, *, read: int) -> Referral:
    """Take a request back, before she leaves; whoever is responsible may, and says why."""
    referral = _still_open(work, referral_id, *SENDS, Capacity.RESPONSIBLE_COUNTY, read=read)
    if referral.under_way:
        raise RequestRefusedError(["under_way"])
    noted(work, referral.id, "cancel")
    take_back(Scene.of(work), referral, reason=reason)
    return referral


def take_back(scene: Scene, referral: Referral, *, reason: str) -> None:
    """End a request that does not go on; those who were asked are told."""
    end(scene, referral, ReferralStatus.CANCELLED, reason=reason)


def stay(work: Work, referral_id: uuid.UUID, reason: StayReason, *, read: int) -> Referral:
    """Let her stay and the expert team come to her (R-HOLD-03); she is looked at again soon."""
    referral = _still_open(work, referral_id, *SENDS, Capacity.COORDINATES, read=read)
    if referral.under_way:
        raise RequestRefusedError(["under_way"])
    noted(work, referral.id, "stay")
    scene = Scene.of(work)
    asked = _asked(scene, referral)
    drop_steps(work.session, referral, "review_hold", at=work.now)
    watch = begin_stage(work.session, referral, Stage.STAYED, at=work.now)
    advance(
        work.session,
        referral.id,
        ReferralStatus.STAYED,
        by=scene.hand,
        at=work.now,
        watch=watch,
        reason=reason,
    )
    _let_go(scene, referral, asked)
    return referral


def close(work: Work, referral_id: uuid.UUID, reason: CloseReason, *, read: int) -> Referral:
    """Close it: she went by another path, was delivered here, died, or all is reported.

    One who is on the road is closed by what becomes of the journey.
    """
    referral = _still_open(work, referral_id, *ENDS, read=read)
    if referral.under_way:
        raise RequestRefusedError(["under_way"])
    if (reason in ON_THE_ROAD) != (referral.status == ReferralStatus.OUTCOME_REPORTED):
        raise RequestRefusedError(["reason_does_not_fit"])
    if reason == CloseReason.COMPLETE and is_due(work.session, referral, "complete_handover"):
        raise RequestRefusedError(["handover_incomplete"])
    keep_from_now(work, referral.patient_id)
    noted(work, referral.id, "close")
    end(Scene.of(work), referral, ReferralStatus.CLOSED, reason=reason)
    return referral


def end(scene: Scene, referral: Referral, status: ReferralStatus, *, reason: str) -> None:
    """Move a referral to its end: nothing is due any more, nobody is asked, nothing is held."""
    asked = _asked(scene, referral)
    end_watch(scene.session, referral, at=scene.now)
    advance(
        scene.session,
        referral.id,
        status,
        by=scene.hand,
        at=scene.now,
        watch=None,
        reason=reason,
    )
    give_back_all(scene.session, referral.id, at=scene.now)
    if reason.startswith(DIED):
        open_review(scene, referral, what=reason)
    if reason in ON_THE_ROAD:
        tell_changed(scene, referral)
        return
    _let_go(scene, referral, asked)
    if scene.hand.org != referral.origin_org:
        tell(scene, referral, referral.origin_org, Template.CANCELLED)


def _still_open(work: Work, referral_id: uuid.UUID, *capacities: Capacity, read: int) -> Referral:
    """Return a referral to be ended, locked. That it is over goes before that it has moved.

    Raises
    ------
    OverAlreadyError
        It was ended before.
    StaleVersionError
        It has moved since it was read.
    """
    referral = locked_for(work, referral_id, *capacities)
    if referral.status in OVER:
        last = store.events_of(work.session, REFERRAL, referral.id)[-1]
        raise OverAlreadyError(
            referral.status,
            at=last.at,
            by_org=last.by_org,
            by_role=last.by_role,
            why=last.reason,
        )
    if read != referral.last_seq:
        raise StaleVersionError(referral_id, read=read, now=referral.last_seq)
    return referral


def _asked(scene: Scene, referral: Referral) -> list[uuid.UUID]:
    """Return the organisations of the centres that were asked and not told otherwise."""
    found = [
        store.organisation_at(scene.session, offer.facility_id)
        for offer in store.offers_of(scene.session, referral.id)
        if offer.status in HAD
    ]
    return [org for org in dict.fromkeys(found) if org is not None]


def _let_go(scene: Scene, referral: Referral, orgs: list[uuid.UUID]) -> None:
    """Tell those who were asked that she does not come; they have no more to do with it."""
    tell_changed(scene, referral)
    for org in orgs:
        tell(scene, referral, org, Template.CANCELLED)
        for capacity in (Capacity.OFFERED, Capacity.ACCEPTED):
            leave(scene, referral, capacity, org)
    _turn_round(scene, referral, asked=orgs)


def _turn_round(scene: Scene, referral: Referral, *, asked: list[uuid.UUID]) -> None:
    """Tell who is on its way to fetch her that she does not go; it has no more to do with it."""
    ring = store.facility_of(scene.session, referral.origin_org)
    colour = colour_of(scene, referral)
    for party in store.parties(scene.session, referral.id, at=scene.now):
        if party.capacity != Capacity.TRANSPORT or party.org_id is None:
            continue
        leave(scene, referral, Capacity.TRANSPORT, party.org_id)
        if party.org_id not in (scene.hand.org, *asked):
            tell(scene, referral, party.org_id, Template.NOT_NEEDED, colour=colour, ring=ring)
