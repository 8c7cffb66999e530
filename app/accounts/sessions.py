"""Sessions of browsers: made under a token that nobody has seen before, and ended."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts import session_store, store
from app.accounts.errors import NoRoleError
from app.accounts.presence import Presence, actor_in
from app.accounts.session_tables import UserSession
from app.accounts.states import Actor, Role
from app.accounts.tables import UserAccount
from app.accounts.tokens import csrf_of, digest, new_token
from app.errors import NotSignedInError

__all__ = ["LASTS", "Held", "Opened", "opened", "reopened", "roles_held"]

LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Held:
    """A role to choose."""

    grant_id: uuid.UUID
    role: Role
    org_id: uuid.UUID
    org_name: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just made. ``token`` goes into the cookie and nowhere else.

    ``actor`` is None where one of ``roles`` has to be chosen first.
    """

    token: str
    csrf: str
    must_change: bool
    expires_at: datetime
    actor: Actor | None
    roles: tuple[Held, ...]


def roles_held(session: Session, user_id: uuid.UUID, *, now: datetime) -> tuple[Held, ...]:
    """Return the roles a person may choose from."""
    return tuple(
        Held(grant.id, Role(grant.role), org.id, org.name_zh)
        for grant, org in store.roles_of(session, user_id, now=now)
    )


def opened(
    session: Session,
    user: UserAccount,
    *,
    now: datetime,
    grant_id: uuid.UUID | None = None,
    until: datetime | None = None,
) -> Opened:
    """Make a session under a token that nobody has seen before.

    The only role is taken by itself; of several the one asked for, or none yet.

    Raises
    ------
    NoRoleError
        The person holds none.
    """
    held = store.roles_of(session, user.id, now=now)
    if not held:
        raise NoRoleError
    asked = held if len(held) == 1 else [one for one in held if one[0].id == grant_id]
    grant, org = asked[0] if asked else (None, None)
    token = new_token()
    row = UserSession(
        province=user.province,
        token_hash=digest(token),
        csrf_hash=digest(csrf_of(token)),
        user_id=user.id,
        grant_id=grant.id if grant else None,
        created_at=now,
        last_seen_at=now,
        expires_at=until or now + LASTS,
    )
    store.add(session, row)
    return Opened(
        token=token,
        csrf=csrf_of(token),
        must_change=user.must_change,
        expires_at=row.expires_at,
        actor=actor_in(session, user, grant, org) if grant and org else None,
        roles=tuple(Held(g.id, Role(g.role), o.id, o.name_zh) for g, o in held),
    )


def reopened(
    session: Session,
    there: Presence,
    user: UserAccount,
    *,
    how: str,
    now: datetime,
    grant_id: uuid.UUID | None,
    everywhere: bool = False,
) -> Opened:
    """End a session and go on in another, no longer than the first would have lasted.

    ``everywhere`` ends all others of the person too.

    Raises
    ------
    NotSignedInError
        Somebody ended it meanwhile; of two who go on at once only one does.
    """
    done = session_store.end_sessions(session, user.id, how=how, now=now, only=there.session_id)
    if there.session_id is None or not done:
        raise NotSignedInError
    if everywhere:
        session_store.end_sessions(session, user.id, how=how, now=now)
    return opened(session, user, now=now, grant_id=grant_id, until=there.expires_at)
