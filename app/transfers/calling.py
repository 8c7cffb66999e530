"""Calling the 120 of a county: it is told, sees the journey, and has no more to do with it after.

Its staff see vehicles and times, no diagnosis beyond the escort (R-ROLE-01, R-CONSENT-04).
"""

import uuid

from app.accounts.service import organisation_named
from app.accounts.signed_up import emergency_service
from app.accounts.states import OrganisationKind
from app.events.scene import Scene
from app.notices.states import Template
from app.referrals import store as referrals
from app.referrals.asking import colour_of, tell
from app.referrals.parties import join_org, leave
from app.referrals.states import Capacity
from app.referrals.tables import Referral
from app.transfers.states import Drives, TransferStatus
from app.transfers.tables import Transfer
from app.work import Work

__all__ = ["RING_120", "call_120", "let_120_go", "notes_of", "tell_120_where"]

RING_120 = "ring_120"
"""Nobody there sees the journey: its words are among the notes of the catalogues."""


def call_120(scene: Scene, work: Work, referral: Referral, transfer: Transfer) -> None:
    """Let the 120 in charge have to do with the journey, and tell it; it may be the actor."""
    if transfer.drives != Drives.EMS120 or work.actor.org_kind == OrganisationKind.EMS120:
        return
    org = emergency_service(work.session, referral.county, referral.origin_org, at=work.now)
    if org is None:
        return
    join_org(scene, referral, Capacity.TRANSPORT, org)
    _tell(scene, referral, org, Template.COME_FOR_HER, colour=colour_of(scene, referral))


def let_120_go(scene: Scene, referral: Referral, *, called_off: bool = False) -> None:
    """Let the 120 that brought her have no more to do with her; it is told to turn round.

    Where it is the 120 that calls off, the hospital is told that nobody comes.
    """
    for org in _services(scene, referral):
        leave(scene, referral, Capacity.TRANSPORT, org)
        if called_off and org != scene.hand.org:
            _tell(scene, referral, org, Template.NOT_NEEDED, colour=colour_of(scene, referral))
        elif called_off and org != referral.origin_org:
            tell(scene, referral, referral.origin_org, Template.NOT_COMING)


def tell_120_where(scene: Scene, referral: Referral, facility_id: str | None) -> None:
    """Tell the 120 that brings her that she goes elsewhere, where it has not said so itself."""
    for org in _services(scene, referral):
        if org != scene.hand.org:
            _tell(scene, referral, org, Template.DIVERTED, facility=facility_id)


def notes_of(work: Work, referral: Referral, transfer: Transfer) -> list[str]:
    """Return what whoever called a vehicle has to do besides, as codes."""
    waits = transfer.drives == Drives.EMS120 and transfer.status == TransferStatus.DISPATCHED
    return [RING_120] if waits and not _services(Scene.of(work), referral) else []


def _services(scene: Scene, referral: Referral) -> list[uuid.UUID]:
    """Return the 120 that bring her."""
    return [
        party.org_id
        for party in referrals.parties(scene.session, referral.id, at=scene.now)
        if party.capacity == Capacity.TRANSPORT
        and party.org_id is not None
        and (org := organisation_named(scene.session, party.org_id)) is not None
        and org.kind == OrganisationKind.EMS120
    ]


def _tell(
    scene: Scene, referral: Referral, org: uuid.UUID, template: Template, **more: str | None
) -> None:
    ring = referrals.facility_of(scene.session, referral.origin_org)
    tell(scene, referral, org, template, ring=ring, **more)
