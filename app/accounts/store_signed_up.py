"""Where somebody has an account that works: statements on accounts, roles and organisations.

An account counts once its initial password was changed: until then its owner is shown nothing.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.states import OrganisationKind, Role
from app.accounts.store import running
from app.accounts.tables import CommunityMember, Organisation, RoleGrant, UserAccount
from app.db_types import Moment

__all__ = ["divisions_without", "emergency_services", "facilities_with"]


def facilities_with(
    session: Session, facility_ids: Collection[str], roles: Collection[Role], *, at: datetime
) -> set[str]:
    """Return those of the facilities in which somebody holds one of the roles, in one statement."""
    if not facility_ids:
        return set()
    asked = {"facility_ids": sorted(facility_ids), "at": at}
    found = session.exec(_facilities_with(frozenset(roles)), params=asked)
    return {str(facility_id) for facility_id in found}


@cache
def _facilities_with(roles: frozenset[Role]) -> SelectOfScalar[str | None]:
    """Return what finds the facilities in which somebody holds one of the roles, built once."""
    return select(col(Organisation.facility_id)).where(
        col(Organisation.facility_id).in_(bindparam("facility_ids", expanding=True)),
        _held_there(sorted(roles), bindparam("at")),
    )


def divisions_without(
    session: Session, kinds: Collection[OrganisationKind], roles: Collection[Role], *, at: datetime
) -> Sequence[str]:
    """Return the divisions of organisations of these kinds in which nobody holds such a role."""
    return session.exec(
        select(Organisation.division)
        .where(col(Organisation.kind).in_([kind.value for kind in kinds]), ~_held_there(roles, at))
        .order_by(Organisation.division)
    ).all()


def emergency_services(
    session: Session, divisions: Collection[str], beside: uuid.UUID, *, at: datetime
) -> Sequence[Organisation]:
    """Return the 120 with somebody who could see a call: of the divisions, of its community."""
    one, other = aliased(CommunityMember), aliased(CommunityMember)
    in_community = exists().where(
        col(one.community_id) == col(other.community_id),
        col(one.member_id) == col(Organisation.id),
        col(other.member_id) == beside,
        running(one, at),
        running(other, at),
    )
    return session.exec(
        select(Organisation)
        .where(
            col(Organisation.kind) == OrganisationKind.EMS120.value,
            or_(col(Organisation.division).in_(sorted(divisions)), in_community),
            _held_there((Role.EMS120,), at),
        )
        .order_by(col(Organisation.id))
    ).all()


def _held_there(roles: Collection[Role], at: Moment) -> ColumnElement[bool]:
    user = UserAccount
    shut = and_(
        col(user.disabled_from) <= at,
        or_(col(user.disabled_to).is_(None), col(user.disabled_to) > at),
    )
    return exists().where(
        col(RoleGrant.org_id) == col(Organisation.id),
        col(RoleGrant.role).in_([role.value for role in roles]),
        running(RoleGrant, at),
        col(user.id) == col(RoleGrant.user_id),
        ~col(user.must_change),
        or_(col(user.disabled_from).is_(None), ~shut),
    )
