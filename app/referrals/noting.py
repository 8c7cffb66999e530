"""Writing down, in the record of a referral, what was done with it and who looked at it."""

import uuid

from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.work import Work

__all__ = ["noted"]


def noted(
    work: Work,
    referral_id: uuid.UUID,
    act: str,
    *,
    what: str = "referral",
    object_id: uuid.UUID | None = None,
    scope: str | None = None,
    why: str | None = None,
    read: bool = False,
) -> None:
    """Write an act, or a look, into the chain of a referral."""
    record(
        work,
        chain=chain_of(Chain.REFERRAL, referral_id),
        act=act,
        object_kind=what,
        object_id=object_id or referral_id,
        scope=scope,
        why=why,
        read=read,
    )
