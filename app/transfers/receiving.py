"""What a receiver says of her, and what is told in its name while it is silent.

Arrival and hand-over are the receiver's to say (R-STATE-15). Where a centre has no account at
three in the morning whoever brought her enters its spoken word; until the centre confirms it the
sending hospital stays responsible (R-DUTY-01).
"""

import uuid

from app.events.scene import Scene
from app.keys.words import put, told
from app.notices.states import Template
from app.referrals import store as referrals
from app.referrals.answers import accept_for, withdraw_others
from app.referrals.asking import ask_centre, tell
from app.referrals.errors import NotYoursError
from app.referrals.service import advance
from app.referrals.speaking import speak
from app.referrals.states import Capacity, ReferralStatus
from app.referrals.tables import Referral
from app.referrals.watching import watch_now
from app.transfers.errors import JourneyRefusedError
from app.transfers.tables import Transfer
from app.work import Work

__all__ = ["accept_at_the_door", "only_where_she_goes", "scene_at_the_door", "told_for"]


def scene_at_the_door(work: Work, transfer: Transfer, said_by: str | None) -> Scene:
    """Return the scene of a receiver's act: its own, or its spoken word entered by another.

    A hospital outside the network has nobody here; whoever brought her reports for it.

    Raises
    ------
    JourneyRefusedError
        The centre is in the network, acts not itself, and nobody there is named who said it.
    """
    if _in_whose_name(work, transfer) is None:
        return Scene.of(work)
    if not (said_by or "").strip():
        raise JourneyRefusedError(["receiver_said_by_missing"])
    return Scene.of(work, said_by=(said_by or "").strip())


def told_for(work: Work, referral: Referral, transfer: Transfer, scene: Scene, what: str) -> None:
    """Keep a word told in the name of a centre until it confirms it; the centre is told."""
    org = _in_whose_name(work, transfer)
    if org is None or scene.hand.said_by is None:
        return
    speak(scene, work, referral, what=what, said_by=scene.hand.said_by, of_org=org)
    ring = referrals.facility_of(scene.session, referral.origin_org)
    tell(scene, referral, org, Template.TOLD_FOR_YOU, ring=ring)


def only_where_she_goes(work: Work, referral: Referral, transfer: Transfer) -> None:
    """Refuse a centre that is only asked and that she is not brought to.

    Raises
    ------
    NotYoursError
        She goes elsewhere.
    """
    mine = {
        party.capacity
        for party in referrals.parties(work.session, referral.id, at=work.now)
        if party.org_id == work.actor.org_id
    }
    if mine == {Capacity.OFFERED} and _in_whose_name(work, transfer) is not None:
        raise NotYoursError([Capacity.ACCEPTED])


def accept_at_the_door(scene: Scene, referral: Referral, transfer: Transfer) -> None:
    """Let who opens the door have accepted; no place need be free."""
    if transfer.destination_id is not None:
        offer = ask_centre(scene, referral, transfer.destination_id)
        accept_for(scene, referral, offer, place_or_not=True)
        return
    referral.destination_id = None
    outside = told(scene.session, transfer, "destination_outside")
    put(scene.session, referral, destination_outside=outside)
    watch = watch_now(scene.session, referral)
    advance(
        scene.session,
        referral.id,
        ReferralStatus.ACCEPTED,
        by=scene.hand,
        at=scene.now,
        watch=watch,
    )
    withdraw_others(scene, referral, but=None)


def _in_whose_name(work: Work, transfer: Transfer) -> uuid.UUID | None:
    """Return the centre of the network that she goes to, where it is not the actor's own."""
    org = referrals.organisation_at(work.session, transfer.destination_id)
    return None if org == work.actor.org_id else org
