"""What was stated of her when a destination was last asked for."""

import uuid
from collections.abc import Mapping

from sqlmodel import Session

from app.keys.words import document
from app.referrals import store

__all__ = ["stated_facts", "stated_in"]


def stated_in(session: Session, referral_id: uuid.UUID, fact: str) -> object:
    """Return a fact as it was stated for the last ranking; None where nobody stated it."""
    return stated_facts(session, referral_id).get(fact)


def stated_facts(session: Session, referral_id: uuid.UUID) -> Mapping[str, object]:
    """Return the facts that were stated for the last ranking."""
    found = store.last_recommendation(session, referral_id)
    facts = None if found is None else document(session, found, "asked").get("facts")
    return facts if isinstance(facts, dict) else {}
