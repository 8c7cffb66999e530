"""Registration: one woman, one pregnancy, one file (P-14)."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.case_files import store
from app.case_files.belonging import held
from app.case_files.belonging.linking import LONGEST, gather
from app.case_files.errors import FileRefusedError, OpenFileError
from app.case_files.known.record import edd_of
from app.case_files.noting import noted
from app.case_files.parties import join_area, join_org
from app.case_files.sight import locked_for
from app.case_files.states import OPEN, Capacity, FileStatus
from app.case_files.tables import CaseFile
from app.case_files.watching import LOOK, LOOK_RULE, follow, saved
from app.db_types import new_key
from app.documents import dumps
from app.events.scene import Scene
from app.events.service import begin
from app.keys.words import put
from app.notices.service import begins
from app.notices.states import short_number
from app.patients.service import (
    entered_here,
    for_referral,
    keep_from_now,
    kind_of,
    records_of,
    require_sight,
)
from app.patients.sight import Sees
from app.patients.states import PatientKind, PatientSight
from app.work import Work
from routing.care.days import day_of

__all__ = ["Registration", "lives_in", "register"]

PAST = timedelta(weeks=6)
"""A file may be made after birth, until its last visit."""
APART = timedelta(weeks=22)
"""No two pregnancies of one woman end so near to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What is said at the first visit.

    Parameters
    ----------
    residence_county, home_county
        Where she lives and where her home is; of a woman who never moved they are one.
    township
        Where in the county, by the table of places.
    lmp, edd
        First day of the last menstrual period, and the due date; one says the other.
    facts
        What is known of her by now, as in an assessment.
    """

    patient_id: uuid.UUID
    residence_county: str
    home_county: str | None = None
    township: str | None = None
    lmp: date | None = None
    edd: date | None = None
    fetus_count: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def register(
    work: Work,
    said: Registration,
    *,
    sees: Sees,
    counties: Collection[str],
    townships: Mapping[str, str] | None = None,
) -> CaseFile:
    """Open the file of a pregnancy; who registers screens her next.

    A referral of hers that is open already belongs to it from now on.

    Parameters
    ----------
    townships
        The county of each township; None where the caller has looked at hers already.

    Raises
    ------
    NotFoundError
        The woman is out of sight.
    FileRefusedError
        It cannot be so; every reason is listed.
    OpenFileError
        She has a file that is open, or one of this pregnancy that was lost.
    """
    require_sight(work, sees, said.patient_id, PatientSight.MINIMUM)
    faults = _faults(work, said, counties, townships)
    if faults:
        raise FileRefusedError(faults)
    patient_id = for_referral(work, said.patient_id)
    _refuse_second(work, said, patient_id)
    keep_from_now(work, patient_id)
    scene = Scene.of(work)
    file = _begun(scene, work, said, patient_id)
    join_org(scene, file, Capacity.REGISTERED, work.actor.org_id)
    join_area(scene, file, Capacity.RESIDENCE_COUNTY, file.residence_county)
    if file.home_county != file.residence_county:
        join_area(scene, file, Capacity.HOME_COUNTY, file.home_county)
    gather(scene, file)
    follow(scene, file)
    noted(work, file.id, "registered")
    return file


def lives_in(work: Work, file_id: uuid.UUID, township: str, *, read: int) -> CaseFile:
    """Say in which township of her county she lives; into another county a file is handed over."""
    file = locked_for(work, file_id, read=read)
    file.township = township
    noted(work, file.id, "township_told")
    return saved(Scene.of(work), file)


def _begun(scene: Scene, work: Work, said: Registration, patient_id: uuid.UUID) -> CaseFile:
    key, edd = new_key(), said.edd or (said.lmp and edd_of(said.lmp))
    file = CaseFile(
        id=key,
        province=work.actor.province,
        patient_id=patient_id,
        number=short_number(key),
        status=FileStatus.REGISTERED.value,
        last_seq=1,
        owner_org=work.actor.org_id,
        next_due_at=scene.now + LOOK,
        next_step=LOOK_RULE,
        registered_org=work.actor.org_id,
        registered_at=scene.now,
        residence_county=said.residence_county,
        home_county=said.home_county or said.residence_county,
        township=said.township,
        lmp=None if said.lmp is None else said.lmp.isoformat(),
        edd=None if edd is None else edd.isoformat(),
        fetus_count=said.fetus_count,
    )
    put(work.session, file, facts=dumps(said.facts) if said.facts else None)
    begin(work.session, file, by=scene.hand, at=scene.now)
    store.add(work.session, file)
    held.begins(work.session, file)
    begins(work.session, file.id)
    return file


def _faults(
    work: Work,
    said: Registration,
    counties: Collection[str],
    townships: Mapping[str, str] | None,
) -> list[str]:
    today = day_of(work.now)
    lmp, edd = said.lmp, said.edd
    town, known = said.township, townships or {}
    looks = town is not None and townships is not None
    checks = (
        (kind_of(work.session, said.patient_id) is not PatientKind.MATERNAL, "no_mother"),
        (said.residence_county not in counties, "unknown_residence"),
        (said.home_county not in (None, *counties), "unknown_home"),
        (looks and town not in known, "no_such_township"),
        (
            looks and known.get(town or "", said.residence_county) != said.residence_county,
            "township_of_another_county",
        ),
        (lmp is not None and not today - LONGEST <= lmp <= today, "impossible_lmp"),
        (edd is not None and not today - PAST <= edd <= today + LONGEST, "impossible_edd"),
        (
            lmp is not None and edd is not None and abs(edd - edd_of(lmp)) > timedelta(weeks=4),
            "lmp_and_edd_disagree",
        ),
    )
    return [code for wrong, code in checks if wrong]


def _refuse_second(work: Work, said: Registration, patient_id: uuid.UUID) -> None:
    """Refuse a second file of one pregnancy, whichever of her records the first is of."""
    if entered_here(work.session, patient_id):
        return
    there = store.open_of(work.session, records_of(work.session, patient_id))
    if there is None:
        return
    expected = said.edd or (said.lmp and edd_of(said.lmp))
    known = None if there.edd is None else date.fromisoformat(there.edd)
    another = expected is not None and known is not None and expected - known > APART
    if there.status in OPEN or not another:
        raise OpenFileError(there.number, there.status)
