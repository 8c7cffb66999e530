"""Organisations beside the hospitals of the registry, and medical communities (R-GROUP-01)."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from app.accounts import store
from app.accounts.errors import CommunityRefusedError, OrganisationRefusedError
from app.accounts.states import OrganisationKind
from app.accounts.tables import CommunityMember, Organisation
from facilities.centre import Kind, Tier
from facilities.registry import Registry

__all__ = ["add_new", "join", "leave", "open_commissions"]

KINDS = OrganisationKind
HOSPITALS = (KINDS.INSTITUTION.value, KINDS.MCH.value)
ONCE = (KINDS.COUNTY_COMMISSION, KINDS.PREFECTURE_COMMISSION, KINDS.PROVINCE_COMMISSION)


def add_new(session: Session, kind: OrganisationKind, name_zh: str, division: str) -> Organisation:
    """Make an organisation that is no facility of the registry: a township hospital, a community.

    Raises
    ------
    OrganisationRefusedError
        Without a name or a division, or a second commission of one division.
    """
    faults = [] if name_zh.strip() else ["no_name"]
    if not (len(division) == 6 and division.isdigit()):
        faults.append("no_division")
    if kind in ONCE and (kind.value, division) in store.authorities(session):
        faults.append("commission_is_there")
    if faults:
        raise OrganisationRefusedError(faults)
    org = _organisation(kind, name_zh.strip(), division)
    store.add(session, org)
    return org


def join(
    session: Session,
    community: Organisation,
    member: Organisation,
    *,
    lead: bool,
    at: datetime,
    until: datetime | None = None,
) -> CommunityMember:
    """Let a hospital belong to a medical community, as its lead hospital or not.

    Raises
    ------
    CommunityRefusedError
        It is no community or no hospital, it belongs already, or another leads at that time.
    """
    faults = []
    if community.kind != KINDS.COMMUNITY.value:
        faults.append("no_community")
    if member.kind not in HOSPITALS:
        faults.append("no_hospital")
    if store.community_of(session, community.id, member.id) is not None:
        faults.append("member_already")
    if lead and store.led_between(session, community.id, at, until):
        faults.append("led_already")
    if until is not None and until <= at:
        faults.append("ends_before_it_begins")
    if faults:
        raise CommunityRefusedError(faults)
    row = CommunityMember(
        province=community.province,
        community_id=community.id,
        member_id=member.id,
        member_kind=member.kind,
        is_lead=lead,
        from_at=at,
        to_at=until,
    )
    store.add(session, row)
    return row


def leave(
    session: Session, community: Organisation, member: Organisation, *, at: datetime
) -> CommunityMember:
    """End a membership.

    Raises
    ------
    CommunityRefusedError
        There is none.
    """
    row = store.community_of(session, community.id, member.id)
    if row is None:
        raise CommunityRefusedError(["no_member"])
    store.end(session, row, now=at)
    return row


def open_commissions(session: Session, registry: Registry) -> int:
    """Make commissions, MCH institutions and 120 dispatch for what the divisions name.

    Call it after the facilities were opened. A county's MCH hospital that the registry names is
    the MCH institution of its county. Nothing that is there is made again.

    Returns
    -------
    int
        How many organisations were made.
    """
    store.alone_opening(session)
    named = {
        facility.county: facility.facility_id
        for facility in registry.facilities
        if facility.kind is Kind.MCH and facility.tier is Tier.COUNTY
    }
    store.become_mch(session, tuple(named.values()))
    there = store.authorities(session)
    made = [
        _organisation(kind, name, division)
        for kind, name, division in _wanted(registry)
        if (kind.value, division) not in there
    ]
    store.add(session, *made)
    return len(made)


def _wanted(registry: Registry) -> Iterator[tuple[OrganisationKind, str, str]]:
    divisions = registry.divisions
    province = divisions.province
    yield KINDS.PROVINCE_COMMISSION, f"{province.name_zh}卫生健康委员会", province.adcode
    for prefecture in divisions.prefectures:
        name = f"{prefecture.name_zh}卫生健康委员会"
        yield KINDS.PREFECTURE_COMMISSION, name, prefecture.adcode
    for county in divisions.counties:
        yield KINDS.COUNTY_COMMISSION, f"{county.name_zh}卫生健康局", county.adcode
        yield KINDS.MCH, f"{county.name_zh}妇幼保健机构", county.adcode
        yield KINDS.EMS120, f"{county.name_zh}120急救调度", county.adcode


def _organisation(kind: OrganisationKind, name_zh: str, division: str) -> Organisation:
    return Organisation(province=division[:2], kind=kind.value, name_zh=name_zh, division=division)
