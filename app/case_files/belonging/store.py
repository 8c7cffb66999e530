"""Statements on what belongs to a file and is kept elsewhere: referrals, newborns, reviews.

Referrals know files and not the other way round; so much of them is read here.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, column, table
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.case_files.belonging.tables import CaseNewborn, CaseReferral
from app.db_types import Flag, Key, When
from app.patients.tables import Birth, Patient

__all__ = [
    "Born",
    "Reviewed",
    "born_to",
    "closed_reviews",
    "file_of_newborn",
    "is_linked",
    "newborn_of",
    "unlinked_referrals",
]

_REFERRAL = table(
    "referral",
    column("id", Key),
    column("patient_id", Key),
    column("status", Text),
    column("drill", Flag),
)
_REVIEW = table(
    "case_review",
    column("id", Key),
    column("referral_id", Key),
    column("what", Text),
    column("closed_at", When),
)
OVER = ("closed", "cancelled")


class Reviewed(NamedTuple):
    """A closed review of a referral."""

    id: uuid.UUID
    what: str
    closed_at: datetime


class Born(NamedTuple):
    """A newborn, its mother, and when it was born, or was entered where nobody knows."""

    id: uuid.UUID
    mother_id: uuid.UUID
    at: datetime


def closed_reviews(session: Session, referral_id: uuid.UUID) -> Sequence[Reviewed]:
    """Return the reviews of a referral that are closed (R-DUTY-05)."""
    found = session.execute(
        select_columns(_REVIEW.c.id, _REVIEW.c.what, _REVIEW.c.closed_at).where(
            _REVIEW.c.referral_id == referral_id, _REVIEW.c.closed_at.is_not(None)
        )
    )
    return [Reviewed(*row) for row in found]


def newborn_of(session: Session, patient_ids: Collection[uuid.UUID]) -> Born | None:
    """Return a newborn whose mother is known, whichever of its records says so."""
    return next(iter(_born(session, col(Patient.id).in_(patient_ids))), None)


def born_to(session: Session, mothers: Collection[uuid.UUID]) -> Sequence[Born]:
    """Return the newborns of a woman, who may have several records, in the order of birth."""
    return _born(session, col(Patient.mother_id).in_(mothers))


def unlinked_referrals(
    session: Session, patient_ids: Collection[uuid.UUID]
) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Return the open referrals of some patients that belong to no file, each with its patient."""
    linked = select(CaseReferral.id).where(col(CaseReferral.referral_id) == _REFERRAL.c.id)
    found = session.execute(
        select_columns(_REFERRAL.c.id, _REFERRAL.c.patient_id)
        .where(
            _REFERRAL.c.patient_id.in_(patient_ids),
            _REFERRAL.c.status.not_in(OVER),
            ~_REFERRAL.c.drill,
            ~linked.exists(),
        )
        .order_by(_REFERRAL.c.id)
    )
    return [(row[0], row[1]) for row in found]


def is_linked(session: Session, newborn_id: uuid.UUID) -> bool:
    """Tell whether a newborn belongs to a file."""
    return file_of_newborn(session, newborn_id) is not None


def file_of_newborn(session: Session, newborn_id: uuid.UUID) -> uuid.UUID | None:
    """Return the file that a newborn belongs to."""
    return session.exec(
        select(CaseNewborn.file_id).where(CaseNewborn.newborn_id == newborn_id)
    ).first()


def _born(session: Session, which: ColumnElement[bool]) -> Sequence[Born]:
    found = session.exec(
        select(Patient.id, Patient.mother_id, Birth.born_at, Birth.entered_at)
        .join(Birth, col(Birth.id) == col(Patient.id))
        .where(which, col(Patient.mother_id).is_not(None))
        .order_by(col(Patient.birth_order))
    ).all()
    return [Born(key, mother, born or entered) for key, mother, born, entered in found if mother]
