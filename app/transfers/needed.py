"""Whether somebody may still have to know who a patient is: what erasing waits for."""

import uuid

from sqlmodel import Session

from app.case_files.service import has_open_file
from app.transfers import store

__all__ = ["still_needed"]


def still_needed(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether a referral or a case file is open, a word not confirmed, a look not reviewed.

    The database refuses the same (guard ``patient_identity_held`` of the seventh migration, and
    ``patient_identity_followed`` of the tenth).
    """
    return store.is_needed(session, patient_id) or has_open_file(session, patient_id)
