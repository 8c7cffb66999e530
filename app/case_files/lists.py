"""Lists of files in scope: what is due, and what a file must not be without."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, true
from sqlmodel import col, select

from app.accounts.states import ON_DUTY, TREATING, Role
from app.case_files import store
from app.case_files.acts.leaving import is_here
from app.case_files.acts.tables import CaseAssessment
from app.case_files.belonging.tables import CaseDue
from app.case_files.counts.store import in_each
from app.case_files.known.care import care_rules
from app.case_files.sight import visible_to
from app.case_files.states import OPEN, PREGNANT, REVIEWS
from app.case_files.tables import CaseFile, CaseTurn
from app.documents import ParameterError
from app.work import Work
from geodata.check import Fault
from routing.care.aid import aid_groups_on
from routing.care.days import PREGNANCY_DAYS, day_begins, day_of
from routing.care.rows import EventKind

__all__ = [
    "DueList",
    "Narrowed",
    "Register",
    "condition_of",
    "conditions_of",
    "counts_of",
    "files_in_scope",
    "in_register",
    "inside",
    "lines_of",
]

Lines = Sequence[ColumnElement[bool]]
Owed = Callable[[Lines | None], ColumnElement[bool]]
"""Tells of a file whether one of some lines is owed."""

REPORTS = (
    EventKind.REPORT.value,
    EventKind.DEATH_REPORT.value,
    *REVIEWS,
)
HIGH = ("orange", "red")
ASSESSMENTS = ("R-SCREEN-12-assessment", "R-COLOUR-013-stated")


class DueList(StrEnum):
    """What is looked for in a worklist; a report is warned of at 75 % of its time (R-REPORT-04)."""

    TODAY = "today"
    OVERDUE = "overdue"
    UNASSESSED = "unassessed"
    WITHOUT_CLINICIAN = "without_clinician"
    UNBOOKED_BY_32 = "unbooked_by_32"
    REPORTS = "reports"
    REPORTS_WARNED = "reports_warned"
    REPORTS_OVERDUE = "reports_overdue"


class Register(StrEnum):
    """Women who are looked after together."""

    FROM_35 = "from_35"
    AFTER_CAESAREAN = "after_caesarean"
    MEDICAL_AID = "medical_aid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which of the files in scope: the actor's own, of an institution, or of an area.

    ``area`` is the code of a county or prefecture where she lives, ``registered_by`` the
    institution or township that registered her, ``looked_after_by`` the one that looks after her
    now. Each only takes away from what the actor may see.
    """

    mine: bool = False
    registered_by: uuid.UUID | None = None
    looked_after_by: uuid.UUID | None = None
    area: str | None = None
    only_open: bool = False


_WITH_FILES = frozenset({*TREATING, Role.MCH_MANAGER})
NARROWS: Mapping[str, frozenset[Role]] = {
    "mine": TREATING,
    "registered_by": _WITH_FILES,
    "looked_after_by": _WITH_FILES,
    "area": _WITH_FILES | ON_DUTY,
}
"""Who may ask so: nobody is responsible who does not treat, and duty officers look after areas."""


def files_in_scope(
    work: Work,
    narrowed: Narrowed,
    *more: ColumnElement[bool],
    after: uuid.UUID | None,
    most: int,
) -> Sequence[CaseFile]:
    """Return files that the actor may see, in the order in which they were registered.

    Raises
    ------
    ParameterError
        The list is narrowed in a way that is not of the role of the actor.
    """
    scope = visible_to(work.actor, work.now)
    conditions = conditions_of(work, narrowed)
    return store.page(work.session, scope, *conditions, *more, after=after, most=most)


def counts_of(work: Work, narrowed: Narrowed) -> Mapping[str, int]:
    """Return how many of the files that the actor may see stand in each worklist.

    Raises
    ------
    ParameterError
        As of :func:`files_in_scope`.
    """
    scope = visible_to(work.actor, work.now)
    lists = {one.value: condition_of(one, work.now, owed=_is_joined) for one in DueList}
    return in_each(work.session, lists, scope, *conditions_of(work, narrowed))


def condition_of(due: DueList, now: datetime, *, owed: Owed | None = None) -> ColumnElement[bool]:
    """Return what makes a file one of a worklist; ``owed`` says how its lines are looked for."""
    is_open = col(CaseFile.status).in_(OPEN)
    is_owed, lines = owed or _owed, lines_of(due, now)
    match due:
        case DueList.UNASSESSED:
            positive = and_(col(CaseFile.screening) == "positive", col(CaseFile.colour) == "")
            return and_(is_open, or_(positive, is_owed(lines), _told_only()))
        case DueList.WITHOUT_CLINICIAN:
            managed = col(CaseFile.opened_at).is_not(None)
            return and_(is_open, managed, ~is_here(now))
        case DueList.UNBOOKED_BY_32:
            return _unbooked(day_of(now))
    return is_owed(lines)


