"""Statements that count files and births by county, and name nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, and_, case, exists, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.tables import Organisation
from app.case_files.acts.tables import CaseAssessment
from app.case_files.belonging.tables import CaseDelivery, CaseDue, CaseVerification
from app.case_files.tables import CaseColour, CaseFile

__all__ = ["BirthRow", "KeptRow", "births", "by_county", "in_each", "kept_files", "two_counties"]

HIGH = ("orange", "red")


class BirthRow(NamedTuple):
    """One birth with the county where she lives, and the colour that stood when it began.

    ``screening`` is that of her file: a negative one without a colour is green (R-SCREEN-11).
    """

    county: str
    screening: str | None
    due_date: str | None
    at: datetime
    facility_id: str | None
    colour: str | None
    previous_caesarean: bool | None
    trial_of_labour: bool | None
    ruptured: bool | None


class KeptRow(NamedTuple):
    """How one file is kept (R-IND-09)."""

    county: str
    clinician_named: bool | None
    reported_in_time: bool | None
    seen_in_time: bool | None
    closed_in_time: bool | None


def by_county(session: Session, *conditions: ColumnElement[bool]) -> dict[str, int]:
    """Return how many files there are by the county where she lives."""
    county = col(CaseFile.residence_county)
    asked = select_columns(county, func.count()).where(*conditions).group_by(county)
    return {row[0]: row[1] for row in session.execute(asked)}


def in_each(
    session: Session, lists: Mapping[str, ColumnElement[bool]], *which: ColumnElement[bool]
) -> dict[str, int]:
    """Return how many files stand in each of several lists; all of them in one statement.

    Each file is read once, with the lines that are owed of it; what a list asks of these it asks
    of all lines of a file together.
    """
    owed = and_(col(CaseDue.file_id) == CaseFile.id, col(CaseDue.ended_at).is_(None))
    of_file = (
        select_columns(*(case((one, 1), else_=0).label(name) for name, one in lists.items()))
        .select_from(CaseFile)
        .outerjoin(CaseDue, owed)
        .where(*which)
        .group_by(col(CaseFile.id))
        .subquery()
    )
    sums = [func.coalesce(func.sum(of_file.c[name]), 0) for name in lists]
    found = session.execute(select_columns(*sums)).one()
    return {name: int(n) for name, n in zip(lists, found, strict=True)}


def births(
    session: Session, area: ColumnElement[bool], since: datetime, until: datetime
) -> Sequence[BirthRow]:
    """Return the births of a time; one that was corrected counts as it was corrected.

    The colour is that of the last assessment made before the birth, or named before it: what was
    found afterwards did not say where she had to go.
    """
    later = aliased(CaseDelivery)
    at = col(CaseDelivery.happened_at)
    colour = (
        select_columns(col(CaseColour.colour))
        .outerjoin(CaseAssessment, col(CaseAssessment.id) == CaseColour.assessment_id)
        .where(
            col(CaseColour.file_id) == CaseFile.id,
            func.coalesce(CaseAssessment.happened_at, CaseColour.at) <= at,
        )
        .order_by(col(CaseColour.seq).desc())
        .limit(1)
        .correlate(CaseFile, CaseDelivery)
        .scalar_subquery()
    )
    asked = (
        select_columns(
            col(CaseFile.residence_county),
            col(CaseFile.screening),
            col(CaseFile.edd),
            at,
            col(CaseDelivery.facility_id),
            colour,
            col(CaseFile.previous_caesarean),
            col(CaseDelivery.trial_of_labour),
            col(CaseDelivery.ruptured),
        )
        .join(CaseFile, col(CaseFile.id) == CaseDelivery.file_id)
        .where(
            area,
            at >= since,
            at < until,
            ~exists(select(later.id).where(col(later.corrects) == CaseDelivery.id)),
        )
    )
    return [BirthRow(*row) for row in session.execute(asked)]


def kept_files(
    session: Session, area: ColumnElement[bool], since: datetime, until: datetime
) -> Sequence[KeptRow]:
    """Return files opened in a time that were ever orange, red or purple; lowering hides none."""
    high = exists(
        select(CaseColour.id).where(
            col(CaseColour.file_id) == CaseFile.id,
            or_(col(CaseColour.colour).in_(HIGH), col(CaseColour.purple)),
        )
    )
    asked = select_columns(
        col(CaseFile.residence_county),
        col(CaseFile.clinician_named),
        col(CaseFile.reported_in_time),
        col(CaseFile.seen_in_time),
        col(CaseFile.closed_in_time),
    ).where(area, col(CaseFile.opened_at) >= since, col(CaseFile.opened_at) < until, high)
    return [KeptRow(*row) for row in session.execute(asked)]


def two_counties(
    session: Session, area: ColumnElement[bool], since: datetime, until: datetime
) -> Sequence[tuple[str, bool]]:
    """Return files of women whose home is in another county, and whether the other one said so.

    The other county is not that of the institution that registered her (P-14).
    """
    verified = exists(
        select(CaseVerification.id)
        .join(Organisation, col(Organisation.id) == CaseFile.registered_org)
        .where(
            col(CaseVerification.file_id) == CaseFile.id,
            col(CaseVerification.county) != Organisation.division,
        )
        .correlate(CaseFile)
    )
    asked = select_columns(col(CaseFile.residence_county), verified).where(
        and_(
            area,
            col(CaseFile.home_county) != CaseFile.residence_county,
            col(CaseFile.registered_at) >= since,
            col(CaseFile.registered_at) < until,
        )
    )
    rows = cast("Sequence[tuple[str, object]]", session.execute(asked).all())
    return [(county, bool(there)) for county, there in rows]
