"""What goes in and out of accounts over HTTP; no answer carries a secret but the one just made."""

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.accounts.states import OrganisationKind, Role

__all__ = [
    "CommunityMemberIn",
    "CommunityMemberOut",
    "CommunityMembersOut",
    "GrantIn",
    "GrantOut",
    "GrantsOut",
    "InitialPasswordOut",
    "MadeTokenOut",
    "OrganisationIn",
    "OrganisationOut",
    "OrganisationsOut",
    "PasswordIn",
    "RoleIn",
    "SessionOut",
    "SignInIn",
    "ThereOut",
    "TokenIn",
    "TokenOut",
    "TokensOut",
    "UnlockIn",
    "UntilIn",
    "UserIn",
    "UserOut",
    "UsersOut",
]

LONGEST_PASSWORD = 1_000
Short = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Secret = Annotated[
    str, Field(max_length=LONGEST_PASSWORD, json_schema_extra={"format": "password"}, repr=False)
]
Division = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class Model(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class SignInIn(Model):
    """Name and password, and the role to act in where there are several."""

    login: Annotated[str, Field(max_length=200)]
    password: Secret
    grant_id: uuid.UUID | None = None


class UnlockIn(Model):
    """The password, to open a locked session."""

    password: Secret


class PasswordIn(Model):
    """The password as it was, and as it is to be."""

    old: Secret
    new: Secret


class RoleIn(Model):
    """The role to act in from now on."""

    grant_id: uuid.UUID


class HeldOut(Model):
    """A role that may be chosen."""

    grant_id: uuid.UUID
    role: Role
    organisation_id: uuid.UUID
    organisation: str


class ActorOut(Model):
    """Who acts, in which role, for which organisation."""

    name: str
    role: Role
    organisation_id: uuid.UUID
    organisation_kind: OrganisationKind
    facility_id: str | None
    division: str


class ThereOut(Model):
    """Who is there. ``csrf`` goes into X-CSRF-Token of every unsafe call; None for a token."""

    user_id: uuid.UUID
    login: str
    name: str
    must_change_password: bool
    locked: bool
    expires_at: datetime
    csrf: str | None
    actor: ActorOut | None
    roles: tuple[HeldOut, ...]


class SessionOut(Model):
    """A session just made; ``actor`` is None where one of ``roles`` is to be chosen first."""

    csrf: str
    must_change_password: bool
    expires_at: datetime
    actor: ActorOut | None
    roles: tuple[HeldOut, ...]


class TokenIn(Model):
    """A token for a program, in the role of the session."""

    name: Short
    days: Annotated[int, Field(ge=1, le=90)] = 30


class TokenOut(Model):
    """A token, without what it is."""

    id: uuid.UUID
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class TokensOut(Model):
    """The tokens of whoever asks."""

    items: tuple[TokenOut, ...]


class MadeTokenOut(Model):
    """A token just made; it is shown this once."""

    id: uuid.UUID
    token: str
    expires_at: datetime


class UserIn(Model):
    """A new account with its first role."""

    login: Annotated[str, Field(max_length=64)]
    name: Short
    organisation_id: uuid.UUID
    role: Role


class UserOut(Model):
    """An account."""

    id: uuid.UUID
    login: str
    name: str
    organisation_id: uuid.UUID
    roles: tuple[str, ...]
    must_change_password: bool
    disabled_from: datetime | None
    disabled_to: datetime | None


class UsersOut(Model):
    """The accounts that whoever asks keeps."""

    items: tuple[UserOut, ...]
    next: str | None


class InitialPasswordOut(Model):
    """An initial password; it is shown this once and has to be changed."""

    password: str


class UntilIn(Model):
    """Until when; None is without an end."""

    until: AwareDatetime | None = None


class GrantIn(Model):
    """A role to be held."""

    organisation_id: uuid.UUID
    role: Role
    until: AwareDatetime | None = None


class GrantOut(Model):
    """A role that is or was held."""

    id: uuid.UUID
    user_id: uuid.UUID
    organisation_id: uuid.UUID
    role: Role
    from_at: datetime
    to_at: datetime | None


class GrantsOut(Model):
    """The roles that somebody holds now."""

    items: tuple[GrantOut, ...]


class OrganisationIn(Model):
    """An organisation that is no facility of the registry."""

    kind: OrganisationKind
    name_zh: Short
    division: Division


class OrganisationOut(Model):
    """An organisation."""

    id: uuid.UUID
    kind: OrganisationKind
    name_zh: str
    division: str
    facility_id: str | None


class OrganisationsOut(Model):
    """Organisations page by page."""

    items: tuple[OrganisationOut, ...]
    next: str | None


class CommunityMemberIn(Model):
    """A hospital that is to belong to a medical community."""

    organisation_id: uuid.UUID
    is_lead: bool = False


class CommunityMemberOut(Model):
    """A membership."""

    community_id: uuid.UUID
    organisation_id: uuid.UUID
    is_lead: bool
    from_at: datetime
    to_at: datetime | None


class CommunityMembersOut(Model):
    """Who belongs to a community now."""

    items: tuple[CommunityMemberOut, ...]
