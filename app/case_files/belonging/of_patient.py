"""What files say of a woman: who sees her through them, and whether one is open."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from app.case_files import store
from app.case_files.belonging.linking import link_newborn, link_to_file
from app.case_files.belonging.tables import CaseReferral
from app.case_files.sight import look, visible_to
from app.case_files.states import Capacity
from app.case_files.tables import CaseFile
from app.case_files.watching import DUE, LOOK_AT_BOOKING
from app.deadlines.service import set_deadline
from app.patients.service import records_of
from app.patients.states import PatientSight
from app.work import Work

__all__ = [
    "booked_of",
    "born_on_the_way",
    "file_of_referral",
    "handed_over",
    "has_open_file",
    "link_referral",
    "look_at_file",
    "reviewed",
    "seen_by_file",
    "whose_file",
]


def seen_by_file(work: Work, patient_ids: tuple[uuid.UUID, ...]) -> PatientSight:
    """Return how much of somebody is seen through her files: the least by an offer of one."""
    scope = visible_to(work.actor, work.now)
    found = work.session.exec(
        select(CaseFile.id).where(col(CaseFile.patient_id).in_(patient_ids), scope)
    ).all()
    if not found:
        return PatientSight.NONE
    only_offered = all(look(work, one).capacities == {Capacity.OFFERED_COUNTY} for one in found)
    return PatientSight.MINIMUM if only_offered else PatientSight.FULL


def look_at_file(work: Work, patient_id: uuid.UUID) -> None:
    """Have the file of a woman looked at: who she is, or who belongs to her, may say more now."""
    file = store.open_of(work.session, records_of(work.session, patient_id))
    if file is not None:
        _look(work.session, file, at=work.now)


def has_open_file(session: Session, patient_id: uuid.UUID) -> bool:
    """Tell whether a record has a file that is open or was lost: it is not merged away."""
    return store.open_of(session, [patient_id]) is not None


def booked_of(session: Session, patient_id: uuid.UUID) -> str | None:
    """Return the facility where a patient is booked for her birth; None without a file or place."""
    file = store.open_of(session, records_of(session, patient_id))
    return None if file is None else file.booked_facility_id


def link_referral(work: Work, patient_id: uuid.UUID, referral_id: uuid.UUID) -> None:
    """Note in the file of a woman that she or her newborn is referred; who has none goes without.

    The file itself is not locked here, for a referral waits for nobody: what follows for the file
    is worked out a moment later.
    """
    file = link_to_file(work.session, patient_id, referral_id, at=work.now)
    if file is not None:
        _look(work.session, file, at=work.now)


def born_on_the_way(
    session: Session, referral_id: uuid.UUID, newborns: Iterable[uuid.UUID], *, at: datetime
) -> None:
    """Note in the file of a woman who is referred that she has given birth on the way."""
    file_id = file_of_referral(session, referral_id)
    file = None if file_id is None else store.file_of(session, file_id)
    if file is not None:
        for newborn in newborns:
            link_newborn(session, file, newborn, at=at)
        _look(session, file, at=at)


def reviewed(session: Session, referral_id: uuid.UUID, *, at: datetime) -> None:
    """Have a file looked at where a death or near-miss of its referral was reviewed."""
    file_id = file_of_referral(session, referral_id)
    file = None if file_id is None else store.file_of(session, file_id)
    if file is not None:
        _look(session, file, at=at)


def _look(session: Session, file: CaseFile, *, at: datetime) -> None:
    set_deadline(session, DUE, file.id, at, province=file.province, at=at)


def handed_over(session: Session, referral_id: uuid.UUID, *, at: datetime) -> None:
    """Have the booking of a woman looked at who was handed over to a hospital."""
    file_id = file_of_referral(session, referral_id)
    file = None if file_id is None else store.file_of(session, file_id)
    if file is not None and file.opened_at is not None:
        set_deadline(session, LOOK_AT_BOOKING, file.id, at, province=file.province, at=at)


def file_of_referral(session: Session, referral_id: uuid.UUID) -> uuid.UUID | None:
    """Return the file of the woman who is referred; a newborn has none of its own."""
    return session.exec(
        select(CaseReferral.file_id).where(
            CaseReferral.referral_id == referral_id, col(CaseReferral.newborn_id).is_(None)
        )
    ).first()


def whose_file(session: Session, file_id: uuid.UUID) -> uuid.UUID | None:
    """Return the woman of a file; None where there is no such file."""
    file = store.file_of(session, file_id)
    return None if file is None else file.patient_id
