"""Every statement on organisations."""

from sqlmodel import Session, col, select

from app.accounts.tables import Organisation

__all__ = ["organisations_by_facility"]


def organisations_by_facility(session: Session) -> dict[str, Organisation]:
    """Return the institutions by the code of their facility."""
    found = session.exec(select(Organisation).where(col(Organisation.facility_id).is_not(None)))
    return {str(one.facility_id): one for one in found}
