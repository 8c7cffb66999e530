"""The vehicles that go along with a journey, until she is there."""

import uuid
from collections.abc import Sequence

from app.referrals import store as referrals
from app.referrals.tables import Referral
from app.transfers.states import Drives, TransferStatus
from app.transfers.tables import Transfer
from app.vehicles.service import give_back_all, take
from app.work import Work

__all__ = ["destination_org", "escorts", "send_home", "take_along"]


def escorts(work: Work, referral: Referral, drives: Drives) -> set[uuid.UUID]:
    """Return who goes with her besides the sender: who sends the vehicle, the team that fetches."""
    found = {work.actor.org_id}
    fetches = destination_org(work, referral)
    if drives is Drives.RECEIVER_TEAM and fetches is not None:
        found = {fetches}
    return found - {referral.origin_org}


def destination_org(work: Work, referral: Referral) -> uuid.UUID | None:
    """Return the organisation of the centre that has accepted; it sees her already."""
    if referral.destination_id is None:
        return None
    return referrals.organisation_at(work.session, referral.destination_id)


def take_along(work: Work, transfer: Transfer, vehicle_ids: Sequence[uuid.UUID]) -> None:
    """Take vehicles for a journey; they are expected home after the way there and back.

    Raises
    ------
    VehicleGoneError
        Somebody else has one of them.
    """
    high = transfer.eta_high_at
    back_at = None if high is None else high + (high - work.now)
    # In one order: two who want the same two wait for each other, and never in a circle.
    for key in sorted(set(vehicle_ids)):
        take(work, key, transfer.referral_id, back_at=back_at)


def send_home(work: Work, transfer: Transfer) -> None:
    """Let the vehicles of a journey drive home, which takes as long as the way there did."""
    events = referrals.events_of(work.session, transfer.machine, transfer.id)
    left = [event.at for event in events if event.to_status == TransferStatus.DEPARTED]
    home_at = work.now + (work.now - left[0]) if left else None
    give_back_all(work.session, transfer.referral_id, at=work.now, home_at=home_at)
