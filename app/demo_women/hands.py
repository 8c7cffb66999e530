"""In whose names the invented women are looked after: a clinician and an office of each county."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts import people, store
from app.accounts.demo import ASKS, COUNTY
from app.accounts.passwords import Fresh
from app.accounts.presence import actor_at, name_of
from app.accounts.service import mch_of, organisation_named
from app.accounts.states import Actor, Role

__all__ = ["Hands"]

OWN = {COUNTY: ASKS}
"""Where a clinician of the printed accounts looks after them herself."""


@dataclass(slots=True)
class Hands:
    """Clinicians by county, made when first asked for; nobody knows their passwords.

    ``user_id`` is the account in whose name offices act.
    """

    fresh: Fresh
    user_id: uuid.UUID

    def clinician(
        self, session: Session, county: str, facility_id: str, *, now: datetime
    ) -> tuple[str, Actor] | None:
        """Return login and hand of the clinician of a county; None without such a hospital."""
        login = OWN.get(county, f"demo-{county}")
        org = store.organisations_by_facility(session).get(facility_id)
        user = store.user_named(session, login)
        if user is None:
            if org is None:
                return None
            user = people.add_user(
                session, login, f"演示{county}", self.fresh, home=org, at=now, must_change=False
            )
            people.give_role(session, user, org, Role.COUNTY_CLINICIAN, at=now)
        home = organisation_named(session, user.home_org)
        if home is None:
            return None
        name = name_of(session, user)
        return login, actor_at(home, user.id, name, Role.COUNTY_CLINICIAN)

    def office(self, session: Session, county: str) -> Actor | None:
        """Return the hand of the MCH institution of a county."""
        key = mch_of(session, county)
        org = None if key is None else organisation_named(session, key)
        return None if org is None else actor_at(org, self.user_id, "演示", Role.MCH_MANAGER)
