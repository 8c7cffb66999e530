"""Words spoken by telephone count at once, under the name of who entered them (R-PROXY-01)."""

import uuid
from datetime import timedelta

from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.words import sealed
from app.referrals import store
from app.referrals.errors import NotYoursError
from app.referrals.party_tables import SpokenWord
from app.referrals.scene import Scene
from app.referrals.sight import look
from app.referrals.states import OPEN, Capacity
from app.referrals.steps import step_named
from app.referrals.tables import Referral
from app.referrals.watching import drop_steps, keep_watch, set_step
from app.work import Work

__all__ = ["confirm_word", "speak"]

STEPS = {"request": "confirm_request", "acceptance": "confirm_acceptance"}


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
    word.confirmed_at, word.confirmed_by = work.now, work.actor.user_id
    store.add(work.session, word)
    drop_steps(work.session, referral, STEPS[what], at=work.now)
    if referral.status in OPEN:
        keep_watch(work.session, referral)
    return referral
