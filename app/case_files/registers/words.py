"""The few words by which registers are made and files are counted.

What is known of a woman is sealed, and a list has to be a condition of the database: the words
stand beside it. They are worked out with what is owed, after every act and whenever something falls
due. Unknown stays unknown: it is in the lists, and in neither side of a count.
"""

from collections.abc import Collection

from sqlmodel import Session

from app.case_files.known.care import care_rules
from app.case_files.states import FileStatus
from app.case_files.tables import CaseFile
from app.patients.service import person_of
from routing.care.completeness import kept_by
from routing.care.due import DueItem
from routing.care.knowing import truth_of
from routing.care.pregnancy import Pregnancy
from routing.triage.completion import complete
from routing.triage.expression import Known, Truth

__all__ = ["enter_registers"]

FROM_35, PREVIOUS_CAESAREAN = "R-CASE-02-age", "R-CASE-02-caesarean"
"""The rows of ``opening.csv`` whose conditions the two registers have."""


def enter_registers(
    session: Session, file: CaseFile, pregnancy: Pregnancy, items: Collection[DueItem]
) -> None:
    """Bring the words of a file up to what is known of her, and to how it is kept (R-IND-09)."""
    known = complete(care_rules().rules, pregnancy.facts, patient="maternal").known
    file.from_35 = _truth(FROM_35, known)
    file.previous_caesarean = _truth(PREVIOUS_CAESAREAN, known)
    aid = person_of(session, file.patient_id).aid_group or pregnancy.facts.get("aid_group")
    file.aid_group = None if aid is None else str(aid)
    kept = kept_by(items, closed=file.status == FileStatus.CLOSED_42D)
    file.clinician_named, file.reported_in_time = kept.clinician_named, kept.reported_in_time
    file.seen_in_time, file.closed_in_time = kept.seen_in_time, kept.closed_at_42_days


def _truth(rule: str, known: Known) -> Truth:
    row = next(one for one in care_rules().opening if one.info.id == rule)
    return truth_of(row.when, known)
