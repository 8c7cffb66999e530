"""Every statement on organisations, communities, accounts and roles."""

import contextlib
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select, update

from app.accounts.states import TREATING, OrganisationKind, Role
from app.accounts.tables import CommunityMember, Organisation, RoleGrant, UserAccount
from app.db_types import Moment
from app.writing import write

__all__ = [
    "add",
    "alone_opening",
    "authorities",
    "authority",
    "become_mch",
    "community_of",
    "end",
    "facilities_in_community",
    "grant_of",
    "has_administrator",
    "in_one_community",
    "know_authorities",
    "led_between",
    "members_of",
    "open_grant",
    "organisation_of",
    "organisations",
    "organisations_by_facility",
    "organisations_named",
    "roles_of",
    "running",
    "take_duty",
    "treating_at",
    "user_named",
    "user_of",
    "users",
]

# Built once: building a statement costs more than running it.
_FIRST_AT = (
    select(Organisation)
    .where(
        col(Organisation.kind) == bindparam("kind"),
        col(Organisation.division) == bindparam("division"),
    )
    .order_by(col(Organisation.id))
    .limit(1)
)


def add(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here."""
    write(session, *rows)


def alone_opening(session: Session) -> None:
    """Let nobody else open organisations until this transaction ends; SQLite has one writer."""
    if session.get_bind().dialect.name == "postgresql":
        asked = select(func.hashtextextended("accounts:opening", 0))
        session.exec(select(func.pg_advisory_xact_lock(asked.scalar_subquery())))


def running(table: type[RoleGrant] | type[CommunityMember], now: Moment) -> ColumnElement[bool]:
    """Say that a period has begun and not ended."""
    return and_(col(table.from_at) <= now, or_(col(table.to_at).is_(None), col(table.to_at) > now))


def organisations_by_facility(session: Session) -> dict[str, Organisation]:
    """Return the institutions by the code of their facility."""
    found = session.exec(select(Organisation).where(col(Organisation.facility_id).is_not(None)))
    return {str(one.facility_id): one for one in found}


def organisation_of(session: Session, org_id: uuid.UUID) -> Organisation | None:
    """Return an organisation by its key."""
    return session.get(Organisation, org_id)


def organisations(session: Session) -> Sequence[Organisation]:
    """Return all organisations by division."""
    return session.exec(
        select(Organisation).order_by(Organisation.division, col(Organisation.id))
    ).all()


def organisations_named(session: Session, name: str) -> Sequence[Organisation]:
    """Return the organisations whose key, facility or name this is; several may share a name."""
    which = [col(Organisation.facility_id) == name, col(Organisation.name_zh) == name]
    with contextlib.suppress(ValueError):
        which.append(col(Organisation.id) == uuid.UUID(name))
    return session.exec(
        select(Organisation).where(or_(*which)).order_by(col(Organisation.id)).limit(2)
    ).all()


def authorities(session: Session) -> set[tuple[str, str]]:
    """Return kind and division of what is no hospital and no community."""
    others = (OrganisationKind.INSTITUTION.value, OrganisationKind.COMMUNITY.value)
    found = session.exec(
        select(Organisation.kind, Organisation.division).where(
            col(Organisation.kind).not_in(others)
        )
    )
    return set(found)


def authority(session: Session, kind: OrganisationKind, division: str) -> Organisation:
    """Return the first organisation of a kind at a division; there is one once they are opened."""
    found = select(Organisation).where(
        Organisation.kind == kind.value, Organisation.division == division
    )
    return session.exec(found.order_by(col(Organisation.id)).limit(1)).one()


def authority_at(session: Session, kind: OrganisationKind, division: str) -> uuid.UUID | None:
    """Return the first organisation of a kind at a division; None where none was opened.

    The transaction that has found it holds its row, and whoever needs the rest of it.
    """
    known: dict[tuple[str, str], Organisation] = session.info.setdefault("authority_at", {})
    name = (kind.value, division)
    if name not in known:
        found = session.exec(_FIRST_AT, params={"kind": kind.value, "division": division}).first()
        if found is None:
            return None
        known[name] = found
    return known[name].id


def know_authorities(session: Session, kind: OrganisationKind, divisions: Collection[str]) -> None:
    """Find the first organisation of a kind at each of some divisions, for :func:`authority_at`."""
    known: dict[tuple[str, str], Organisation] = session.info.setdefault("authority_at", {})
    found = session.exec(
        select(Organisation)
        .where(Organisation.kind == kind.value, col(Organisation.division).in_(divisions))
        .order_by(col(Organisation.id))
    )
    for org in found:
        known.setdefault((kind.value, org.division), org)


def become_mch(session: Session, facility_ids: Sequence[str]) -> None:
    """Let institutions of the registry be MCH institutions, where nobody holds a role yet."""
    held = exists().where(col(RoleGrant.org_id) == col(Organisation.id))
    session.exec(
        update(Organisation)
        .where(
            col(Organisation.facility_id).in_(facility_ids),
            col(Organisation.kind) == OrganisationKind.INSTITUTION.value,
            ~held,
        )
        .values(kind=OrganisationKind.MCH.value)
    )


def community_of(
    session: Session, community_id: uuid.UUID, member_id: uuid.UUID
) -> CommunityMember | None:
    """Return the membership that has no end yet."""
    return session.exec(
        select(CommunityMember).where(
            CommunityMember.community_id == community_id,
            CommunityMember.member_id == member_id,
            col(CommunityMember.to_at).is_(None),
        )
    ).first()


def members_of(
    session: Session, community_id: uuid.UUID, *, now: datetime
) -> Sequence[CommunityMember]:
    """Return the memberships of a community that run now, the oldest first."""
    return session.exec(
        select(CommunityMember)
        .where(CommunityMember.community_id == community_id, running(CommunityMember, now))
        .order_by(col(CommunityMember.id))
    ).all()


def led_between(
    session: Session, community_id: uuid.UUID, begins: datetime, ends: datetime | None
) -> bool:
    """Tell whether a lead hospital of the community has a time that overlaps this one."""
    found = select(CommunityMember.id).where(
        CommunityMember.community_id == community_id,
        col(CommunityMember.is_lead),
        or_(col(CommunityMember.to_at).is_(None), col(CommunityMember.to_at) > begins),
    )
    if ends is not None:
        found = found.where(col(CommunityMember.from_at) < ends)
    return session.exec(found.limit(1)).first() is not None


def in_one_community(
    session: Session, first: uuid.UUID, second: uuid.UUID, *, at: datetime
) -> bool:
    """Tell whether two hospitals belonged to one medical community at a moment (R-GROUP-01)."""
    one, other = aliased(CommunityMember), aliased(CommunityMember)
    found = session.exec(
        select(one.id)
        .join(other, col(one.community_id) == col(other.community_id))
        .where(one.member_id == first, other.member_id == second)
        .where(running(one, at), running(other, at))
        .limit(1)
    )
    return found.first() is not None


def facilities_in_community(session: Session, org_id: uuid.UUID, *, at: datetime) -> Sequence[str]:
    """Return the other hospitals of the registry in the medical communities of an organisation."""
    own, other = aliased(CommunityMember), aliased(CommunityMember)
    found = session.exec(
        select(col(Organisation.facility_id))
        .join(other, col(other.member_id) == col(Organisation.id))
        .join(own, col(own.community_id) == col(other.community_id))
        .where(own.member_id == org_id, other.member_id != org_id)
        .where(running(own, at), running(other, at), col(Organisation.facility_id).is_not(None))
        .distinct()
        .order_by(col(Organisation.facility_id))
    )
    return [one for one in found if one is not None]


def user_of(session: Session, user_id: uuid.UUID) -> UserAccount | None:
    """Return an account by its key, as it is now."""
    return session.get(UserAccount, user_id, populate_existing=True)


def user_named(session: Session, login: str) -> UserAccount | None:
    """Return an account by its login name."""
    return session.exec(
        select(UserAccount)
        .where(UserAccount.login == login)
        .execution_options(populate_existing=True)
    ).first()


def users(session: Session) -> Sequence[UserAccount]:
    """Return every account, the oldest first."""
    return session.exec(select(UserAccount).order_by(col(UserAccount.id))).all()


def roles_of(
    session: Session, user_id: uuid.UUID, *, now: datetime
) -> Sequence[tuple[RoleGrant, Organisation]]:
    """Return the roles a person holds, each with its organisation, the first granted first."""
    return session.exec(
        select(RoleGrant, Organisation)
        .join(Organisation, col(Organisation.id) == col(RoleGrant.org_id))
        .where(running(RoleGrant, now), RoleGrant.user_id == user_id)
        .order_by(col(RoleGrant.id))
    ).all()


def treating_at(session: Session, division: str, *, now: datetime) -> Sequence[UserAccount]:
    """Return who treats patients in the hospitals of a division, each once."""
    held = (
        select(RoleGrant.user_id)
        .join(Organisation, col(Organisation.id) == col(RoleGrant.org_id))
        .where(
            running(RoleGrant, now),
            col(RoleGrant.role).in_([one.value for one in TREATING]),
            Organisation.division == division,
        )
    )
    return session.exec(
        select(UserAccount).where(col(UserAccount.id).in_(held)).order_by(col(UserAccount.id))
    ).all()


def grant_of(session: Session, grant_id: uuid.UUID) -> RoleGrant | None:
    """Return a role that is or was held."""
    return session.get(RoleGrant, grant_id, populate_existing=True)


def open_grant(
    session: Session, user_id: uuid.UUID, org_id: uuid.UUID, role: Role
) -> RoleGrant | None:
    """Return the same role without an end, where the person holds it."""
    return session.exec(
        select(RoleGrant).where(
            RoleGrant.user_id == user_id,
            RoleGrant.org_id == org_id,
            RoleGrant.role == role.value,
            col(RoleGrant.to_at).is_(None),
        )
    ).first()


def take_duty(session: Session, user_id: uuid.UUID, duty: str) -> bool:
    """Give an account a duty; false where it has the other one. Two at once cannot both."""
    done = session.exec(
        update(UserAccount)
        .where(
            col(UserAccount.id) == user_id,
            or_(col(UserAccount.duty).is_(None), col(UserAccount.duty) == duty),
        )
        .values(duty=duty)
    )
    return bool(done.rowcount)


def end(session: Session, period: RoleGrant | CommunityMember, *, now: datetime) -> None:
    """End a period now; one that has not begun ends as it begins."""
    period.to_at = max(now, period.from_at)
    add(session, period)


def has_administrator(session: Session) -> bool:
    """Tell whether anybody was ever made an administrator."""
    found = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR.value).limit(1)
    return session.exec(found).first() is not None
