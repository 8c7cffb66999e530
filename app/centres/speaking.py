"""Who may speak for a facility or for a division."""

import uuid
from dataclasses import dataclass

from app.accounts.states import AREA_OF, Area, OrganisationKind, Role, within
from app.centres import store_said
from app.centres.errors import NotYoursError
from app.errors import NotFoundError
from app.work import Work

__all__ = ["Spoken", "speaking_for", "speaking_for_division"]

COMMISSIONS = {
    OrganisationKind.COUNTY_COMMISSION: Area.COUNTY,
    OrganisationKind.PREFECTURE_COMMISSION: Area.PREFECTURE,
    OrganisationKind.PROVINCE_COMMISSION: Area.PROVINCE,
}
SILENT = (Role.ANALYST, Role.AUDITOR)
"""They look and say nothing."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The organisation that is spoken for."""

    org_id: uuid.UUID
    province: str
    division: str


def speaking_for(work: Work, facility_id: str) -> Spoken:
    """Return the organisation of a facility for which the actor may speak.

    Its own staff may; so may a duty officer of its area, who writes down what he is told by
    telephone, and the administrator of a commission above it.

    Raises
    ------
    NotFoundError
        No organisation has this facility.
    NotYoursError
        It is not the actor's to speak for.
    """
    found = store_said.organisation_of(work.session, facility_id)
    if found is None:
        raise NotFoundError("facility", facility_id)
    actor = work.actor
    own = actor.facility_id == facility_id and actor.role not in SILENT
    if not own and not _above(work, found.division):
        raise NotYoursError(facility_id)
    return Spoken(found.id, found.province, found.division)


def speaking_for_division(work: Work, division: str) -> None:
    """Refuse whoever may not speak for a division: NotYoursError."""
    if not _above(work, division):
        raise NotYoursError(division)


def _above(work: Work, division: str) -> bool:
    """Tell whether a division lies in the area of the actor."""
    actor = work.actor
    area = AREA_OF[actor.role]
    if actor.role is Role.ADMINISTRATOR:
        area = COMMISSIONS.get(actor.org_kind, Area.NONE)
    return area is not Area.NONE and division.startswith(within(area, actor.division))
