"""Hand-over inside one medical community: no offer is needed, the time stamps are (R-GROUP-01)."""

import uuid

from app.accounts.service import in_one_community
from app.errors import NotFoundError
from app.events.scene import Scene
from app.notices.states import Template
from app.referrals import offering, store
from app.referrals.answers import accepted_watch, held_until, withdraw_others
from app.referrals.asking import colour_of, tell, tell_changed
from app.referrals.errors import RequestRefusedError
from app.referrals.noting import noted
from app.referrals.parties import join_org
from app.referrals.service import advance
from app.referrals.sight import locked_for
from app.referrals.states import Capacity, ReferralStatus
from app.referrals.tables import Referral
from app.referrals.watching import set_step
from app.work import Work

__all__ = ["accept_inside"]

ACTS = (Capacity.SENDER, Capacity.ENTERED_FOR_SENDER, Capacity.OFFERED, Capacity.COORDINATES)
ASKED = (ReferralStatus.REQUESTED, ReferralStatus.MATCHED, ReferralStatus.OFFERED)
REASON = "inside_the_community"


def accept_inside(work: Work, referral_id: uuid.UUID, facility_id: str, *, read: int) -> Referral:
    """Let another hospital of the sender's community take her, without an offer.

    Her places there are held like any others; whoever else was asked is asked no more.

    Raises
    ------
    RequestRefusedError
        The two are not of one community now.
    PlaceLostError
        It has no place for her; nothing was changed.
    """
    referral = locked_for(work, referral_id, *ACTS, read=read)
    org = store.organisation_at(work.session, facility_id)
    if org is None:
        raise NotFoundError("facility", facility_id)
    same = org == referral.origin_org
    if same or not in_one_community(work.session, referral.origin_org, org, at=work.now):
        raise RequestRefusedError(["not_one_community"])
    if referral.status not in ASKED:
        raise RequestRefusedError(["not_waiting"])
    scene = Scene.of(work)
    noted(work, referral.id, "accept_inside")
    row = store.last_row(work.session, referral.id, facility_id)
    until = held_until(scene, referral, row)
    offering.hold_as_ranked(work.session, referral, facility_id, at=work.now, until=until)
    withdraw_others(scene, referral, but=None)
    referral.destination_id, referral.destination_outside = facility_id, None
    advance(
        work.session,
        referral.id,
        ReferralStatus.ACCEPTED,
        by=scene.hand,
        at=work.now,
        watch=accepted_watch(scene, referral),
        reason=REASON,
    )
    join_org(scene, referral, Capacity.ACCEPTED, org)
    if until is not None:
        set_step(work.session, referral, "hold_ends", at=work.now, since=until)
    _tell(scene, referral, org)
    tell_changed(scene, referral)
    return referral


def _tell(scene: Scene, referral: Referral, org: uuid.UUID) -> None:
    """Nobody is moved without the other side knowing."""
    if org != scene.hand.org:
        tell(
            scene,
            referral,
            org,
            Template.COMING_INSIDE,
            colour=colour_of(scene, referral),
            ring=store.facility_of(scene.session, referral.origin_org),
        )
    if referral.origin_org != scene.hand.org:
        facility_id = store.facility_of(scene.session, org)
        tell(
            scene,
            referral,
            referral.origin_org,
            Template.ACCEPTED,
            facility=facility_id,
            ring=facility_id,
        )
