"""Who is asked and would be asked again goes on being asked: no minute begins anew.

A kept offer stands with the new ranking, for its acceptance holds what that ranking says. Where
what the centre was shown is no longer so, it is asked anew: a yes was not for what she is now.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.referrals import store
from app.referrals.kept import Kept, read
from app.referrals.question import FEW
from app.referrals.states import WAITING
from app.referrals.tables import Recommendation
from app.referrals.whom_to_ask import next_to_ask

__all__ = ["go_on_asking"]


def go_on_asking(session: Session, found: Recommendation, *, at_once: int, at: datetime) -> None:
    """Let offers that wait stand with a new ranking, where it asks the same of the same centre."""
    ranks = dict(next_to_ask(session, found, most=at_once, at=at, again=True))
    now = read(session, found)
    for offer in store.offers_of(session, found.referral_id):
        if offer.status in WAITING and offer.facility_id in ranks:
            before = read(session, store.recommendation_of(session, offer.recommendation_id))
            if _question(before, offer.facility_id) == _question(now, offer.facility_id):
                offer.recommendation_id, offer.rank = found.id, ranks[offer.facility_id]
                store.add(session, offer)


def _question(said: Kept, facility_id: str) -> str:
    """Return what a centre is asked, but for minutes and figures of free places."""
    row = said.row(facility_id) or {}
    shown = {name: said.assessment.get(name) for name in FEW}
    need = shown["need"]
    if isinstance(need, Mapping):
        shown["need"] = {name: one for name, one in need.items() if not name.endswith("_min")}
    listed = row.get("places", said.places)
    seats = [(one["seat"], one["kind"]) for one in listed] if isinstance(listed, list) else []
    asked = (shown, seats, bool(row.get("over_capacity")), row.get("role", "definitive"))
    return json.dumps(asked, sort_keys=True, default=str)
