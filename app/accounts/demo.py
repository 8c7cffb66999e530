"""One account per role, in one story: a remote county, its prefecture, its province."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from app.accounts import organisations, people, store
from app.accounts.errors import OrganisationRefusedError
from app.accounts.passwords import fresh_password
from app.accounts.states import OrganisationKind, Role
from app.accounts.tables import Organisation
from facilities.registry import Registry

__all__ = ["ANSWERS", "ASKS", "CENTRE", "COUNTY", "HOSPITAL", "DemoAccount", "demo_accounts"]

COUNTY = "533422"
"""Deqin, in the gorges: a county hospital, hours from the next centre."""
HOSPITAL, CENTRE, PROVINCE_CENTRE = "YN533400-003", "YN533400-001", "YN530100-005"
"""The centre is the first that the hospital asks, for a mother and for a newborn."""
TOWNSHIP, COMMUNITY = "奔子栏镇卫生院(演示)", "德钦县医共体(演示)"
ASKS, ANSWERS = "county", "centre"
"""The logins at the hospital and at the centre: what one asks, the other answers."""
NAMES = "甲乙丙丁戊己庚辛壬癸子丑"

KINDS = OrganisationKind


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A login that is printed when a demonstration begins."""

    login: str
    password: str = field(repr=False)
    role: Role
    organisation: str


def demo_accounts(session: Session, registry: Registry, now: datetime) -> tuple[DemoAccount, ...]:
    """Make one account per role, and the township and community that the story needs.

    Call it after facilities and commissions were opened. The passwords are new each time and need
    not be changed. Slow: it hashes one for each account.

    Raises
    ------
    LoginTakenError
        It was called before.
    OrganisationRefusedError
        The registry has not the hospitals of the story.
    """
    county, prefecture = COUNTY, registry.divisions.prefecture_of(COUNTY)
    province = registry.divisions.province.adcode
    facilities = store.organisations_by_facility(session)
    missing = [code for code in (HOSPITAL, CENTRE, PROVINCE_CENTRE) if code not in facilities]
    if missing:
        raise OrganisationRefusedError([f"not_in_registry:{code}" for code in missing])
    township = organisations.add_new(session, KINDS.INSTITUTION, TOWNSHIP, county)
    community = organisations.add_new(session, KINDS.COMMUNITY, COMMUNITY, county)
    organisations.join(session, community, facilities[HOSPITAL], lead=True, at=now)
    organisations.join(session, community, township, lead=False, at=now)

    def office(kind: OrganisationKind, division: str) -> Organisation:
        return store.authority(session, kind, division)

    story = (
        ("township", Role.TOWNSHIP, township),
        (ASKS, Role.COUNTY_CLINICIAN, facilities[HOSPITAL]),
        ("mch", Role.MCH_MANAGER, office(KINDS.MCH, county)),
        (ANSWERS, Role.COORDINATOR, facilities[CENTRE]),
        ("province.centre", Role.COORDINATOR, facilities[PROVINCE_CENTRE]),
        ("duty.county", Role.COUNTY_DUTY_OFFICER, office(KINDS.COUNTY_COMMISSION, county)),
        (
            "duty.prefecture",
            Role.PREFECTURE_DUTY_OFFICER,
            office(KINDS.PREFECTURE_COMMISSION, prefecture),
        ),
        (
            "duty.province",
            Role.PROVINCE_DUTY_OFFICER,
            office(KINDS.PROVINCE_COMMISSION, province),
        ),
        ("ems120", Role.EMS120, office(KINDS.EMS120, county)),
        ("analyst", Role.ANALYST, office(KINDS.PROVINCE_COMMISSION, province)),
        ("administrator", Role.ADMINISTRATOR, office(KINDS.PROVINCE_COMMISSION, province)),
        ("auditor", Role.AUDITOR, office(KINDS.PROVINCE_COMMISSION, province)),
    )
    return tuple(
        _account(session, login, f"演示{letter}", role, org, now)
        for letter, (login, role, org) in zip(NAMES, story, strict=True)
    )


def _account(
    session: Session, login: str, name: str, role: Role, org: Organisation, now: datetime
) -> DemoAccount:
    fresh = fresh_password()
    user = people.add_user(session, login, name, fresh, home=org, at=now, must_change=False)
    people.give_role(session, user, org, role, at=now)
    return DemoAccount(login, fresh.plain, role, org.name_zh)
