"""Whether somebody may still have to know who a patient is: what erasing waits for."""

import uuid

from sqlmodel import Session

from app.transfers import store

__all__ = ["still_needed"]


def still_needed(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether a referral is open, a journey not over, a word not confirmed, a look not reviewed.

    The database refuses the same (guard ``patient_identity_held`` of the seventh migration).
    """
    return store.is_needed(session, patient_id)
