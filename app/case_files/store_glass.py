"""Statements on looks at files through broken glass."""

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.case_files.link_tables import CaseGlass

__all__ = ["glass_of", "glasses"]


def glasses(
    session: Session, province: str, *, after: tuple[bool, uuid.UUID] | None, most: int
) -> Sequence[CaseGlass]:
    """Return broken glasses of a province, those that nobody has reviewed first, newest first.

    ``after`` is whether the last one before was reviewed, and its key.
    """
    is_reviewed = col(CaseGlass.reviewed_at).is_not(None)
    asked = select(CaseGlass).where(CaseGlass.province == province)
    if after is not None:
        was_reviewed, key = after
        later = col(CaseGlass.id) < key
        asked = asked.where(and_(is_reviewed, later) if was_reviewed else or_(is_reviewed, later))
    return session.exec(asked.order_by(is_reviewed, col(CaseGlass.id).desc()).limit(most)).all()


def glass_of(session: Session, glass_id: uuid.UUID) -> CaseGlass | None:
    """Return one, locked."""
    return session.exec(select(CaseGlass).where(CaseGlass.id == glass_id).with_for_update()).first()
