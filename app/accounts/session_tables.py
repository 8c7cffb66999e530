"""Tables of who is signed in, with what, and of how signing in ended."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.accounts.throttle import RULES
from app.db_types import Key, When, new_key, of_a_province
from app.rows import Row

__all__ = ["NOWHERE", "OUTCOMES", "ApiToken", "Attempt", "SignInEvent", "UserSession"]

NOWHERE = "00"
"""Province of rows that speak of nobody we know."""

ENDINGS = ("signed_out", "role_switched", "password_changed", "password_reset", "disabled")
OUTCOMES = (
    "signed_in",
    "wrong_password",
    "unknown_login",
    "disabled",
    "no_role",
    "unlocked",
    "not_unlocked",
    "password_changed",
    "password_not_changed",
    "signed_out",
    "role_switched",
)
_TOUCHED = {"info": {"untraced": "moves with every minute of use"}}


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class UserSession(Row, table=True):
    """A browser that is signed in, in one role; ``grant_id`` None while none is chosen."""

    __tablename__ = "user_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["grant_id", "user_id"],
            ["role_grant.id", "role_grant.user_id"],
            name="fk_user_session_grant",
        ),
        CheckConstraint("length(token_hash) = 64", name="token_hash"),
        CheckConstraint("length(csrf_hash) = 64", name="csrf_hash"),
        CheckConstraint("expires_at > created_at", name="expires"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended"),
        CheckConstraint(f"ended_how IN ({_listed(ENDINGS)})", name="ended_how"),
        of_a_province(),
        Index("ix_user_session_user_id", "user_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    token_hash: str = Field(sa_type=Text, unique=True, repr=False)
    csrf_hash: str = Field(sa_type=Text, repr=False)
    user_id: uuid.UUID = Field(sa_type=Key, foreign_key="user_account.id")
    grant_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    created_at: datetime = Field(sa_type=When)
    last_seen_at: datetime = Field(sa_type=When, sa_column_kwargs=_TOUCHED)
    expires_at: datetime = Field(sa_type=When)
    ended_at: datetime | None = Field(default=None, sa_type=When)
    ended_how: str | None = Field(default=None, sa_type=Text)


class ApiToken(Row, table=True):
    """What a program signs in with, in one role of one person."""

    __tablename__ = "api_token"
    __table_args__ = (
        ForeignKeyConstraint(
            ["grant_id", "user_id"],
            ["role_grant.id", "role_grant.user_id"],
            name="fk_api_token_grant",
        ),
        CheckConstraint("length(token_hash) = 64", name="token_hash"),
        CheckConstraint("expires_at > created_at", name="expires"),
        CheckConstraint("name <> ''", name="name"),
        of_a_province(),
        Index("ix_api_token_user_id", "user_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    token_hash: str = Field(sa_type=Text, unique=True, repr=False)
    user_id: uuid.UUID = Field(sa_type=Key, foreign_key="user_account.id")
    grant_id: uuid.UUID = Field(sa_type=Key)
    name: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=When)
    expires_at: datetime = Field(sa_type=When)
    revoked_at: datetime | None = Field(default=None, sa_type=When)
    last_used_at: datetime | None = Field(default=None, sa_type=When, sa_column_kwargs=_TOUCHED)


class Attempt(Row, table=True):
    """How often a password was wrong of late, by login name and by address of the client.

    ``who`` is a hash under a key that is not in the database: a name that nobody has may be a
    password typed into the wrong field.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("kind", "who", name="uq_attempt_who"),
        CheckConstraint(f"kind IN ({_listed(tuple(RULES))})", name="kind"),
        CheckConstraint("length(who) = 64", name="who"),
        CheckConstraint("failures >= 0", name="failures"),
        of_a_province(),
        Index("ix_attempt_last_at", "last_at"),
        {"sqlite_strict": True, "info": {"untraced": "counts come and go; see sign_in"}},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(default=NOWHERE, sa_type=Text)
    kind: str = Field(sa_type=Text)
    who: str = Field(sa_type=Text)
    failures: int = 0
    last_at: datetime | None = Field(default=None, sa_type=When)
    wait_until: datetime | None = Field(default=None, sa_type=When)


class SignInEvent(Row, table=True):
    """Who came in or did not, when, from where; never changed. No password and no unknown name."""

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_listed(OUTCOMES)})", name="outcome"),
        CheckConstraint("(outcome = 'unknown_login') = (user_id IS NULL)", name="who"),
        of_a_province(),
        Index("ix_sign_in_user_id", "user_id", "at"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    user_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="user_account.id")
    at: datetime = Field(sa_type=When)
    client: str = Field(sa_type=Text)
    outcome: str = Field(sa_type=Text)
