"""Answers of centres: yes, no with a reason, yes by telephone, yes from outside the network."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.words import put
from app.notices.states import Template
from app.referrals import errors, offering, store
from app.referrals.asking import (
    answer_wait,
    ask_centre,
    ask_centres,
    nobody_left,
    tell,
    tell_changed,
)
from app.referrals.declining import detail_faults
from app.referrals.errors import RequestRefusedError, not_allowed
from app.referrals.noting import noted
from app.referrals.offering import Answered
from app.referrals.parties import join_org, leave
from app.referrals.service import Watch, advance
from app.referrals.sight import locked_for, offer_to_me
from app.referrals.speaking import speak
from app.referrals.states import ASKS, OFFER_NEXT, WAITING, Capacity, OfferStatus, ReferralStatus
from app.referrals.steps import Stage
from app.referrals.tables import Offer, Referral
from app.referrals.watching import (
    begin_stage,
    drop_steps,
    is_due,
    keep_watch,
    search_began,
    set_step,
    watch_now,
)
from app.work import Work

__all__ = [
    "Said",
    "accept_by_word",
    "accept_for",
    "accept_offer",
    "accept_outside",
    "accepted_watch",
    "ask_by_name",
    "decline_offer",
    "held_until",
    "see_offer",
    "tell_withdrawn",
    "withdraw_others",
]

SHORTEST_HOLD = timedelta(hours=4)
AFTER_ARRIVAL = timedelta(hours=2)
"""A place is held until the later of the two (R-STATE-13)."""
DECLINES = 2
"""After so many, those who coordinate decide (R-REF-03)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a yes: the referral as it stands, and where the place was gone, what now."""

    referral: Referral
    offer: Offer
    answered: Answered


def see_offer(work: Work, offer_id: uuid.UUID) -> Offer:
    """Return an offer to the actor's centre; looking at it is seen by who asked."""
    offer, referral = _mine(work, offer_id)
    if offer.status == OfferStatus.OFFERED and offer.facility_id == work.actor.facility_id:
        offering.see(work.session, offer, by=Scene.of(work).hand, at=work.now)
        tell_changed(Scene.of(work), referral)
    return offer


def accept_offer(work: Work, offer_id: uuid.UUID, *, read: int | None = None) -> Said:
    """Say yes for the actor's centre. All seats are held at once, or the next centre is asked.

    Raises
    ------
    TransitionError
        Another centre was first, or the offer is over.
    """
    offer, referral = _mine(work, offer_id)
    _as_read(offer, read)
    noted(work, referral.id, "accept", what="offer", object_id=offer.id)
    return accept_for(Scene.of(work), referral, offer)


def accept_by_word(work: Work, referral_id: uuid.UUID, facility_id: str, *, said_by: str) -> Said:
    """Enter a yes that was spoken by telephone, under the name of who rang; it counts.

    The centre need not have been asked before, and confirms it later. Its word goes before our
    count: where no place is free it takes her all the same, and none is held.
    """
    referral = locked_for(work, referral_id, *ASKS)
    org = _centre(work, facility_id)
    if not said_by.strip():
        raise RequestRefusedError(["said_by_missing"])
    scene = Scene.of(work, said_by=said_by.strip())
    offer = ask_centre(scene, referral, facility_id)
    noted(work, referral.id, "accept_by_word", what="offer", object_id=offer.id)
    said = accept_for(scene, referral, offer, place_or_not=True)
    if said.answered.accepted and org != work.actor.org_id:
        speak(
            scene,
            work,
            referral,
            what="acceptance",
            said_by=said_by,
            of_org=org,
            offer_id=offer.id,
        )
        keep_watch(work.session, referral)
    return said


def accept_outside(
    work: Work, referral_id: uuid.UUID, institution: str, *, said_by: str, read: int
) -> Referral:
    """Note that a hospital outside the network takes her: as good a destination as any other."""
    referral = locked_for(work, referral_id, *ASKS, read=read)
    faults = [
        code
        for code, text in (("institution_missing", institution), ("said_by_missing", said_by))
        if not text.strip()
    ]
    if faults:
        raise RequestRefusedError(faults)
    scene = Scene.of(work, said_by=said_by.strip())
    noted(work, referral.id, "accept_outside")
    put(work.session, referral, destination_outside=institution.strip())
    referral.destination_id = None
    watch = accepted_watch(scene, referral)
    advance(
        work.session,
        referral.id,
        ReferralStatus.ACCEPTED,
        by=scene.hand,
        at=work.now,
        watch=watch,
        reason="outside_the_network",
    )
    withdraw_others(scene, referral, but=None)
    tell_changed(scene, referral)
    return referral


