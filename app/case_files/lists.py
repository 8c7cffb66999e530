"""Lists of files in scope: what is due, and what a file must not be without."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from app.case_files import store
from app.case_files.care import care_rules
from app.case_files.entry_tables import CaseAssessment
from app.case_files.leaving import is_here
from app.case_files.link_tables import CaseDue
from app.case_files.sight import visible_to
from app.case_files.states import OPEN, PREGNANT, REVIEWS
from app.case_files.tables import CaseFile, CaseTurn
from app.work import Work
from routing.care.days import PREGNANCY_DAYS, day_begins, day_of
from routing.care.rows import EventKind

__all__ = ["DueList", "Narrowed", "files_in_scope"]

REPORTS = (
    EventKind.REPORT.value,
    EventKind.DEATH_REPORT.value,
    *REVIEWS,
)
HIGH = ("orange", "red")
ASSESSMENTS = ("R-SCREEN-12-assessment", "R-COLOUR-013-stated")


class DueList(StrEnum):
    """What is looked for in a worklist."""

    TODAY = "today"
    OVERDUE = "overdue"
    UNASSESSED = "unassessed"
    WITHOUT_CLINICIAN = "without_clinician"
    UNBOOKED_BY_32 = "unbooked_by_32"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which of the files in scope: the actor's own, of an institution, or of an area.

    ``area`` is the code of a county or prefecture where she lives, ``registered_by`` the
    institution or township that registered her.
    """

    mine: bool = False
    registered_by: uuid.UUID | None = None
    area: str | None = None
    only_open: bool = False


def files_in_scope(
    work: Work,
    narrowed: Narrowed,
    due: DueList | None = None,
    *,
    after: uuid.UUID | None,
    most: int,
) -> Sequence[CaseFile]:
    """Return files that the actor may see, in the order in which they were registered."""
    conditions = [*_narrow(work, narrowed)]
    if due is not None:
        conditions.append(condition_of(due, work.now))
    scope = visible_to(work.actor, work.now)
    return store.page(work.session, scope, *conditions, after=after, most=most)


def condition_of(due: DueList, now: datetime) -> ColumnElement[bool]:
    """Return what makes a file one of a worklist."""
    is_open = col(CaseFile.status).in_(OPEN)
    match due:
        case DueList.TODAY:
            tonight = day_begins(day_of(now) + timedelta(days=1))
            return _owed(col(CaseDue.due_at) > now, col(CaseDue.due_at) <= tonight)
        case DueList.OVERDUE:
            return _owed(col(CaseDue.due_at) <= now)
        case DueList.UNASSESSED:
            positive = and_(col(CaseFile.screening) == "positive", col(CaseFile.colour) == "")
            owed = _owed(col(CaseDue.rule).in_(ASSESSMENTS))
            return and_(is_open, or_(positive, owed, _told_only()))
        case DueList.WITHOUT_CLINICIAN:
            managed = col(CaseFile.opened_at).is_not(None)
            return and_(is_open, managed, ~is_here(now))
        case DueList.UNBOOKED_BY_32:
            return _unbooked(day_of(now))
        case DueList.REPORTS:
            return _owed(col(CaseDue.kind).in_(REPORTS))


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


def _owed(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(CaseDue.id).where(
            col(CaseDue.file_id) == CaseFile.id, col(CaseDue.ended_at).is_(None), *more
        )
    )


def _narrow(work: Work, narrowed: Narrowed) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.mine:
        turn = select(CaseTurn.id).where(
            col(CaseTurn.id) == CaseFile.turn_id, CaseTurn.user_id == work.actor.user_id
        )
        found.append(exists(turn))
    if narrowed.registered_by is not None:
        found.append(col(CaseFile.registered_org) == narrowed.registered_by)
    if narrowed.area is not None:
        found.append(col(CaseFile.residence_county).startswith(_beginning(narrowed.area)))
    if narrowed.only_open:
        found.append(col(CaseFile.status).in_(OPEN))
    return found


def _beginning(area: str) -> str:
    """Return what the codes of the counties of an area begin with."""
    for ending in ("0000", "00"):
        if area.endswith(ending):
            return area.removesuffix(ending)
    return area
