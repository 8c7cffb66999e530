"""From a key to the record that counts: the one that others were merged into."""

import uuid

from sqlmodel import Session

from app.errors import NotFoundError
from app.patients import store
from app.patients.errors import ErasedPatientError, MergedPatientError
from app.patients.tables import Patient, PatientIdentity
from app.work import Work

__all__ = ["for_change", "for_referral", "one_locked", "records_of", "require", "root_of"]


def require(work: Work, patient_id: uuid.UUID) -> Patient:
    """Return a patient of the province of who acts.

    Raises
    ------
    NotFoundError
        There is none; another province is as good as nowhere.
    """
    found = store.patient_of(work.session, work.actor.province, patient_id)
    if found is None:
        raise NotFoundError("patient", str(patient_id))
    return found


def root_of(session: Session, patient_id: uuid.UUID) -> uuid.UUID:
    """Follow merges to the record that was kept."""
    while (into := store.merged_into(session, patient_id)) is not None:
        patient_id = into
    return patient_id


def records_of(session: Session, patient_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return all records that are one patient with this one, the kept one first."""
    return tuple(row.id for row in store.group_of(session, root_of(session, patient_id)))


def one_locked(work: Work, patient_id: uuid.UUID) -> tuple[Patient, PatientIdentity]:
    """Return a record that nobody else changes until this transaction ends."""
    found = store.locked(work.session, work.actor.province, [patient_id]).get(patient_id)
    if found is None:
        raise NotFoundError("patient", str(patient_id))
    return found


def for_change(work: Work, patient_id: uuid.UUID) -> tuple[Patient, PatientIdentity]:
    """Return a record to be changed.

    Raises
    ------
    MergedPatientError
        It was merged: the other one is to be changed.
    ErasedPatientError
        Her identity was erased.
    """
    patient, row = one_locked(work, patient_id)
    if row.merged_into is not None:
        raise MergedPatientError(patient_id, root_of(work.session, patient_id))
    if row.erased_at is not None:
        raise ErasedPatientError(patient_id)
    return patient, row


def for_referral(work: Work, patient_id: uuid.UUID) -> uuid.UUID:
    """Return the record a new referral has to name, and let nobody merge it meanwhile.

    Called before a referral is written, in its transaction: then a merge waits for the referral and
    sees it, or the referral waits for the merge and names the record that was kept.
    """
    while True:
        _, row = one_locked(work, patient_id)
        if row.merged_into is None:
            return patient_id
        patient_id = row.merged_into
