"""Asking centres: offers with whoever has to do with them, and the messages that go out."""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from app.events.scene import Scene
from app.live.service import announce
from app.notices.service import notify
from app.notices.states import Template
from app.referrals import kept, store
from app.referrals.errors import not_allowed
from app.referrals.new_offers import ask_next, ask_one
from app.referrals.offering import withdraw_one
from app.referrals.parties import join_org
from app.referrals.states import (
    EMERGENCIES,
    LOOKING,
    WAITING,
    Capacity,
    OfferStatus,
    ReferralStatus,
)
from app.referrals.steps import Owner, step_named
from app.referrals.tables import Offer, Referral
from app.referrals.watching import keep_watch, office_of, set_step, watch_now

__all__ = [
    "answer_wait",
    "ask_centre",
    "ask_centres",
    "colour_of",
    "nobody_left",
    "tell",
    "tell_changed",
]


def answer_wait(priority: int) -> timedelta:
    """Return how long one centre has to answer before another is asked as well."""
    step = "second_centre" if priority <= EMERGENCIES else "next_candidate"
    return timedelta(minutes=step_named(step, priority).minutes)


def ask_centres(
    scene: Scene, referral: Referral, *, most: int, again: bool = False
) -> tuple[Offer, ...]:
    """Ask the next centres of the stored ranking; none where it is at its end."""
    made = ask_next(
        scene.session,
        referral.id,
        most=most,
        by=scene.hand,
        at=scene.now,
        answer_by=scene.now + answer_wait(referral.priority),
        watch=watch_now(scene.session, referral),
        again=again,
    )
    for offer in made:
        _asked(scene, referral, offer)
    return made


def ask_centre(
    scene: Scene, referral: Referral, facility_id: str, *, because: str | None = None
) -> Offer:
    """Ask one centre by name, whatever its rank; one that waits already is asked no second time.

    One that was silent until its time had run out is asked anew. ``because`` is why it is asked out
    of its turn, for it to read.
    """
    if referral.status not in LOOKING:
        raise not_allowed(referral.machine, referral.status, ReferralStatus.OFFERED)
    for known in store.offers_of(scene.session, referral.id):
        if known.facility_id == facility_id and known.status in WAITING:
            return known
        if known.facility_id == facility_id and known.status == OfferStatus.LAPSED:
            withdraw_one(scene.session, known, by=scene.hand, at=scene.now, reason="asked_again")
    offer = ask_one(
        scene.session,
        referral.id,
        facility_id,
        by=scene.hand,
        at=scene.now,
        answer_by=scene.now + answer_wait(referral.priority),
        watch=watch_now(scene.session, referral),
        because=because,
    )
    _asked(scene, referral, offer)
    return offer


def tell(
    scene: Scene,
    referral: Referral,
    org_id: uuid.UUID,
    template: Template,
    **params: str | int | None,
) -> None:
    """Let an organisation be told; an exercise sends nothing."""
    notify(
        scene,
        org_id=org_id,
        template=template,
        referral_id=referral.id,
        params=params,
        drill=referral.drill,
    )


def tell_changed(scene: Scene, referral: Referral) -> None:
    """Let the screens of all who see a referral know that it has changed."""
    parties = store.parties(scene.session, referral.id, at=scene.now)
    announce(
        scene.session,
        kind="referral",
        subject_id=referral.id,
        version=referral.last_seq,
        province=referral.province,
        orgs={party.org_id for party in parties if party.org_id is not None},
        divisions={party.division for party in parties if party.division is not None},
        at=scene.now,
    )


def nobody_left(scene: Scene, referral: Referral) -> None:
    """Let those who coordinate decide, from now on: nobody in the ranking is left to be asked.

    What the sender may do meanwhile goes on: the ladder of the request is not called off.
    """
    set_step(scene.session, referral, "coordinator_decides", at=scene.now)
    join_org(
        scene,
        referral,
        Capacity.COORDINATES,
        office_of(scene.session, referral, Owner.PREFECTURE),
    )
    keep_watch(scene.session, referral)


def colour_of(scene: Scene, referral: Referral) -> str | None:
    """Return the colour that she was last assessed with."""
    return kept.colour_of(scene.session, store.last_recommendation(scene.session, referral.id))


def _asked(scene: Scene, referral: Referral, offer: Offer) -> None:
    """Let the centre see the least there is to see, and tell it."""
    org_id = store.organisation_at(scene.session, offer.facility_id)
    if org_id is None:
        raise AssertionError("a facility without its organisation; `init` makes one for each")
    join_org(scene, referral, Capacity.OFFERED, org_id)
    row = store.ranked_row(scene.session, offer)
    said = row["minutes"] if row else None
    minutes = int(said["expected"]) if isinstance(said, Mapping) else 0
    tell(
        scene,
        referral,
        org_id,
        Template.OFFER,
        colour=colour_of(scene, referral),
        minutes=minutes,
        answer_min=int(answer_wait(referral.priority).total_seconds() // 60),
        ring=store.facility_of(scene.session, referral.origin_org),
    )
