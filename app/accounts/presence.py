"""Who sends a request: by the cookie of a browser, or by the token of a program.

Every answer is read from rows at the time of the request. What was ended in one process, a
session, a token, a role, an account, counts in no process any more.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts import session_store
from app.accounts.errors import (
    CsrfError,
    PasswordChangeNeededError,
    RoleNotChosenError,
    SessionLockedError,
)
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation, RoleGrant, UserAccount
from app.accounts.tokens import csrf_of, digest, is_token, same
from app.db import Database
from app.errors import NotSignedInError
from app.keys.words import told_if_it_opens

__all__ = [
    "IDLE",
    "Presence",
    "acting",
    "actor_at",
    "actor_in",
    "actor_of",
    "authenticate",
    "is_disabled",
    "name_of",
    "presence_of",
    "present",
    "seen",
]

IDLE = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)
"""So often a request writes that somebody was there; all others only read."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there, and by what.

    ``actor`` is None while none of several roles is chosen. ``csrf`` is None for a program.
    ``locked`` is a session at which nobody was for a while; ``due`` says that the time at which
    somebody was seen is to be written anew.
    """

    user_id: uuid.UUID
    login: str
    name: str
    must_change: bool
    actor: Actor | None
    grant_id: uuid.UUID | None
    expires_at: datetime
    session_id: uuid.UUID | None = None
    token_id: uuid.UUID | None = None
    csrf: str | None = None
    locked: bool = False
    due: bool = False


def presence_of(
    database: Database,
    *,
    cookie: str | None,
    csrf: str | None,
    bearer: str | None,
    unsafe: bool,
    idle: timedelta = IDLE,
    background: bool = False,
) -> Presence:
    """Return who sends a request; see :func:`present`.

    Once a minute it is written that somebody was there.

    Parameters
    ----------
    background
        A request that a page sends by itself: it keeps no screen open.
    """
    with database.reading() as session:
        there = present(
            session,
            cookie=cookie,
            csrf=csrf,
            bearer=bearer,
            unsafe=unsafe,
            now=database.now(session),
            idle=idle,
        )
    if there.due and not there.locked and not background:
        with database.writing() as session:
            seen(session, there, now=database.now(session), idle=idle)
    return there


def actor_of(
    database: Database,
    *,
    cookie: str | None,
    csrf: str | None,
    bearer: str | None,
    unsafe: bool,
    idle: timedelta = IDLE,
    background: bool = False,
    at_the_door: bool = False,
) -> Actor:
    """Return who acts; errors as :func:`authenticate`."""
    there = presence_of(
        database,
        cookie=cookie,
        csrf=csrf,
        bearer=bearer,
        unsafe=unsafe,
        idle=idle,
        background=background,
    )
    return acting(there, at_the_door=at_the_door)


def present(
    session: Session,
    *,
    cookie: str | None,
    csrf: str | None,
    bearer: str | None,
    unsafe: bool,
    now: datetime,
    idle: timedelta = IDLE,
) -> Presence:
    """Tell who sends a request, also where she may do nothing yet; nothing is written.

    Parameters
    ----------
    cookie, csrf, bearer
        As they came with the request; None where they did not. A bearer is never taken for a
        cookie: a browser sends the one by itself and not the other.
    unsafe
        The request changes something.
    idle
        After so long without anybody the session is locked.

    Raises
    ------
    NotSignedInError
        Nothing that counts.
    CsrfError
        An unsafe request with a cookie that no page of ours sent.
    """
    if bearer is not None:
        return _by_token(session, bearer, now)
    if cookie is None or not is_token(cookie):
        raise NotSignedInError
    found = session_store.session_of(session, digest(cookie))
    if found is None:
        raise NotSignedInError
    row, user, grant, org = found
    if row.ended_at is not None or row.expires_at <= now or is_disabled(user, now):
        raise NotSignedInError
    if row.grant_id is not None and not (grant and _runs(grant, now)):
        raise NotSignedInError
    if unsafe and (csrf is None or not same(csrf, row.csrf_hash)):
        raise CsrfError
    gone = now - row.last_seen_at
    return Presence(
        user_id=user.id,
        login=user.login,
        name=name_of(session, user),
        must_change=user.must_change,
        actor=actor_in(session, user, grant, org) if grant and org else None,
        grant_id=row.grant_id,
        expires_at=row.expires_at,
        session_id=row.id,
        csrf=csrf_of(cookie),
        locked=gone >= idle,
        due=gone >= SEEN_EVERY,
    )


def _by_token(session: Session, bearer: str, now: datetime) -> Presence:
    found = session_store.token_of(session, digest(bearer)) if is_token(bearer) else None
    if found is None:
        raise NotSignedInError
    row, user, grant, org = found
    if row.revoked_at is not None or row.expires_at <= now:
        raise NotSignedInError
    if is_disabled(user, now) or not _runs(grant, now):
        raise NotSignedInError
    return Presence(
        user_id=user.id,
        login=user.login,
        name=name_of(session, user),
        must_change=user.must_change,
        actor=actor_in(session, user, grant, org),
        grant_id=row.grant_id,
        expires_at=row.expires_at,
        token_id=row.id,
        due=row.last_used_at is None or now - row.last_used_at >= SEEN_EVERY,
    )


def authenticate(
    session: Session,
    *,
    cookie: str | None,
    csrf: str | None,
    bearer: str | None,
    unsafe: bool,
    now: datetime,
    idle: timedelta = IDLE,
    at_the_door: bool = False,
) -> Actor:
    """Return who acts; nothing is written, see :func:`actor_of`.

    Parameters
    ----------
    at_the_door
        What an initial password is enough for: to see who one is, to change it, to leave.

    Raises
    ------
    NotSignedInError, CsrfError
        As :func:`present`.
    SessionLockedError
        Nobody was there for a while.
    RoleNotChosenError
        Several roles, and none chosen.
    PasswordChangeNeededError
        The password is an initial one.
    """
    there = present(
        session, cookie=cookie, csrf=csrf, bearer=bearer, unsafe=unsafe, now=now, idle=idle
    )
    return acting(there, at_the_door=at_the_door)


def acting(there: Presence, *, at_the_door: bool = False) -> Actor:
    """Return who acts, or why she may not yet; errors as :func:`authenticate`."""
    if there.locked:
        raise SessionLockedError
    if there.must_change and not at_the_door:
        raise PasswordChangeNeededError
    if there.actor is None:
        raise RoleNotChosenError
    return there.actor


def seen(session: Session, there: Presence, *, now: datetime, idle: timedelta = IDLE) -> None:
    """Write that somebody was there; a session that has locked meanwhile stays locked."""
    if there.session_id is not None:
        session_store.touch_session(session, there.session_id, now=now, since=now - idle)
    elif there.token_id is not None:
        session_store.touch_token(session, there.token_id, now=now)


def is_disabled(user: UserAccount, now: datetime) -> bool:
    """Tell whether an account is shut at this moment."""
    return (
        user.disabled_from is not None
        and user.disabled_from <= now
        and (user.disabled_to is None or now < user.disabled_to)
    )


def _runs(grant: RoleGrant, now: datetime) -> bool:
    return grant.from_at <= now and (grant.to_at is None or now < grant.to_at)


def name_of(session: Session, user: UserAccount) -> str:
    """Return what a person is called; the login name where that does not open.

    Nobody is kept out for it: what was spoilt is found by ``greenchannel verify``.
    """
    return told_if_it_opens(session, user, "name") or user.login


def actor_in(session: Session, user: UserAccount, grant: RoleGrant, org: Organisation) -> Actor:
    """Return the person as she acts in a role."""
    return actor_at(org, user.id, name_of(session, user), Role(grant.role))


def actor_at(org: Organisation, user_id: uuid.UUID, name: str, role: Role) -> Actor:
    """Return who acts for an organisation in a role, whether or not a grant says so."""
    return Actor(
        user_id=user_id,
        name=name,
        role=role,
        org_id=org.id,
        org_kind=OrganisationKind(org.kind),
        facility_id=org.facility_id,
        division=org.division,
        province=org.province,
    )
