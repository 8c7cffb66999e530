"""Every statement on sessions, tokens, attempts and the log of signing in."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, and_, bindparam, or_
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, delete, select, update

from app.accounts.session_tables import ApiToken, Attempt, UserSession
from app.accounts.tables import Organisation, RoleGrant, UserAccount

__all__ = [
    "attempt",
    "attempt_locked",
    "end_sessions",
    "forget_attempts",
    "revoke_tokens",
    "session_of",
    "token_of",
    "tokens_of",
    "touch_session",
    "touch_token",
]


# Built once: building a statement costs more than running it.
_SESSION = (
    select(UserSession, UserAccount, RoleGrant, Organisation)
    .join(UserAccount, col(UserAccount.id) == col(UserSession.user_id))
    .outerjoin(RoleGrant, col(RoleGrant.id) == col(UserSession.grant_id))
    .outerjoin(Organisation, col(Organisation.id) == col(RoleGrant.org_id))
    .where(col(UserSession.token_hash) == bindparam("token_hash"))
    .execution_options(populate_existing=True)
)
_TOKEN = (
    select(ApiToken, UserAccount, RoleGrant, Organisation)
    .join(UserAccount, col(UserAccount.id) == col(ApiToken.user_id))
    .join(RoleGrant, col(RoleGrant.id) == col(ApiToken.grant_id))
    .join(Organisation, col(Organisation.id) == col(RoleGrant.org_id))
    .where(col(ApiToken.token_hash) == bindparam("token_hash"))
    .execution_options(populate_existing=True)
)


def session_of(
    session: Session, token_hash: str
) -> tuple[UserSession, UserAccount, RoleGrant | None, Organisation | None] | None:
    """Return a session with its person, role and organisation, whatever has become of them."""
    return session.exec(_SESSION, params={"token_hash": token_hash}).first()


def token_of(
    session: Session, token_hash: str
) -> tuple[ApiToken, UserAccount, RoleGrant, Organisation] | None:
    """Return a token with its person, role and organisation, whatever has become of them."""
    return session.exec(_TOKEN, params={"token_hash": token_hash}).first()


def touch_session(
    session: Session, session_id: uuid.UUID, *, now: datetime, since: datetime | None
) -> bool:
    """Note that somebody is at the screen; ``since`` given, only where she was there after it.

    The column is in no digest, so that a minute at a screen is no entry of the record.
    """
    which = and_(
        col(UserSession.id) == session_id,
        col(UserSession.ended_at).is_(None),
        col(UserSession.last_seen_at) < now,
    )
    if since is not None:
        which = and_(which, col(UserSession.last_seen_at) > since)
    touched = update(UserSession).where(which).values(last_seen_at=now)
    return bool(_rows(session.connection().execute(touched)))


def touch_token(session: Session, token_id: uuid.UUID, *, now: datetime) -> None:
    """Note that a token was used."""
    which = col(ApiToken.id) == token_id
    session.connection().execute(update(ApiToken).where(which).values(last_used_at=now))


def end_sessions(
    session: Session,
    user_id: uuid.UUID,
    *,
    how: str,
    now: datetime,
    only: uuid.UUID | None = None,
) -> int:
    """End all sessions of a person, or only one of them; how many that were."""
    which = and_(col(UserSession.user_id) == user_id, col(UserSession.ended_at).is_(None))
    if only is not None:
        which = and_(which, col(UserSession.id) == only)
    done = session.exec(update(UserSession).where(which).values(ended_at=now, ended_how=how))
    return _rows(done)


def revoke_tokens(
    session: Session, user_id: uuid.UUID, *, now: datetime, only: uuid.UUID | None = None
) -> int:
    """End all tokens of a person, or only one of them; how many that were."""
    which = and_(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
    if only is not None:
        which = and_(which, col(ApiToken.id) == only)
    return _rows(session.exec(update(ApiToken).where(which).values(revoked_at=now)))


def tokens_of(session: Session, user_id: uuid.UUID) -> Sequence[ApiToken]:
    """Return the tokens of a person, the newest first; those that ended too."""
    return session.exec(
        select(ApiToken).where(ApiToken.user_id == user_id).order_by(col(ApiToken.id).desc())
    ).all()


def attempt(session: Session, kind: str, who: str) -> Attempt | None:
    """Return the count of a name or an address."""
    return session.exec(select(Attempt).where(Attempt.kind == kind, Attempt.who == who)).first()


def attempt_locked(session: Session, kind: str, who: str) -> Attempt:
    """Return the count of a name or an address, made if there is none; nobody else moves it."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = insert_postgresql if postgresql else insert_sqlite
    fresh = Attempt(kind=kind, who=who)
    session.execute(
        insert(Attempt)
        .values(id=fresh.id, province=fresh.province, kind=kind, who=who, failures=0)
        .on_conflict_do_nothing(index_elements=["kind", "who"])
    )
    return session.exec(
        select(Attempt)
        .where(Attempt.kind == kind, Attempt.who == who)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def forget_attempts(session: Session, *, before: datetime) -> None:
    """Delete counts that count no more; one that somebody is moving is left."""
    stale = (
        select(Attempt.id)
        .where(
            col(Attempt.last_at) < before,
            or_(col(Attempt.wait_until).is_(None), col(Attempt.wait_until) < before),
        )
        .with_for_update(skip_locked=True)
    )
    session.exec(delete(Attempt).where(col(Attempt.id).in_(stale)))


def _rows(done: CursorResult[object]) -> int:
    return int(done.rowcount)