def lines_of(due: DueList, now: datetime) -> Lines | None:
    """Return which of the lines that are owed make a worklist; None where no line does."""
    passed = col(CaseDue.due_at) <= now
    report = col(CaseDue.kind).in_(REPORTS)
    match due:
        case DueList.TODAY:
            tonight = day_begins(day_of(now) + timedelta(days=1))
            return (col(CaseDue.due_at) > now, col(CaseDue.due_at) <= tonight)
        case DueList.OVERDUE:
            return (passed,)
        case DueList.UNASSESSED:
            return (col(CaseDue.rule).in_(ASSESSMENTS),)
        case DueList.REPORTS:
            return (report,)
        case DueList.REPORTS_WARNED:
            return (report, col(CaseDue.warn_at) <= now, col(CaseDue.due_at) > now)
        case DueList.REPORTS_OVERDUE:
            return (report, passed)
    return None


def in_register(register: Register, today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return who belongs in a register, and of whom nobody knows.

    A group of medical aid counts on the days on which it is one (R-PAY-03).
    """
    match register:
        case Register.FROM_35:
            flag = col(CaseFile.from_35)
        case Register.AFTER_CAESAREAN:
            flag = col(CaseFile.previous_caesarean)
        case Register.MEDICAL_AID:
            group = col(CaseFile.aid_group)
            codes = [one.code for one in aid_groups_on(care_rules(), today)]
            return group.in_(codes), group.is_(None)
    return flag.is_(true()), flag.is_(None)


def conditions_of(work: Work, narrowed: Narrowed) -> Sequence[ColumnElement[bool]]:
    """Return what narrows a list."""
    _refuse(work, narrowed)
    found: list[ColumnElement[bool]] = []
    if narrowed.mine:
        turn = select(CaseTurn.id).where(
            col(CaseTurn.id) == CaseFile.turn_id, CaseTurn.user_id == work.actor.user_id
        )
        found.append(exists(turn))
    if narrowed.registered_by is not None:
        found.append(col(CaseFile.registered_org) == narrowed.registered_by)
    if narrowed.looked_after_by is not None:
        found.append(col(CaseFile.owner_org) == narrowed.looked_after_by)
    if narrowed.area is not None:
        found.append(inside(narrowed.area))
    if narrowed.only_open:
        found.append(col(CaseFile.status).in_(OPEN))
    return found


def inside(area: str) -> ColumnElement[bool]:
    """Return what makes a file one of a woman who lives in a county, a prefecture, the province."""
    for ending in ("0000", "00"):
        if area.endswith(ending):
            return col(CaseFile.residence_county).startswith(area.removesuffix(ending))
    return col(CaseFile.residence_county).startswith(area)


def _unbooked(today: date) -> ColumnElement[bool]:
    """Return managed women past the week by which a place is fixed; of unknown week all of them."""
    days = int(care_rules().rules.numbers["delivery_planned_due_days"])
    latest = (today + timedelta(days=PREGNANCY_DAYS - days)).isoformat()
    return and_(
        col(CaseFile.status).in_(PREGNANT),
        col(CaseFile.opened_at).is_not(None),
        col(CaseFile.booked_facility_id).is_(None),
        or_(col(CaseFile.edd).is_(None), col(CaseFile.edd) <= latest),
    )


def _told_only() -> ColumnElement[bool]:
    """Return who is orange, red or purple by what no whole assessment has confirmed."""
    whole = select(CaseAssessment.id).where(
        col(CaseAssessment.file_id) == CaseFile.id, col(CaseAssessment.is_full)
    )
    high = or_(col(CaseFile.colour).in_(HIGH), col(CaseFile.purple))
    return and_(high, ~exists(whole))


def _is_joined(lines: Lines | None) -> ColumnElement[bool]:
    """Tell whether one of the lines that are joined to a file is looked for."""
    return func.max(case((and_(col(CaseDue.id).is_not(None), *(lines or ())), 1), else_=0)) == 1


def _owed(lines: Lines | None) -> ColumnElement[bool]:
    return exists(
        select(CaseDue.id).where(
            col(CaseDue.file_id) == CaseFile.id, col(CaseDue.ended_at).is_(None), *(lines or ())
        )
    )


def _refuse(work: Work, narrowed: Narrowed) -> None:
    role = work.actor.role
    faults = [
        Fault("request", None, name, "", "not_of_your_role", " | ".join(sorted(allowed)))
        for name, allowed in NARROWS.items()
        if getattr(narrowed, name) and role not in allowed
    ]
    if faults:
        raise ParameterError(*faults)
