"""Every statement on printed forms."""

import uuid
from collections.abc import Sequence

from sqlalchemy import exists
from sqlmodel import Session, col, select

from app.referrals.paper.tables import PaperForm, PaperFormUse

__all__ = ["by_number", "of_org", "unused", "used_by"]


def by_number(session: Session, number: str) -> PaperForm | None:
    """Return a form by what is printed on it."""
    return session.exec(select(PaperForm).where(PaperForm.number == number)).first()


def of_org(session: Session, org_id: uuid.UUID, numbers: Sequence[str]) -> Sequence[PaperForm]:
    """Return forms that were given to an organisation."""
    return session.exec(
        select(PaperForm).where(PaperForm.issued_to == org_id, col(PaperForm.number).in_(numbers))
    ).all()


def unused(session: Session, org_id: uuid.UUID) -> Sequence[PaperForm]:
    """Return forms of an organisation that no referral was entered from, the oldest first."""
    is_used = exists().where(col(PaperFormUse.form_id) == col(PaperForm.id))
    return session.exec(
        select(PaperForm).where(PaperForm.issued_to == org_id, ~is_used).order_by(col(PaperForm.id))
    ).all()


def used_by(session: Session, form_id: uuid.UUID) -> uuid.UUID | None:
    """Return the referral that was entered from a form."""
    return session.exec(
        select(PaperFormUse.referral_id).where(PaperFormUse.form_id == form_id)
    ).first()
