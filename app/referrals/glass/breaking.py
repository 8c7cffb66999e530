"""Breaking the glass: a look at a referral that is not one's own, for a reason and for a while."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from app import glass_store
from app.accounts.states import Actor, Role
from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.keyring import Bound, KeyRing
from app.referrals import store
from app.referrals.errors import RequestRefusedError
from app.referrals.noting import noted
from app.referrals.party_tables import BrokenGlass
from app.work import Work

__all__ = ["break_glass", "glasses_to_review", "reason_of", "review"]


def break_glass(
    work: Work, keys: KeyRing, number: str, *, reason: str, minutes: int
) -> BrokenGlass:
    """Let the actor see a referral for some minutes; it is reviewed by somebody else.

    Raises
    ------
    NotFoundError
        No referral has that number in the province.
    """
    referral = store.by_number(work.session, number.strip().upper())
    if referral is None or referral.province != work.actor.province:
        raise NotFoundError("referral", number)
    key = new_key()
    row = BrokenGlass(
        id=key,
        province=referral.province,
        referral_id=referral.id,
        user_id=work.actor.user_id,
        reason=keys.seal(reason, Bound("broken_glass", "reason", key)),
        from_at=work.now,
        until=work.now + timedelta(minutes=minutes),
    )
    store.add(work.session, row)
    noted(work, referral.id, "glass_broken", what="broken_glass", object_id=key)
    return row


def glasses_to_review(
    work: Work, *, after: tuple[bool, uuid.UUID] | None, most: int
) -> Sequence[BrokenGlass]:
    """Return the glasses broken in the province of the actor, what nobody has reviewed first."""
    return glass_store.glasses(
        work.session, BrokenGlass, work.actor.province, after=after, most=most
    )


def reason_of(keys: KeyRing, row: BrokenGlass, actor: Actor) -> str | None:
    """Return why it was done: to who did it, and to who reviews it."""
    if actor.role is Role.AUDITOR or actor.user_id == row.user_id:
        return keys.open(row.reason, Bound("broken_glass", "reason", row.id))
    return None


def review(work: Work, glass_id: uuid.UUID, *, justified: bool) -> BrokenGlass:
    """Say whether it was justified; nobody reviews herself.

    Raises
    ------
    RequestRefusedError
        It is one's own, or was reviewed before.
    """
    row = glass_store.glass_of(work.session, BrokenGlass, glass_id, work.actor.province)
    if row is None:
        raise NotFoundError("broken glass", str(glass_id))
    if faults := glass_store.faults_of_review(row, work.actor.user_id):
        raise RequestRefusedError(faults)
    row.reviewed_at, row.reviewed_by, row.justified = work.now, work.actor.user_id, justified
    store.add(work.session, row)
    noted(work, row.referral_id, "glass_reviewed", what="broken_glass", object_id=row.id)
    return row
