"""Reports to the institution in charge, and what was offered to an older woman."""

import uuid

from app.case_files import store
from app.case_files.acts.entering import Entered, entered
from app.case_files.acts.tables import CaseCounselling, CaseReport
from app.case_files.errors import FileRefusedError
from app.case_files.noting import noted
from app.case_files.sight import locked_for
from app.case_files.states import (
    REVIEWS,
    Answer,
    Capacity,
    FileStatus,
    ReportKind,
    Subject,
)
from app.case_files.tables import CaseFile
from app.case_files.watching import office_of, saved
from app.db_types import new_key
from app.events.scene import Scene
from app.keys.words import put
from app.work import Work

__all__ = ["add_counselling", "send_report"]

OF_A_DEATH = (ReportKind.MATERNAL_DEATH, ReportKind.DEATH_REVIEW)
DEAD = FileStatus.MATERNAL_DEATH
IN_CHARGE = (Capacity.RESIDENCE_COUNTY, Capacity.HOME_COUNTY)


def send_report(
    work: Work, file_id: uuid.UUID, kind: ReportKind, content: str, said: Entered, *, read: int
) -> CaseFile:
    """Send a report to the MCH institution of where she lives (R-REPORT-01 to 03, R-DUTY-05).

    A report of her risk is about the step of the colour that asks for one. A death and a near-miss
    are reviewed by the county in charge, wherever they happened and whether she was referred or
    not; the review is owed from the moment that either is on record.

    Raises
    ------
    FileRefusedError
        There is nothing to report, or nobody to report to.
    NotYourFileError
        A review is for the county in charge to make.
    """
    in_charge = IN_CHARGE if kind in REVIEWS else ()
    file = locked_for(work, file_id, *in_charge, read=read)
    office = office_of(work.session, file.residence_county)
    about = _about(work, file, kind)
    faults = ["nobody_in_charge"] if office is None else []
    if kind is ReportKind.RISK and about is None:
        faults.append("no_colour")
    if kind in OF_A_DEATH and file.status != DEAD:
        faults.append("nobody_died")
    if kind is ReportKind.NEAR_MISS and file.status == DEAD:
        faults.append("she_died")
    if kind is ReportKind.NEAR_MISS_REVIEW and not _near_miss(work, file):
        faults.append("no_near_miss")
    if faults or office is None:
        raise FileRefusedError(faults)
    key = new_key()
    row = CaseReport(
        **entered(work, file, CaseReport, key, said),
        about=about,
        kind=kind.value,
        to_org=office,
    )
    put(work.session, row, content=content)
    store.add(work.session, row)
    noted(work, file.id, "report_sent", what="case_report", object_id=key)
    return saved(Scene.of(work), file)


def _near_miss(work: Work, file: CaseFile) -> bool:
    reports = store.entries_of(work.session, CaseReport, file.id)
    return any(one.kind == ReportKind.NEAR_MISS for one in reports)


def add_counselling(
    work: Work,
    file_id: uuid.UUID,
    subject: Subject,
    answer: Answer,
    words: str,
    said: Entered,
    *,
    read: int,
) -> CaseFile:
    """Enter what was offered and what she answered (R-CASE-08): no is an answer, and respected."""
    file = locked_for(work, file_id, read=read)
    key = new_key()
    row = CaseCounselling(
        **entered(work, file, CaseCounselling, key, said),
        subject=subject.value,
        answer=answer.value,
    )
    put(work.session, row, said=words)
    store.add(work.session, row)
    noted(work, file.id, "counselled", what="case_counselling", object_id=key)
    return saved(Scene.of(work), file)


def _about(work: Work, file: CaseFile, kind: ReportKind) -> uuid.UUID | None:
    """Return the step into the colour that stands: what is owed is owed for that one."""
    if kind is not ReportKind.RISK:
        return None
    owed = [
        one.about
        for one in store.open_due(work.session, file.id)
        if one.kind == "report" and one.due_at is not None
    ]
    colours = store.colours_of(work.session, file.id)
    by_key = {str(one.id): one.id for one in colours}
    first = next((by_key[one] for one in owed if one in by_key), None)
    return first or (colours[-1].id if colours else None)
