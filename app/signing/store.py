"""Every statement on clinical sign-off."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from app.signing.tables import RuleSignature
from app.writing import write

__all__ = ["add", "lines", "newest"]

_COUNT = select(func.count()).select_from(RuleSignature)


def add(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here."""
    write(session, *rows)


def lines(session: Session) -> Sequence[RuleSignature]:
    """Return every line, the first one first."""
    return session.exec(
        select(RuleSignature).order_by(col(RuleSignature.at), col(RuleSignature.id))
    ).all()


def newest(session: Session) -> int:
    """Return how many lines there are: none ever goes, so it tells whether one has come."""
    return session.exec(_COUNT).one()
