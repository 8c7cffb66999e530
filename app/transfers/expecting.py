"""Where she goes, when she is expected, and what her destination is told of it."""

import uuid
from datetime import datetime, timedelta

from app.events.scene import Scene
from app.keys.words import told
from app.notices.states import Template
from app.referrals import store as referrals
from app.referrals.asking import colour_of, tell
from app.referrals.states import WAITING, OfferStatus
from app.referrals.tables import Referral
from app.transfers.tables import Transfer
from app.work import Work

__all__ = ["expect", "tell_destination", "tell_expected", "where_to"]

UNKNOWN_MIN = 240
"""So long a journey is taken to last at most where nobody knows (assumed)."""


def where_to(
    work: Work, referral: Referral, facility_id: str | None, outside: str | None
) -> tuple[str | None, str | None]:
    """Return where she goes: as said, else who has accepted, else who may still say yes.

    Of those the first that was asked; never by itself to who has said no (H-116).
    """
    if facility_id or outside:
        return facility_id, outside
    if referral.destination_id or referral.destination_outside:
        return referral.destination_id, told(work.session, referral, "destination_outside")
    offers = referrals.offers_of(work.session, referral.id)
    asked = [one for one in offers if one.status in (*WAITING, OfferStatus.LAPSED)]
    # Keys rise with time: a centre that the sender chose was asked before the first of the ranking.
    asked.sort(key=lambda one: (one.status == OfferStatus.LAPSED, one.id))
    return (asked[0].facility_id if asked else None), None


def expect(scene: Scene, referral: Referral, transfer: Transfer, minutes: int | None) -> None:
    """Say when she is expected, from the stored ranking or from who brings her."""
    low = high = minutes
    row = referrals.last_row(scene.session, referral.id, transfer.destination_id)
    if minutes is None and row is not None:
        said = row["minutes"]
        if isinstance(said, dict):
            low, high = int(said["low"]), int(said["high"])
    moment = scene.now
    transfer.eta_low_at = None if low is None else moment + timedelta(minutes=low)
    transfer.eta_high_at = moment + timedelta(minutes=UNKNOWN_MIN if high is None else high)


def tell_destination(
    scene: Scene, referral: Referral, transfer: Transfer, template: Template
) -> None:
    """Tell a centre of the network what becomes of her, and when she is expected."""
    org = referrals.organisation_at(scene.session, transfer.destination_id)
    if org is not None:
        tell_expected(scene, referral, transfer, template, org)


def tell_expected(
    scene: Scene, referral: Referral, transfer: Transfer, template: Template, org: uuid.UUID
) -> None:
    """Tell an organisation what becomes of her, and when she is expected."""
    tell(
        scene,
        referral,
        org,
        template,
        colour=colour_of(scene, referral),
        minutes=_minutes_left(scene.now, transfer),
        ring=referrals.facility_of(scene.session, referral.origin_org),
    )


def _minutes_left(now: datetime, transfer: Transfer) -> int:
    expected = transfer.eta_high_at or now
    return max(0, int((expected - now).total_seconds() // 60))
