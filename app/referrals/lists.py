"""Lists: referrals in scope, what has to be looked at and why, offers to a centre."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Literal

from app.accounts.states import Role
from app.referrals import store
from app.referrals.sight import OWN, visible_to
from app.referrals.states import WAITING, Capacity, ReferralStatus
from app.referrals.tables import Offer, Referral
from app.work import Work

__all__ = ["YOURS", "offers_to_me", "referrals_in_scope", "why_seen", "worklist"]

Why = Literal["owner", "asked", "coming", "brings", "sent", "in_sight"]
YOURS = ("owner", "asked", "coming", "brings")
"""Something waits for the organisation: a step, its answer, she herself, or her journey."""

LATELY = timedelta(hours=24)
"""So long an answered offer stays in the list of its centre; one that waits stays for good."""


def referrals_in_scope(
    work: Work, *, after: uuid.UUID | None, most: int, only_open: bool
) -> list[Referral]:
    """Return referrals that the actor may see, in the order in which they were begun."""
    scope = visible_to(work.actor, work.now)
    return list(store.page(work.session, scope, after=after, most=most, only_open=only_open))


def worklist(
    work: Work, offers: Collection[Offer], *, only: Collection[uuid.UUID] | None = None
) -> list[tuple[Referral, Why]]:
    """Return every open referral in sight and why: what is the actor's first, by deadline.

    ``offers`` are those to the centre of the actor; ``only`` are all that is asked for.
    """
    asked = {offer.referral_id for offer in offers if offer.status in WAITING}
    seen = store.worklist(work.session, visible_to(work.actor, work.now), only=only)
    found = [(one, why_seen(work, one, asked)) for one in seen]
    # A stable sort: within each half the order of the deadlines stays.
    return sorted(found, key=lambda one: one[1] not in YOURS)


def why_seen(work: Work, referral: Referral, asked: Collection[uuid.UUID]) -> Why:
    """Return what a referral in the list has to do with the organisation of the actor."""
    actor = work.actor
    if referral.owner_org == actor.org_id:
        return "owner"
    if referral.id in asked:
        return "asked"
    here = actor.facility_id is not None and referral.destination_id == actor.facility_id
    if here and referral.status == ReferralStatus.ACCEPTED:
        return "coming"
    if actor.role == Role.EMS120 and _brings(work, referral):
        return "brings"
    return "sent" if referral.origin_org == actor.org_id else "in_sight"


def _brings(work: Work, referral: Referral) -> bool:
    org = work.actor.org_id
    found = store.party(work.session, referral.id, Capacity.TRANSPORT, org_id=org)
    return found is not None


def offers_to_me(work: Work, *, only: Collection[uuid.UUID] | None = None) -> list[Offer]:
    """Return what the actor's centre is asked and was asked lately, or for ``only``."""
    if work.actor.facility_id is None or work.actor.role not in OWN:
        return []
    since = work.now - LATELY
    return list(store.offers_to(work.session, work.actor.facility_id, since=since, only=only))
