"""Roles, and who acts (R-ROLE-01, R-ROLE-02)."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["AREA_OF", "Actor", "Area", "OrganisationKind", "Role", "within"]


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

_DIGITS = {Area.COUNTY: 6, Area.PREFECTURE: 4, Area.PROVINCE: 2}


def within(area: Area, division: str) -> str:
    """Return what the code of every division of an area begins with."""
    return division[: _DIGITS[area]]


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