def accept_for(
    scene: Scene, referral: Referral, offer: Offer, *, place_or_not: bool = False
) -> Said:
    """Let a centre take her: hold its places, tell the others, begin what follows.

    ``place_or_not`` where she stands at its door, or it gave its word: no place need be free.
    """
    others = _waiting(scene, referral, but=offer)
    until = held_until(scene, referral, store.ranked_row(scene.session, offer))
    destination = referral.destination_id
    referral.destination_id, referral.destination_outside = offer.facility_id, None
    watch = accepted_watch(scene, referral)
    answered = offering.accept(
        scene.session,
        offer.id,
        by=scene.hand,
        at=scene.now,
        held_until=until,
        watch=watch,
        if_lost=Watch(watch.owner_org, scene.now + answer_wait(referral.priority), "remind"),
        is_there=place_or_not,
    )
    org = _org_of(scene, offer.facility_id)
    leave(scene, referral, Capacity.OFFERED, org)
    if not answered.accepted:
        referral.destination_id = destination
        _lost(scene, referral, org, answered)
        return Said(referral, offer, answered)
    join_org(scene, referral, Capacity.ACCEPTED, org)
    if until is not None:
        set_step(scene.session, referral, "hold_ends", at=scene.now, since=until)
    for facility_id in others:
        tell_withdrawn(scene, referral, facility_id)
    tell(
        scene,
        referral,
        referral.origin_org,
        Template.ACCEPTED,
        facility=offer.facility_id,
        ring=offer.facility_id,
    )
    tell_changed(scene, referral)
    return Said(referral, offer, answered)


def decline_offer(
    work: Work,
    offer_id: uuid.UUID,
    code: str,
    *,
    detail: str | None = None,
    read: int | None = None,
) -> Referral:
    """Say no for the actor's centre, with one of the reasons that there are; the next is asked.

    Raises
    ------
    DeclineRefusedError
        It is none of them (R-REF-02).
    RequestRefusedError
        The reason has to say which capability, or which centre has a bed, by its code, and no
        other reason says more; the centre is known to have none; or she is on the road.
    TransitionError
        The offer is over.
    """
    offer, referral = _mine(work, offer_id)
    _as_read(offer, read)
    if faults := detail_faults(work, code, detail, offer=offer):
        raise RequestRefusedError(faults)
    if OfferStatus.DECLINED not in OFFER_NEXT[offer.status]:
        raise not_allowed(offer.machine, offer.status, OfferStatus.DECLINED)
    scene = Scene.of(work)
    noted(work, referral.id, "decline", what="offer", object_id=offer.id)
    had_accepted = offer.status == OfferStatus.ACCEPTED
    # From departure only arrival, diversion or death lets go of a yes (R-STATE-13).
    if had_accepted and referral.under_way:
        raise RequestRefusedError(["under_way"])
    if had_accepted:
        referral.destination_id = None
        watch = begin_stage(work.session, referral, Stage.REQUESTED, at=work.now)
    else:
        watch = watch_now(work.session, referral)
    offering.decline(
        work.session, offer.id, code, by=scene.hand, at=work.now, watch=watch, detail=detail
    )
    for capacity in (Capacity.OFFERED, Capacity.ACCEPTED):
        leave(scene, referral, capacity, work.actor.org_id)
    tell(
        scene,
        referral,
        referral.origin_org,
        Template.DECLINED,
        facility=offer.facility_id,
        reason=code,
    )
    _go_on(scene, referral)
    if had_accepted:
        nobody_left(scene, referral)
    tell_changed(scene, referral)
    return referral


def ask_by_name(
    work: Work, referral_id: uuid.UUID, facility_id: str, *, because: str | None = None
) -> Offer:
    """Ask a centre that a person chooses, whatever its rank, and tell it why."""
    referral = locked_for(work, referral_id, *ASKS)
    _centre(work, facility_id)
    scene = Scene.of(work)
    offer = ask_centre(scene, referral, facility_id, because=because)
    noted(work, referral.id, "ask", what="offer", object_id=offer.id, why=because)
    tell_changed(scene, referral)
    return offer


