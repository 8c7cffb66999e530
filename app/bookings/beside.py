"""Whom the files of an area call pregnant, and who is in no row of a booking run: each with a why.

A run books who has a 专案. Of all others somebody has to do something for some, and these are told
one by one; the others are counted when the run is made, and read page by page as they are now: in
a province they are hundreds of thousands.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Session, col, select

from app.case_files.states import NO_COLOUR, OPEN, PREGNANT, FileStatus
from app.case_files.tables import CaseFile
from routing.care.days import day_of

__all__ = ["COUNTED", "Beside", "Why", "counted", "page", "to_be_looked_at", "why_of"]

S = FileStatus
HIGH = ("orange", "red")
TO_BE_ASSESSED = (S.SCREENED_POSITIVE, S.REFERRED_FOR_ASSESSMENT)
GONE = (S.LOST_TO_FOLLOW_UP, S.MOVED_AWAY)
"""Files that are not followed here any more and do not say that she is not pregnant."""
OVERDUE, LONGEST = timedelta(days=21), timedelta(days=301)
"""By then she has given birth: after her due date, and after a registration without one."""


class Why(StrEnum):
    """Why somebody who is pregnant by her file is in no row of a run."""

    NOT_MANAGED = "not_managed"
    NOT_SCREENED = "not_screened"
    UNASSESSED = "unassessed"
    NEGATIVE_SCREENING = "negative_screening"
    WITH_COUNTY = "with_county"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up"
    MOVED_AWAY = "moved_away"


LOOKED_AT = (Why.NOT_MANAGED, Why.NOT_SCREENED, Why.UNASSESSED)
"""Somebody has to do something before it is known whether she is to be booked."""
COUNTED = tuple(one for one in Why if one not in LOOKED_AT)


@dataclass(frozen=True, slots=True)
class Beside:
    """A pregnancy that is in no row of a run, the county she lives in, and why."""

    id: uuid.UUID
    county: str
    reason: str


def to_be_looked_at(
    session: Session, province: str, area: str, *, now: datetime
) -> Sequence[tuple[uuid.UUID, str, str]]:
    """Return key, county and why of those for whom somebody has to do something, by key."""
    found = session.exec(
        select(CaseFile.id, CaseFile.residence_county, _why)
        .where(_beside(province, area, now), _why.in_(LOOKED_AT))
        .order_by(col(CaseFile.id))
    )
    return list(found)


def counted(
    session: Session, province: str, area: str, *, now: datetime
) -> Mapping[str, Mapping[str, int]]:
    """Return how many of all others there are, by county and why."""
    each = (
        select(col(CaseFile.residence_county).label("county"), _why.label("why"))
        .where(_beside(province, area, now), _why.not_in(LOOKED_AT))
        .subquery()
    )
    asked = select(each.c.county, each.c.why, func.count()).group_by(each.c.county, each.c.why)
    found: dict[str, dict[str, int]] = {}
    for county, why, women in session.exec(asked):
        found.setdefault(county, {})[why] = women
    return found


def page(
    session: Session,
    province: str,
    area: str,
    why: Why,
    *,
    now: datetime,
    after: uuid.UUID | None,
    most: int,
) -> Sequence[Beside]:
    """Return those of one reason as they are now, in the order in which they were registered."""
    asked = select(CaseFile.id, CaseFile.residence_county).where(
        _beside(province, area, now), _why == why.value
    )
    if after is not None:
        asked = asked.where(col(CaseFile.id) > after)
    found = session.exec(asked.order_by(col(CaseFile.id)).limit(most))
    return [Beside(key, county, why.value) for key, county in found]


def why_of(
    status: SQLCoreOperations[str],
    colour: SQLCoreOperations[str],
    purple: SQLCoreOperations[bool],
) -> ColumnElement[str]:
    """Return why a pregnancy without a 专案 is in no row; nobody is without a reason."""
    return case(
        (status == S.LOST_TO_FOLLOW_UP, Why.LOST_TO_FOLLOW_UP.value),
        (status == S.MOVED_AWAY, Why.MOVED_AWAY.value),
        (or_(colour.in_(HIGH), purple), Why.NOT_MANAGED.value),
        (status == S.REGISTERED, Why.NOT_SCREENED.value),
        (status.in_(TO_BE_ASSESSED), Why.UNASSESSED.value),
        (status == S.SCREENED_NEGATIVE, Why.NEGATIVE_SCREENING.value),
        (colour != NO_COLOUR, Why.WITH_COUNTY.value),
        else_=Why.UNASSESSED.value,
    )


_status = col(CaseFile.status)
_why = why_of(_status, col(CaseFile.colour), col(CaseFile.purple))


def _beside(province: str, area: str, now: datetime) -> ColumnElement[bool]:
    """Return what makes a file one of a pregnancy that a run of an area has no row for."""
    due = (day_of(now) - OVERDUE).isoformat()
    may_still_be = or_(
        col(CaseFile.edd) >= due,
        and_(col(CaseFile.edd).is_(None), col(CaseFile.registered_at) >= now - LONGEST),
    )
    other = aliased(CaseFile)
    followed = exists().where(
        col(other.patient_id) == col(CaseFile.patient_id), col(other.status).in_(OPEN)
    )
    return and_(
        col(CaseFile.province) == province,
        col(CaseFile.residence_county).startswith(area, autoescape=True),
        or_(
            and_(col(CaseFile.opened_at).is_(None), _status.in_(PREGNANT)),
            and_(_status.in_(GONE), may_still_be, ~followed),
        ),
    )
