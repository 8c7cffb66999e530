"""The rules of care as a province has them (R-CASE-02)."""

from functools import cache

from app.case_files.tables import CaseFile
from app.engine import Engine
from facilities.centre import Grade
from routing.care.rows import CareRules
from routing.care.tables import load_care_rules, profile_of
from routing.triage.tables import PROFILES, load_rules

__all__ = ["care_of", "care_rules", "grade_of"]


@cache
def care_rules(profile: str = PROFILES[1]) -> CareRules:
    """Return the rules of care as they are shipped; who signed them changes nothing here."""
    return load_care_rules(load_rules(profile=profile))


def care_of(file: CaseFile) -> CareRules:
    """Return the rules of the province of a file: its row says who gets a 专案."""
    return care_rules(profile_of(file.province))


def grade_of(engine: Engine, facility_id: str | None) -> Grade | None:
    """Return the grade of an institution; one that nobody recorded is what its level implies.

    R-CENTRE-02, as births are booked by it. None where neither is known.
    """
    row = engine.network.row_of.get(facility_id or "")
    known = 0 if row is None else int(engine.network.centres.grade[row])
    return Grade(known) if known else None
