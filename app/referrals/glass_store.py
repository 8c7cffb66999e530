"""Statements on broken glasses."""

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.referrals.party_tables import BrokenGlass

__all__ = ["glass_of", "glasses"]


def glasses(
    session: Session, province: str, *, after: tuple[bool, uuid.UUID] | None, most: int
) -> Sequence[BrokenGlass]:
    """Return broken glasses of a province, those that nobody has reviewed first, newest first.

    ``after`` is whether the last one before was reviewed, and its key.
    """
    is_reviewed = col(BrokenGlass.reviewed_at).is_not(None)
    asked = select(BrokenGlass).where(BrokenGlass.province == province)
    if after is not None:
        was_reviewed, key = after
        later = col(BrokenGlass.id) < key
        asked = asked.where(and_(is_reviewed, later) if was_reviewed else or_(is_reviewed, later))
    return session.exec(asked.order_by(is_reviewed, col(BrokenGlass.id).desc()).limit(most)).all()


def glass_of(session: Session, glass_id: uuid.UUID) -> BrokenGlass | None:
    """Return one, locked."""
    return session.exec(
        select(BrokenGlass).where(BrokenGlass.id == glass_id).with_for_update()
    ).first()
