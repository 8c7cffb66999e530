"""The people of the night: whoever is on duty at a hospital, without an account of her own."""

import uuid

from sqlmodel import Session, select

from app.accounts.presence import actor_at
from app.accounts.states import Actor, Role
from app.accounts.tables import Organisation
from app.db_types import new_key

__all__ = ["Cast"]

NAME = "演示值班"


class Cast:
    """Gives who acts at a facility, always the same one for a role."""

    def __init__(self) -> None:
        self._users: dict[tuple[str, Role], uuid.UUID] = {}

    def at(self, session: Session, facility_id: str, role: Role) -> Actor:
        """Return somebody in a role at a facility of the registry."""
        org = session.exec(
            select(Organisation).where(Organisation.facility_id == facility_id)
        ).one()
        user_id = self._users.setdefault((facility_id, role), new_key())
        return actor_at(org, user_id, NAME, role)
