"""Statements on the table of checks."""

import uuid
from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts.states import OrganisationKind
from app.accounts.tables import Organisation
from app.verifying.tables import VerifyRun

__all__ = ["begun_since", "commission_of", "last_ended", "put", "run_of"]


def put(session: Session, run: VerifyRun) -> None:
    """Write a run as it stands."""
    session.add(run)
    session.flush()


def run_of(session: Session, key: uuid.UUID) -> VerifyRun:
    """Return a run, to be ended."""
    return session.exec(select(VerifyRun).where(VerifyRun.id == key).with_for_update()).one()


def begun_since(session: Session, moment: datetime) -> bool:
    """Whether one was begun after a moment and has not ended."""
    asked = select(VerifyRun.id).where(
        VerifyRun.began_at > moment, col(VerifyRun.ended_at).is_(None)
    )
    return session.exec(asked.limit(1)).first() is not None


def last_ended(session: Session) -> VerifyRun | None:
    """Return the last one that has ended."""
    return session.exec(
        select(VerifyRun)
        .where(col(VerifyRun.ended_at).is_not(None))
        .order_by(col(VerifyRun.began_at).desc())
        .limit(1)
    ).first()


def commission_of(session: Session, province: str) -> uuid.UUID | None:
    """Return the commission of a province, where its administrators and duty officers are."""
    return session.exec(
        select(Organisation.id).where(
            Organisation.kind == OrganisationKind.PROVINCE_COMMISSION.value,
            Organisation.province == province,
        )
    ).first()
