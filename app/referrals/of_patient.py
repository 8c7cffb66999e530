"""What referrals say of a patient: who sees her through them, and whether one is open."""

import uuid

from sqlmodel import Session

from app.case_files.service import seen_by_file
from app.patients.service import HasOpenReferral
from app.patients.states import PatientSight
from app.referrals import store
from app.referrals.sight import look, visible_to
from app.referrals.states import Sight
from app.work import Work

__all__ = ["open_referrals", "seen_by_referral", "whose_referral"]


def seen_by_referral(work: Work, patient_ids: tuple[uuid.UUID, ...]) -> PatientSight:
    """Return how much of somebody is seen through her referrals, and through her case files."""
    scope = visible_to(work.actor, work.now)
    found = store.visible_of_patients(work.session, patient_ids, scope)
    sights = {look(work, one).sight for one in found}
    if Sight.FULL in sights:
        return PatientSight.FULL
    through = seen_by_file(work, patient_ids)
    return PatientSight.MINIMUM if sights and through is PatientSight.NONE else through


def open_referrals(work: Work) -> HasOpenReferral:
    """Return the question whether a record has an open referral."""
    return lambda patient_id: store.open_of_patient(work.session, patient_id) is not None


def whose_referral(session: Session, referral_id: uuid.UUID) -> uuid.UUID | None:
    """Return the patient of a referral; None where there is no such referral."""
    return store.patient_of(session, referral_id)