def _go_on(scene: Scene, referral: Referral) -> None:
    """Ask the next centre; after two refusals, or at the end of the ranking, people decide."""
    declined = [
        offer
        for offer in store.offers_of(scene.session, referral.id)
        if offer.status == OfferStatus.DECLINED
    ]
    made = ask_centres(scene, referral, most=1)
    if len(declined) >= DECLINES or not (made or _waiting(scene, referral, but=None)):
        nobody_left(scene, referral)


def _lost(scene: Scene, referral: Referral, org: uuid.UUID, answered: Answered) -> None:
    """Go on where the place was gone: the ladder of the request runs on as it did."""
    since = search_began(scene.session, referral)
    begin_stage(scene.session, referral, Stage.REQUESTED, at=scene.now, since=since)
    tell(
        scene,
        referral,
        referral.origin_org,
        Template.PLACE_LOST,
        facility=store.facility_of(scene.session, org),
    )
    for facility_id in answered.asked_instead:
        join_org(scene, referral, Capacity.OFFERED, _org_of(scene, facility_id))
    if not answered.asked_instead and not _waiting(scene, referral, but=None):
        nobody_left(scene, referral)
    keep_watch(scene.session, referral)
    tell_changed(scene, referral)


def accepted_watch(scene: Scene, referral: Referral) -> Watch:
    """Begin what follows an acceptance; who is on the road already need not be told to leave.

    A yes brings her no nearer: when she is awaited stays as it was.
    """
    watch = begin_stage(scene.session, referral, Stage.ACCEPTED, at=scene.now)
    if referral.under_way:
        if not is_due(scene.session, referral, "arrival"):
            set_step(scene.session, referral, "arrival", at=scene.now)
        drop_steps(scene.session, referral, "departure", at=scene.now)
        watch = watch_now(scene.session, referral)
    return watch


def held_until(
    scene: Scene, referral: Referral, row: Mapping[str, object] | None
) -> datetime | None:
    """Return when the place is free again if she does not come; who is on the road keeps it."""
    if referral.under_way:
        return None
    row = row or {}
    minutes = row.get("minutes")
    late = row.get("time_to_care_min", 0.0)
    high = low = 0.0
    if isinstance(minutes, dict):
        high, low = float(minutes["high"]), float(minutes["expected"])
    arrival = scene.now + timedelta(minutes=float(str(late)) + high - low)
    return max(scene.now + SHORTEST_HOLD, arrival + AFTER_ARRIVAL)


def _waiting(scene: Scene, referral: Referral, *, but: Offer | None) -> list[str]:
    return [
        offer.facility_id
        for offer in store.offers_of(scene.session, referral.id)
        if offer.status in WAITING and (but is None or offer.id != but.id)
    ]


def withdraw_others(scene: Scene, referral: Referral, *, but: Offer | None) -> None:
    """Ask nobody any more but one; those who were asked are told."""
    waiting = _waiting(scene, referral, but=but)
    offering.withdraw(scene.session, referral.id, by=scene.hand, at=scene.now, reason="taken")
    for facility_id in waiting:
        tell_withdrawn(scene, referral, facility_id)


def tell_withdrawn(scene: Scene, referral: Referral, facility_id: str) -> None:
    """Let a centre know that it is asked no more; it has no more to do with her."""
    org = _org_of(scene, facility_id)
    tell(scene, referral, org, Template.WITHDRAWN)
    leave(scene, referral, Capacity.OFFERED, org)


def _org_of(scene: Scene, facility_id: str) -> uuid.UUID:
    found = store.organisation_at(scene.session, facility_id)
    if found is None:
        raise AssertionError("a facility without its organisation; `init` makes one for each")
    return found


def _centre(work: Work, facility_id: str) -> uuid.UUID:
    found = store.organisation_at(work.session, facility_id)
    if found is None:
        raise NotFoundError("facility", facility_id)
    return found


def _as_read(offer: Offer, read: int | None) -> None:
    """Refuse an answer to what the question no longer is."""
    if read is not None and read != offer.last_seq:
        raise errors.StaleVersionError(offer.id, read=read, now=offer.last_seq, what="offer")


def _mine(work: Work, offer_id: uuid.UUID) -> tuple[Offer, Referral]:
    """Return an offer to the actor's own centre and its referral, locked."""
    offer = offer_to_me(work, offer_id)
    referral = store.locked(work.session, offer.referral_id)
    if referral is None:
        raise AssertionError("an offer without its referral")
    work.session.refresh(offer)
    return offer, referral
