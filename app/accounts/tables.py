"""Tables of organisations, their communities, people's accounts and the roles they hold."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text
from sqlmodel import Field

from app.accounts.states import DUTY_OF, places_of_roles
from app.db_types import Flag, Key, When, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row

__all__ = ["CommunityMember", "Organisation", "RoleGrant", "UserAccount"]


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_FITS = " OR ".join(
    f"(role = '{role}' AND org_kind IN ({_listed(kinds)}))" for role, kinds in places_of_roles()
)
_DUTY = " OR ".join(
    [
        f"(role = '{role.value}' AND duty IS NOT NULL AND duty = '{DUTY_OF[role]}')"
        for role in DUTY_OF
    ]
    + [f"(role NOT IN ({_listed(tuple(role.value for role in DUTY_OF))}) AND duty IS NULL)"]
)
"""A condition that comes out unknown lets a row in: that there is a duty is said beside which."""


class Organisation(Row, table=True):
    """An institution, a community of them, 120 dispatch, or a health commission."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('institution', 'community', 'mch', 'ems120', 'county_commission', "
            "'prefecture_commission', 'province_commission')",
            name="kind",
        ),
        of_a_province(),
        # What a role or a membership says of the kind of an organisation is true.
        Index("uq_organisation_id_kind", "id", "kind", unique=True),
        only_one(
            "uq_organisation_commission",
            "division",
            "kind",
            where="kind IN ('county_commission', 'prefecture_commission', 'province_commission')",
        ),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    name_zh: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    facility_id: str | None = Field(default=None, sa_type=Text, unique=True)


class CommunityMember(Row, table=True):
    """A hospital in a county medical community (医共体) from one moment to another.

    A community has one lead hospital at a time; a trigger looks at periods that overlap, the index
    at those without an end.
    """

    __tablename__ = "community_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "community_kind"],
            ["organisation.id", "organisation.kind"],
            name="fk_community_member_community",
        ),
        ForeignKeyConstraint(
            ["member_id", "member_kind"],
            ["organisation.id", "organisation.kind"],
            name="fk_community_member_member",
        ),
        CheckConstraint("community_kind = 'community'", name="community"),
        CheckConstraint("member_kind IN ('institution', 'mch')", name="member"),
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="forward"),
        of_a_province(),
        only_one("uq_community_member_lead", "community_id", where="is_lead AND to_at IS NULL"),
        only_one("uq_community_member_open", "community_id", "member_id", where="to_at IS NULL"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    community_id: uuid.UUID = Field(sa_type=Key)
    community_kind: str = Field(default="community", sa_type=Text)
    member_id: uuid.UUID = Field(sa_type=Key)
    member_kind: str = Field(sa_type=Text)
    is_lead: bool = Field(default=False, sa_type=Flag)
    from_at: datetime = Field(sa_type=When)
    to_at: datetime | None = Field(default=None, sa_type=When)


class UserAccount(Row, table=True):
    """A member of staff; the login name is looked up, her name is sealed.

    ``home_org`` is where the account is looked after. ``duty`` is set with the first role that
    administers or audits, and never the other one afterwards.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("length(login) BETWEEN 3 AND 64 AND login = lower(login)", name="login"),
        *sealed_columns("name"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_hash"),
        CheckConstraint("duty IN ('administers', 'audits')", name="duty"),
        CheckConstraint(
            "(disabled_from IS NULL AND disabled_to IS NULL) OR "
            "(disabled_from IS NOT NULL AND (disabled_to IS NULL OR disabled_to >= disabled_from))",
            name="disabled",
        ),
        of_a_province(),
        Index("uq_user_account_id_duty", "id", "duty", unique=True),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    home_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    login: str = Field(sa_type=Text, unique=True)
    name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    password_hash: str = Field(sa_type=Text, repr=False)
    must_change: bool = Field(default=True, sa_type=Flag)
    password_at: datetime = Field(sa_type=When)
    duty: str | None = Field(default=None, sa_type=Text)
    disabled_from: datetime | None = Field(default=None, sa_type=When)
    disabled_to: datetime | None = Field(default=None, sa_type=When)
    created_at: datetime = Field(sa_type=When)


class RoleGrant(Row, table=True):
    """A role of a person in an organisation, and who gave and who ended it.

    ``granted_by`` None is who keeps the machine; ``ended_by`` None too, or it ended by itself at
    the time that was said.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["org_id", "org_kind"],
            ["organisation.id", "organisation.kind"],
            name="fk_role_grant_org",
        ),
        ForeignKeyConstraint(
            ["user_id", "duty"],
            ["user_account.id", "user_account.duty"],
            name="fk_role_grant_duty",
        ),
        CheckConstraint(_FITS, name="fits"),
        CheckConstraint(_DUTY, name="duty"),
        CheckConstraint("granted_by IS NULL OR granted_by <> user_id", name="by_another"),
        CheckConstraint("ended_by IS NULL OR to_at IS NOT NULL", name="ended"),
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="forward"),
        of_a_province(),
        Index("uq_role_grant_id_user", "id", "user_id", unique=True),
        only_one("uq_role_grant_open", "user_id", "org_id", "role", where="to_at IS NULL"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    user_id: uuid.UUID = Field(sa_type=Key, foreign_key="user_account.id")
    org_id: uuid.UUID = Field(sa_type=Key)
    org_kind: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    duty: str | None = Field(default=None, sa_type=Text)
    from_at: datetime = Field(sa_type=When)
    to_at: datetime | None = Field(default=None, sa_type=When)
    granted_by: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="user_account.id")
    ended_by: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="user_account.id")
