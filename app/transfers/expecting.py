"""When she is expected, and what her destination is told of it."""

from datetime import datetime, timedelta

from app.notices.states import Template
from app.referrals import store as referrals
from app.referrals.asking import colour_of, tell
from app.referrals.scene import Scene
from app.referrals.tables import Referral
from app.transfers.tables import Transfer

__all__ = ["expect", "tell_destination"]

UNKNOWN_MIN = 240
"""So long a journey is taken to last at most where nobody knows (assumed)."""


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
    if org is None:
        return
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
