"""Lists: referrals in scope, what has to be looked at, offers to a centre."""

import uuid
from datetime import timedelta

from app.referrals import store
from app.referrals.sight import OWN, visible_to
from app.referrals.tables import Offer, Referral
from app.work import Work

__all__ = ["offers_to_me", "referrals_in_scope", "worklist"]

LATELY = timedelta(hours=24)
"""So long an answered offer stays in the list of its centre; one that waits stays for good."""


def referrals_in_scope(
    work: Work, *, after: uuid.UUID | None, most: int, only_open: bool
) -> list[Referral]:
    """Return referrals that the actor may see, in the order in which they were begun."""
    scope = visible_to(work.actor, work.now)
    return list(store.page(work.session, scope, after=after, most=most, only_open=only_open))


def worklist(work: Work) -> list[Referral]:
    """Return every open referral that the actor may see, the next deadline first."""
    return list(store.worklist(work.session, visible_to(work.actor, work.now)))


def offers_to_me(work: Work) -> list[Offer]:
    """Return what the actor's centre is asked and was asked lately."""
    if work.actor.facility_id is None or work.actor.role not in OWN:
        return []
    return list(store.offers_to(work.session, work.actor.facility_id, since=work.now - LATELY))
