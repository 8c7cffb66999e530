"""Roles, where each may be held, who looks after whom, and who acts (R-ROLE-01, R-ROLE-02)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "ANSWERING",
    "AREA_OF",
    "COMMISSIONS",
    "DUTY_OF",
    "FITS",
    "ON_DUTY",
    "TREATING",
    "WITH_PLACES",
    "Actor",
    "Area",
    "OrganisationKind",
    "Role",
    "area_of",
    "looks_after",
    "places_of_roles",
    "within",
]


class OrganisationKind(StrEnum):
    """What an organisation is."""

    INSTITUTION = "institution"
    COMMUNITY = "community"
    MCH = "mch"
    EMS120 = "ems120"
    COUNTY_COMMISSION = "county_commission"
    PREFECTURE_COMMISSION = "prefecture_commission"
    PROVINCE_COMMISSION = "province_commission"


class Role(StrEnum):
    """What a person does in an organisation; each act names the one used."""

    TOWNSHIP = "township"
    COUNTY_CLINICIAN = "county_clinician"
    MCH_MANAGER = "mch_manager"
    COORDINATOR = "coordinator"
    COUNTY_DUTY_OFFICER = "county_duty_officer"
    PREFECTURE_DUTY_OFFICER = "prefecture_duty_officer"
    PROVINCE_DUTY_OFFICER = "province_duty_officer"
    EMS120 = "ems120"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Area(StrEnum):
    """How far a role looks beyond its own organisation."""

    NONE = "none"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"


AREA_OF = dict.fromkeys(Role, Area.NONE) | {
    Role.MCH_MANAGER: Area.COUNTY,
    Role.COUNTY_DUTY_OFFICER: Area.COUNTY,
    Role.PREFECTURE_DUTY_OFFICER: Area.PREFECTURE,
    Role.PROVINCE_DUTY_OFFICER: Area.PROVINCE,
}

_KINDS = OrganisationKind
_HOSPITALS = (_KINDS.INSTITUTION, _KINDS.MCH)
COMMISSIONS = (
    _KINDS.COUNTY_COMMISSION,
    _KINDS.PREFECTURE_COMMISSION,
    _KINDS.PROVINCE_COMMISSION,
)

FITS: dict[Role, tuple[OrganisationKind, ...]] = {
    Role.TOWNSHIP: (_KINDS.INSTITUTION,),
    Role.COUNTY_CLINICIAN: _HOSPITALS,
    Role.MCH_MANAGER: (_KINDS.MCH,),
    Role.COORDINATOR: _HOSPITALS,
    Role.COUNTY_DUTY_OFFICER: (_KINDS.COUNTY_COMMISSION,),
    Role.PREFECTURE_DUTY_OFFICER: (_KINDS.PREFECTURE_COMMISSION,),
    Role.PROVINCE_DUTY_OFFICER: (_KINDS.PROVINCE_COMMISSION,),
    Role.EMS120: (_KINDS.EMS120,),
    Role.ANALYST: COMMISSIONS,
    Role.ADMINISTRATOR: (*_HOSPITALS, *COMMISSIONS),
    Role.AUDITOR: (*_HOSPITALS, *COMMISSIONS),
}
"""What an organisation must be for a role to be held there; a community holds none itself."""

ANSWERING = frozenset({Role.COORDINATOR, Role.COUNTY_CLINICIAN})
"""Who is shown the offers to a centre, and answers them."""

TREATING = frozenset({Role.TOWNSHIP, Role.COUNTY_CLINICIAN, Role.COORDINATOR})
"""Who treats patients, and can be responsible for one."""

ON_DUTY = frozenset(
    {Role.COUNTY_DUTY_OFFICER, Role.PREFECTURE_DUTY_OFFICER, Role.PROVINCE_DUTY_OFFICER}
)
"""Who decides for an area when a step has climbed to its commission."""

WITH_PLACES = frozenset({Role.COORDINATOR})
"""Roles that answer for places: their organisation is a facility of the registry."""

DUTY_OF = {Role.ADMINISTRATOR: "administers", Role.AUDITOR: "audits"}
"""Duties that one account never has both of, not even one after the other (等保)."""


def places_of_roles() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each role with the kinds of organisation it may be held in."""
    for role, kinds in FITS.items():
        yield role.value, tuple(kind.value for kind in kinds)


_DIGITS = {Area.COUNTY: 6, Area.PREFECTURE: 4, Area.PROVINCE: 2}


def within(area: Area, division: str) -> str:
    """Return what the code of every division of an area begins with."""
    return division[: _DIGITS[area]]


_LOOKED_AFTER = {
    _KINDS.COUNTY_COMMISSION: Area.COUNTY,
    _KINDS.PREFECTURE_COMMISSION: Area.PREFECTURE,
    _KINDS.PROVINCE_COMMISSION: Area.PROVINCE,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which role, for which organisation.

    ``name`` is the name of a member of staff, never of a patient. ``facility_id`` is None where the
    organisation is no institution of the registry. ``division`` is the code of the organisation.
    """

    user_id: uuid.UUID
    name: str
    role: Role
    org_id: uuid.UUID
    org_kind: OrganisationKind
    facility_id: str | None
    division: str
    province: str


def area_of(actor: Actor) -> str:
    """Return what the codes of the area of a commission begin with, whatever the role there.

    One of another organisation has its own division and no more.
    """
    area = _LOOKED_AFTER.get(actor.org_kind, Area.COUNTY)
    return within(area, actor.division)


def looks_after(actor: Actor, *, org_id: uuid.UUID, division: str) -> bool:
    """Tell whether an administrator keeps the accounts of an organisation.

    One of a commission keeps those of its area, any other those of its own organisation.
    """
    if actor.role is not Role.ADMINISTRATOR:
        return False
    area = _LOOKED_AFTER.get(actor.org_kind)
    if area is None:
        return org_id == actor.org_id
    return division.startswith(within(area, actor.division))
