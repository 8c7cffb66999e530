"""What belongs to a file: referrals of the woman and of her newborns, and the newborns themselves.

By who she is on record and by nothing else: two records are one woman once somebody has merged
them, and a newborn is hers once somebody has said so.
"""

import uuid
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.case_files import store
from app.case_files.belonging import held
from app.case_files.belonging import store as store_links
from app.case_files.belonging.tables import CaseNewborn, CaseReferral
from app.case_files.states import FOLLOWED, FileStatus
from app.case_files.tables import CaseFile
from app.events.scene import Scene
from app.patients.service import entered_here, records_of
from routing.care.days import PREGNANCY_DAYS, day_begins

__all__ = ["LONGEST", "gather", "link_newborn", "link_to_file"]

LONGEST = timedelta(weeks=44)
"""R-DATA-02: nobody is pregnant for longer."""
NOT_BORN_OF = (FileStatus.PREGNANCY_LOST, FileStatus.TERMINATED)


def link_to_file(
    session: Session, patient_id: uuid.UUID, referral_id: uuid.UUID, *, at: datetime
) -> CaseFile | None:
    """Link a referral to the file of a woman, or that of a newborn to the file of its mother.

    None where there is no file.
    """
    records = records_of(session, patient_id)
    file = store.open_of(session, records)
    newborn = None if file is not None else store_links.newborn_of(session, records)
    if newborn is not None:
        file = _file_of_birth(session, newborn)
    if file is None:
        return None
    if newborn is not None:
        link_newborn(session, file, newborn.id, at=at)
    row = CaseReferral(
        province=file.province,
        file_id=file.id,
        referral_id=referral_id,
        newborn_id=None if newborn is None else newborn.id,
        at=at,
    )
    store.add(session, row)
    return file


def link_newborn(session: Session, file: CaseFile, newborn_id: uuid.UUID, *, at: datetime) -> None:
    """Note in a file that a newborn is of its birth; twice is once."""
    if not _is_linked(session, file, newborn_id):
        row = CaseNewborn(province=file.province, file_id=file.id, newborn_id=newborn_id, at=at)
        store.add(session, row)


def _is_linked(session: Session, file: CaseFile, newborn_id: uuid.UUID) -> bool:
    """Whether a newborn belongs to a file; who was entered here belongs to none from before."""
    mine = held.rows(session, file.id, CaseNewborn)
    if mine is not None and entered_here(session, newborn_id):
        return any(one.newborn_id == newborn_id for one in mine)
    return store_links.is_linked(session, newborn_id)


def gather(scene: Scene, file: CaseFile) -> None:
    """Link what was there before the file, or came to her by a merge or a word since.

    Of a woman whom a batch has entered with her file nothing was there before.
    """
    if file.status not in FOLLOWED:
        return
    session = scene.session
    if entered_here(session, file.patient_id) and held.begun(session, file.id) is not None:
        return
    hers = records_of(session, file.patient_id)
    theirs: list[uuid.UUID] = []
    for one in store_links.born_to(session, hers):
        found = _file_of_birth(session, one)
        if found is not None and found.id == file.id:
            link_newborn(session, file, one.id, at=scene.now)
            theirs += records_of(session, one.id)
    for referral_id, patient_id in store_links.unlinked_referrals(session, (*hers, *theirs)):
        link_to_file(session, patient_id, referral_id, at=scene.now)


def _file_of_birth(session: Session, newborn: store_links.Born) -> CaseFile | None:
    """Return the file of the pregnancy that a newborn is of: the last that had begun by then."""
    known = store_links.file_of_newborn(session, newborn.id)
    if known is not None:
        return store.file_of(session, known)
    files = store.of_patients(session, records_of(session, newborn.mother_id))
    return next(
        (one for one in files if one.status not in NOT_BORN_OF and _begins(one) <= newborn.at),
        None,
    )


def _begins(file: CaseFile) -> datetime:
    if file.lmp is not None:
        return day_begins(date.fromisoformat(file.lmp))
    if file.edd is not None:
        return day_begins(date.fromisoformat(file.edd) - timedelta(days=PREGNANCY_DAYS))
    return file.registered_at - LONGEST
