"""Statements that find the last act of a kind, and the first entry without a seal."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.audit.tables import AuditEntry, AuditSeal

__all__ = ["first_after", "last_of", "last_sealed"]


def last_of(session: Session, chain: str, acts: Collection[str]) -> tuple[datetime, str] | None:
    """Return when and which of some acts of a chain was the last."""
    found = session.exec(
        select(AuditEntry.at, AuditEntry.act)
        .where(AuditEntry.chain == chain, col(AuditEntry.act).in_(acts))
        .order_by(col(AuditEntry.seq).desc())
        .limit(1)
    ).first()
    return None if found is None else (found[0], found[1])


def last_sealed(session: Session) -> int:
    """Return the number of the last entry under a seal; 0 where there is none."""
    return session.exec(select(func.max(AuditSeal.last_entry))).one() or 0


def first_after(session: Session, number: int) -> datetime | None:
    """Return when the first entry after a number was written."""
    return session.exec(
        select(AuditEntry.at)
        .where(col(AuditEntry.number) > number)
        .order_by(col(AuditEntry.number))
        .limit(1)
    ).first()
