"""What an administrator may do: with accounts and organisations of her area, and no others.

One of a hospital keeps the accounts of the hospital, one of a commission those of its area. What
lies outside is not told apart from what does not exist.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts import organisations, people, store
from app.accounts.passwords import Fresh
from app.accounts.presence import is_disabled, name_of
from app.accounts.states import TREATING, OrganisationKind, Role, looks_after
from app.accounts.tables import CommunityMember, Organisation, RoleGrant, UserAccount
from app.errors import NotFoundError, RoleRefusedError
from app.work import Work

__all__ = [
    "add_organisation",
    "colleague",
    "commission_of",
    "create_user",
    "disable_user",
    "enable_user",
    "end_grant",
    "facilities_in_community",
    "grant_role",
    "grants_of",
    "in_one_community",
    "join_community",
    "kept_organisation",
    "know_mch_of",
    "leave_community",
    "login_of",
    "mch_of",
    "members_of",
    "organisation_named",
    "organisations_at",
    "person_named",
    "reset_password",
    "roles_now",
    "treating_by_name",
    "treats_at",
    "users_kept",
]


def create_user(
    work: Work, login: str, name: str, fresh: Fresh, *, org_id: uuid.UUID, role: Role
) -> UserAccount:
    """Make an account with its first role; ``fresh.plain`` is to be shown once.

    Raises
    ------
    NotFoundError
        The organisation is not kept by this administrator.
    RoleRefusedError
        She is none.
    LoginRefusedError, LoginTakenError, GrantRefusedError
        As in :mod:`app.accounts.people`.
    """
    org = kept_organisation(work, org_id)
    user = people.add_user(work.session, login, name, fresh, home=org, at=work.now)
    people.give_role(work.session, user, org, role, at=work.now, by=work.actor.user_id)
    return user


def grant_role(
    work: Work,
    user_id: uuid.UUID,
    org_id: uuid.UUID,
    role: Role,
    *,
    until: datetime | None = None,
) -> RoleGrant:
    """Let a person hold a further role; errors as :func:`create_user`, and SeparateDutiesError."""
    org, user = kept_organisation(work, org_id), _user_at_home(work, user_id)
    return people.give_role(
        work.session, user, org, role, at=work.now, by=work.actor.user_id, until=until
    )


def roles_now(work: Work, user_id: uuid.UUID) -> tuple[str, ...]:
    """Return the roles that somebody holds, each once, the first granted first."""
    held = store.roles_of(work.session, user_id, now=work.now)
    return tuple(dict.fromkeys(grant.role for grant, _ in held))


def grants_of(work: Work, user_id: uuid.UUID) -> Sequence[RoleGrant]:
    """Return the roles that a person held here holds now; NotFoundError for any other person."""
    _user_at_home(work, user_id)
    return [grant for grant, _ in store.roles_of(work.session, user_id, now=work.now)]


def end_grant(work: Work, grant_id: uuid.UUID) -> RoleGrant:
    """End a role that is held in an organisation kept here."""
    grant = store.grant_of(work.session, grant_id)
    _need_administrator(work)
    if grant is None or not _keeps(work, grant.org_id):
        raise NotFoundError("role", str(grant_id))
    people.end_role(work.session, grant, at=work.now, by=work.actor.user_id)
    return grant


def disable_user(work: Work, user_id: uuid.UUID, *, until: datetime | None = None) -> UserAccount:
    """Shut an account; effective with the next request in every process."""
    user = _user_kept(work, user_id)
    people.disable(work.session, user, at=work.now, until=until)
    return user


def enable_user(work: Work, user_id: uuid.UUID) -> UserAccount:
    """Open an account again."""
    user = _user_kept(work, user_id)
    people.enable(work.session, user)
    return user


def reset_password(work: Work, user_id: uuid.UUID, fresh: Fresh) -> None:
    """Give an initial password to somebody who lost hers."""
    people.give_password(work.session, _user_kept(work, user_id), fresh, at=work.now)


def users_kept(work: Work) -> Sequence[UserAccount]:
    """Return the accounts this administrator keeps."""
    _need_administrator(work)
    homes = {org.id for org in store.organisations(work.session) if _looks(work, org)}
    return [user for user in store.users(work.session) if user.home_org in homes]


def organisations_at(work: Work, division: str | None = None) -> Sequence[Organisation]:
    """Return the organisations, of one division or of all; they are known to everybody here."""
    found = store.organisations(work.session)
    return [org for org in found if division is None or org.division == division]


def add_organisation(
    work: Work, kind: OrganisationKind, name_zh: str, division: str
) -> Organisation:
    """Make an organisation in the area of this administrator.

    Raises
    ------
    NotFoundError
        The division lies outside it.
    OrganisationRefusedError
        It cannot be.
    """
    _need_administrator(work)
    if not looks_after(work.actor, org_id=uuid.UUID(int=0), division=division):
        raise NotFoundError("division", division)
    return organisations.add_new(work.session, kind, name_zh, division)


def join_community(
    work: Work, community_id: uuid.UUID, member_id: uuid.UUID, *, lead: bool = False
) -> CommunityMember:
    """Let a hospital belong to a medical community; both are kept by this administrator."""
    community, member = kept_organisation(work, community_id), kept_organisation(work, member_id)
    return organisations.join(work.session, community, member, lead=lead, at=work.now)


def leave_community(work: Work, community_id: uuid.UUID, member_id: uuid.UUID) -> CommunityMember:
    """End a membership."""
    community, member = kept_organisation(work, community_id), kept_organisation(work, member_id)
    return organisations.leave(work.session, community, member, at=work.now)


def members_of(work: Work, community_id: uuid.UUID) -> Sequence[CommunityMember]:
    """Return who belongs to a community now; it is kept by this administrator."""
    community = kept_organisation(work, community_id)
    return store.members_of(work.session, community.id, now=work.now)


def in_one_community(
    session: Session, first: uuid.UUID, second: uuid.UUID, *, at: datetime
) -> bool:
    """Tell whether two hospitals belong to one medical community at a moment (R-GROUP-01)."""
    return store.in_one_community(session, first, second, at=at)


def facilities_in_community(session: Session, org_id: uuid.UUID, *, at: datetime) -> Sequence[str]:
    """Return the other hospitals of the registry with which it is in one community at a moment."""
    return store.facilities_in_community(session, org_id, at=at)


def commission_of(session: Session, level: str, county: str) -> uuid.UUID | None:
    """Return the health commission of a county, or of the prefecture or province above it."""
    kind = {
        "county": (OrganisationKind.COUNTY_COMMISSION, county),
        "prefecture": (OrganisationKind.PREFECTURE_COMMISSION, f"{county[:4]}00"),
        "province": (OrganisationKind.PROVINCE_COMMISSION, f"{county[:2]}0000"),
    }[level]
    return store.authority_at(session, *kind)


def colleague(work: Work, login: str | None) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return somebody who treats patients where the actor may name her, and where that is.

    Those of a hospital name one of their own, a manager of a county one of any hospital there;
    None for ``login`` is the actor. None is nobody, or one whose account is shut.
    """
    user = (
        store.user_of(work.session, work.actor.user_id)
        if login is None
        else store.user_named(work.session, login.strip().lower())
    )
    if user is None or is_disabled(user, work.now):
        return None
    for grant, org in store.roles_of(work.session, user.id, now=work.now):
        here = org.id == work.actor.org_id
        if work.actor.role is Role.MCH_MANAGER:
            here = org.division == work.actor.division and org.province == work.actor.province
        if here and grant.role in TREATING:
            return user.id, org.id
    return None


