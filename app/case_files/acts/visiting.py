"""Visits: planned, held, missed and looked for (R-FOLLOW-01 to 04, R-POST-01)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.case_files import store
from app.case_files.acts.entering import Entered, entered, move
from app.case_files.acts.tables import CaseVisit
from app.case_files.errors import FileRefusedError
from app.case_files.known.care import care_rules
from app.case_files.known.record import TRIAL
from app.case_files.noting import noted
from app.case_files.sight import locked_for
from app.case_files.states import BORN, Contact, FileStatus, VisitKind, VisitStatus
from app.case_files.tables import CaseFile
from app.case_files.watching import saved
from app.db_types import new_key
from app.documents import dumps
from app.events.scene import Scene
from app.keys.words import put
from app.work import Work
from routing.care.days import day_of
from routing.care.trial_of_labour import read_trial_facts

__all__ = ["Visited", "add_visit"]

AFTER_BIRTH = (VisitKind.POSTPARTUM, VisitKind.DAY_42)
LAST_CHECK_DAY = 42
"""R-POST-01: a check before the 42nd day after birth is another visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What is said of a visit.

    Parameters
    ----------
    plan_id
        The planned visit that it is about.
    planned_for
        The day of one that is planned.
    findings
        What was found at one that was held, as it was written down.
    contact
        What came of looking for who had missed it.
    unstable
        At the check of the 42nd day: whether a red disease is unstable (R-POST-02).
    changed
        Her health has changed: she is assessed again at once.
    trial
        Facts that a trial of labour depends on (R-SCAR-02, 03), of a visit that was held.
    """

    kind: VisitKind
    status: VisitStatus
    plan_id: uuid.UUID | None = None
    planned_for: date | None = None
    findings: Mapping[str, object] | None = None
    contact: Contact | None = None
    unstable: bool | None = None
    changed: bool = False
    trial: Mapping[str, object] = field(default_factory=dict)


def add_visit(
    work: Work, file_id: uuid.UUID, visit: Visited, said: Entered, *, read: int
) -> CaseFile:
    """Enter a word about a visit.

    Raises
    ------
    FileRefusedError
        It cannot be so; every reason is listed.
    RefusedInputError
        A fact of a trial of labour that there is not, or a value that does not fit.
    """
    read_trial_facts(care_rules(), visit.trial)
    file = locked_for(work, file_id, read=read)
    key, scene = new_key(), Scene.of(work)
    common = entered(work, file, CaseVisit, key, said)
    if faults := _faults(work, file, visit, day_of(common["happened_at"])):
        raise FileRefusedError(faults)
    held = visit.status is VisitStatus.HELD
    row = CaseVisit(
        **common,
        plan_id=visit.plan_id,
        kind=visit.kind.value,
        status=visit.status.value,
        planned_for=None if visit.planned_for is None else visit.planned_for.isoformat(),
        contact=None if visit.contact is None else visit.contact.value,
        unstable=visit.unstable,
        changed=visit.changed,
        closes=1 if held and visit.kind is VisitKind.DAY_42 else None,
    )
    put(work.session, row, findings=_findings(visit))
    store.add(work.session, row)
    if held and visit.kind in AFTER_BIRTH and file.status == FileStatus.DELIVERED:
        move(scene, file, FileStatus.POSTPARTUM)
    noted(work, file.id, f"visit_{visit.status}", what="case_visit", object_id=key)
    return saved(scene, file)


def _findings(visit: Visited) -> str | None:
    if visit.findings is None:
        return None
    trial = {TRIAL: dict(visit.trial)} if visit.trial else {}
    return dumps({**visit.findings, **trial})


def _faults(work: Work, file: CaseFile, visit: Visited, day: date) -> list[str]:
    planned = visit.status is VisitStatus.PLANNED
    held = visit.status is VisitStatus.HELD
    born = file.delivered_at
    plan = None if visit.plan_id is None else store.visit_of(work.session, file.id, visit.plan_id)
    checks = (
        (planned != (visit.planned_for is not None), "visit_day"),
        (held != (visit.findings is not None), "visit_findings"),
        ((visit.status is VisitStatus.CONTACTED) != (visit.contact is not None), "visit_contact"),
        (visit.plan_id is not None and plan is None, "visit_plan_unknown"),
        (plan is not None and plan.status != VisitStatus.PLANNED, "visit_not_planned"),
        (plan is not None and plan.kind != visit.kind, "visit_of_another_kind"),
        (not (planned or held) and visit.plan_id is None, "visit_plan_missing"),
        (planned and visit.plan_id is not None, "visit_plan_of_a_plan"),
        (held and visit.kind in AFTER_BIRTH and file.status not in BORN, "not_delivered"),
        (
            held
            and visit.kind is VisitKind.DAY_42
            and born is not None
            and (day - day_of(born)).days < LAST_CHECK_DAY,
            "before_the_42nd_day",
        ),
        (visit.unstable is not None and visit.kind is not VisitKind.DAY_42, "visit_unstable"),
        (visit.changed and not held, "visit_changed"),
        (bool(visit.trial and not held) or TRIAL in (visit.findings or ()), "visit_trial"),
    )
    return [code for wrong, code in checks if wrong]
