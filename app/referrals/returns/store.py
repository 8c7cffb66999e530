"""Every statement on returns."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from app.referrals.returns.tables import ReturnReferral
from app.writing import write

__all__ = ["add", "locked", "open_of"]


def add(session: Session, row: ReturnReferral) -> None:
    """Write it now, so that what the database refuses is refused here."""
    write(session, row)


def locked(session: Session, return_id: uuid.UUID) -> ReturnReferral | None:
    """Return one that nobody else changes until this transaction ends."""
    return session.exec(
        select(ReturnReferral)
        .where(ReturnReferral.id == return_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def open_of(session: Session, org_id: uuid.UUID) -> Sequence[ReturnReferral]:
    """Return who comes back to an organisation or was sent back by it and is not seen yet.

    The next due first; nothing leaves by age.
    """
    return session.exec(
        select(ReturnReferral)
        .where(
            or_(
                col(ReturnReferral.owner_org) == org_id,
                col(ReturnReferral.from_org) == org_id,
            ),
            col(ReturnReferral.taken_at).is_(None),
        )
        .order_by(col(ReturnReferral.due_at), col(ReturnReferral.id))
    ).all()
