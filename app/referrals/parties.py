"""Who has to do with a referral: rows that begin and end, and nothing else decides who sees it."""

import uuid

from app.events.scene import Scene
from app.referrals import store
from app.referrals.party_tables import Party
from app.referrals.states import Capacity
from app.referrals.tables import Referral

__all__ = ["join_area", "join_org", "leave"]


def join_org(scene: Scene, referral: Referral, capacity: Capacity, org_id: uuid.UUID) -> None:
    """Let an organisation have to do with a referral from now on; again is once."""
    if store.party(scene.session, referral.id, capacity, org_id=org_id) is None:
        store.add(scene.session, _line(scene, referral, capacity, org_id=org_id))


def join_area(scene: Scene, referral: Referral, capacity: Capacity, division: str) -> None:
    """Let those who look after an area have to do with a referral from now on."""
    if store.party(scene.session, referral.id, capacity, division=division) is None:
        store.add(scene.session, _line(scene, referral, capacity, division=division))


def leave(scene: Scene, referral: Referral, capacity: Capacity, org_id: uuid.UUID) -> None:
    """Let an organisation have no more to do with it in this capacity."""
    found = store.party(scene.session, referral.id, capacity, org_id=org_id)
    if found is not None:
        found.to_at = max(scene.now, found.from_at)
        store.add(scene.session, found)


def _line(
    scene: Scene,
    referral: Referral,
    capacity: Capacity,
    *,
    org_id: uuid.UUID | None = None,
    division: str | None = None,
) -> Party:
    return Party(
        province=referral.province,
        referral_id=referral.id,
        capacity=capacity,
        org_id=org_id,
        division=division,
        from_at=scene.now,
    )
