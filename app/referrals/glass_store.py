"""Statements on broken glasses."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.referrals.party_tables import BrokenGlass

__all__ = ["glass_of", "glasses"]


def glasses(session: Session, province: str, *, most: int = 200) -> Sequence[BrokenGlass]:
    """Return broken glasses of a province, those that nobody has reviewed first."""
    return session.exec(
        select(BrokenGlass)
        .where(BrokenGlass.province == province)
        .order_by(col(BrokenGlass.reviewed_at).is_not(None), col(BrokenGlass.id).desc())
        .limit(most)
    ).all()


def glass_of(session: Session, glass_id: uuid.UUID) -> BrokenGlass | None:
    """Return one, locked."""
    return session.exec(
        select(BrokenGlass).where(BrokenGlass.id == glass_id).with_for_update()
    ).first()
