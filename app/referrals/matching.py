"""A ranking is made once and kept with what it was made from; nothing is solved twice."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.keys.words import put
from app.referrals import store
from app.referrals.errors import not_allowed
from app.referrals.events import Hand
from app.referrals.kept import know
from app.referrals.new_offers import locked_referral
from app.referrals.offering import withdraw
from app.referrals.service import Watch, advance
from app.referrals.states import ReferralStatus
from app.referrals.still_asked import go_on_asking
from app.referrals.tables import Recommendation, Referral

__all__ = ["keep", "match"]


def match(
    session: Session,
    referral_id: uuid.UUID,
    *,
    asked: Mapping[str, object],
    answer: Mapping[str, object],
    text: str | None = None,
    by: Hand,
    at: datetime,
    watch: Watch,
    read: int | None = None,
    diverting: bool = False,
    at_once: int = 0,
) -> Recommendation:
    """Keep a ranking with what it was made from; the referral is matched.

    Whoever was asked by an earlier ranking is asked no more, for her needs may be others now; but
    who would be asked the same again goes on being asked.

    Parameters
    ----------
    read
        The version of the referral that the ranking was made for; None takes whatever there is.
    diverting
        She was accepted and is sent elsewhere all the same. Without it an acceptance stands, also
        against a ranking that was begun before it.
    at_once
        So many would be asked by this ranking; by 0 nobody is asked on.

    Raises
    ------
    TransitionError
        She is accepted, and nobody said that she is diverted.
    """
    referral = locked_referral(session, referral_id)
    if referral.status == ReferralStatus.ACCEPTED and not diverting:
        raise not_allowed(referral.machine, referral.status, ReferralStatus.MATCHED)
    found = keep(session, referral, asked=asked, answer=answer, text=text, at=at)
    advance(session, referral_id, ReferralStatus.MATCHED, by=by, at=at, watch=watch, read=read)
    if at_once:
        go_on_asking(session, found, at_once=at_once, at=at)
    withdraw(session, referral_id, by=by, at=at, reason="matched_again", but=found.id)
    return found


def keep(
    session: Session,
    referral: Referral,
    *,
    asked: Mapping[str, object],
    answer: Mapping[str, object],
    text: str | None = None,
    at: datetime,
) -> Recommendation:
    """Keep a ranking with what it was made from; one that nobody is in moves nothing.

    ``text`` is the answer in JSON where somebody has written it already.
    """
    before = store.last_recommendation(session, referral.id)
    assessment = answer["assessment"]
    if not isinstance(assessment, Mapping):
        raise TypeError("an answer of recommend holds an assessment")
    found = Recommendation(
        province=referral.province,
        referral_id=referral.id,
        number=1 if before is None else before.number + 1,
        rule_set=str(assessment["rule_set"]),
        computed_at=at,
    )
    put(
        session,
        found,
        asked=json.dumps(asked, ensure_ascii=False),
        answer=text or json.dumps(answer, ensure_ascii=False),
    )
    store.keep_recommendation(session, found)
    if text is not None:
        know(found.id, answer)
    return found