def treats_at(session: Session, user_id: uuid.UUID, org_id: uuid.UUID, *, now: datetime) -> bool:
    """Tell whether somebody can be responsible for a patient of an organisation now."""
    user = store.user_of(session, user_id)
    if user is None or is_disabled(user, now):
        return False
    held = store.roles_of(session, user_id, now=now)
    return any(org.id == org_id and grant.role in TREATING for grant, org in held)


def treating_by_name(work: Work) -> Mapping[str, tuple[str, ...]]:
    """Return the login names of those who treat patients where the actor is, by what they say.

    By name and by login name; two of one name are both there. Shut accounts are not.
    """
    known: dict[str, dict[str, tuple[str, ...]]] = work.session.info.setdefault("treating", {})
    here = work.actor.division
    if here not in known:
        known[here] = {}
        for user in store.treating_at(work.session, here, now=work.now):
            if not is_disabled(user, work.now):
                for said in {user.login, name_of(work.session, user)}:
                    known[here][said] = (*known[here].get(said, ()), user.login)
    return known[here]


def organisation_named(session: Session, org_id: uuid.UUID) -> Organisation | None:
    """Return an organisation by its key, for its name and where it is rung."""
    return store.organisation_of(session, org_id)


def person_named(session: Session, user_id: uuid.UUID) -> str | None:
    """Return what a colleague is called; None where there is no such account."""
    user = store.user_of(session, user_id)
    return None if user is None else name_of(session, user)


def login_of(session: Session, user_id: uuid.UUID) -> str | None:
    """Return the login name of an account."""
    user = store.user_of(session, user_id)
    return None if user is None else user.login


def mch_of(session: Session, county: str) -> uuid.UUID | None:
    """Return the MCH institution in charge of a county; None where there is none."""
    return store.authority_at(session, OrganisationKind.MCH, county)


def know_mch_of(session: Session, counties: Collection[str]) -> None:
    """Find the MCH institutions of counties by one statement, for :func:`mch_of`."""
    store.know_authorities(session, OrganisationKind.MCH, counties)


def _need_administrator(work: Work) -> None:
    if work.actor.role is not Role.ADMINISTRATOR:
        raise RoleRefusedError(work.actor.role.value, (Role.ADMINISTRATOR.value,))


def _looks(work: Work, org: Organisation) -> bool:
    return looks_after(work.actor, org_id=org.id, division=org.division)


def _keeps(work: Work, org_id: uuid.UUID) -> bool:
    org = store.organisation_of(work.session, org_id)
    return org is not None and _looks(work, org)


def kept_organisation(work: Work, org_id: uuid.UUID) -> Organisation:
    """Return an organisation that the actor administers; NotFoundError for any other."""
    _need_administrator(work)
    org = store.organisation_of(work.session, org_id)
    if org is None or not _looks(work, org):
        raise NotFoundError("organisation", str(org_id))
    return org


def _user_at_home(work: Work, user_id: uuid.UUID) -> UserAccount:
    """Return an account that belongs here, whatever else it may do elsewhere."""
    _need_administrator(work)
    user = store.user_of(work.session, user_id)
    if user is None or not _keeps(work, user.home_org):
        raise NotFoundError("user", str(user_id))
    return user


def _user_kept(work: Work, user_id: uuid.UUID) -> UserAccount:
    """Return an account all of whose roles are kept here.

    Who gives somebody a password can act as her: that may open nothing outside the area.
    """
    user = _user_at_home(work, user_id)
    held = store.roles_of(work.session, user_id, now=work.now)
    if not all(_looks(work, org) for _, org in held):
        raise NotFoundError("user", str(user_id))
    return user
