"""Words spoken by telephone count at once, under the name of who entered them (R-PROXY-01)."""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from app.db_types import new_key
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.words import sealed
from app.referrals import store
from app.referrals.errors import NotYoursError
from app.referrals.party_tables import SpokenWord
from app.referrals.sight import look
from app.referrals.states import OPEN, Capacity
from app.referrals.steps import step_named
from app.referrals.tables import Referral
from app.referrals.watching import drop_steps, keep_watch, set_step
from app.work import Work

__all__ = ["acknowledge", "confirm_word", "not_confirmed", "said_yes", "speak"]

STEPS = {
    "request": "confirm_request",
    "acceptance": "confirm_acceptance",
    "arrival": "confirm_arrival",
    "hand_over": "confirm_hand_over",
}
RECEIPTS = ("arrival", "hand_over")
"""What only a receiver knows; while it has not confirmed, the sender is responsible (R-DUTY-01)."""
RECEIVED = ("accepted", "handed_over", "outcome_reported", "closed")
"""Where a referral may stand that has a receipt."""


def speak(
    scene: Scene,
    work: Work,
    referral: Referral,
    *,
    what: str,
    said_by: str,
    of_org: uuid.UUID,
    offer_id: uuid.UUID | None = None,
) -> SpokenWord:
    """Keep a spoken word, with the name of who said it and of who entered it."""
    minutes = step_named(STEPS[what], referral.priority).minutes
    key = new_key()
    word = SpokenWord(
        id=key,
        province=referral.province,
        referral_id=referral.id,
        offer_id=offer_id,
        what=what,
        said_by=sealed(work.session, SpokenWord, "said_by", key, said_by.strip()),
        of_org=of_org,
        entered_by=work.actor.user_id,
        entered_name=sealed(work.session, SpokenWord, "entered_name", key, work.actor.name),
        entered_at=work.now,
        confirm_by=work.now + timedelta(minutes=minutes),
    )
    store.add(scene.session, word)
    set_step(scene.session, referral, STEPS[what], at=scene.now)
    return word


def confirm_word(work: Work, referral_id: uuid.UUID, what: str) -> Referral:
    """Confirm what somebody entered in the name of the actor's organisation.

    Raises
    ------
    NotFoundError
        There is no word that waits to be confirmed.
    NotYoursError
        It is another organisation's word.
    """
    referral = look(work, referral_id).referral
    word = store.spoken_word(work.session, referral_id, what)
    if word is None:
        raise NotFoundError("spoken word", what)
    if word.of_org != work.actor.org_id:
        raise NotYoursError([Capacity.SENDER if what == "request" else Capacity.ACCEPTED])
    _confirm(work, referral, word)
    if what == "hand_over":
        acknowledge(work, referral)
    if referral.status in OPEN:
        keep_watch(work.session, referral)
    return referral


def acknowledge(work: Work, referral: Referral) -> None:
    """Confirm every receipt told in the name of the actor's organisation: it has her."""
    for word in store.words_of(work.session, referral.id):
        mine = word.of_org == work.actor.org_id and word.confirmed_at is None
        if mine and word.what in RECEIPTS:
            _confirm(work, referral, word)


def not_confirmed(referral: Referral, words: Collection[SpokenWord]) -> list[str]:
    """Return which receipts were told for a centre that has not confirmed them, as codes."""
    if referral.status not in RECEIVED:
        return []
    waits = {word.what for word in words if word.confirmed_at is None}
    return [f"{what}_not_confirmed" for what in RECEIPTS if what in waits]


def said_yes(referral: Referral, words: Sequence[SpokenWord]) -> SpokenWord | None:
    """Return the yes of where she goes, where it was told by telephone and entered by others."""
    if referral.status not in RECEIVED:
        return None
    return next((word for word in reversed(words) if word.what == "acceptance"), None)


def _confirm(work: Work, referral: Referral, word: SpokenWord) -> None:
    word.confirmed_at, word.confirmed_by = work.now, work.actor.user_id
    store.add(work.session, word)
    drop_steps(work.session, referral, STEPS[word.what], at=work.now)
