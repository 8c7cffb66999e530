"""Coming in: where a password is looked at, and what is written of it.

A password takes tens of milliseconds to look at, and nobody else may wait for that: neither a
writer of SQLite, of whom there is one, nor a row of PostgreSQL. So each act here is a transaction,
then the look at the password, then another transaction. The first counts the attempt before
anybody knows how it ends; the second writes how it ended, and only then is it refused.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts import attempts, session_store, store
from app.accounts.errors import (
    NoRoleError,
    PasswordRefusedError,
    SessionLockedError,
    SignInRefusedError,
    TooManyAttemptsError,
)
from app.accounts.passwords import faults_of, hashed, is_right
from app.accounts.presence import IDLE, Presence, is_disabled, present
from app.accounts.session_tables import NOWHERE, SignInEvent
from app.accounts.sessions import Opened, opened, reopened
from app.accounts.tables import UserAccount
from app.db import Database
from app.errors import AppError
from app.keys.keyring import KeyRing

__all__ = ["change_password", "sign_in", "unlock", "wrote"]


@dataclass(frozen=True, slots=True)
class _Looked:
    """How the look at a password ended, and whose it was; ``hash`` None is nobody's."""

    right: bool
    user_id: uuid.UUID | None
    hash: str | None


def sign_in(
    database: Database,
    login: str,
    password: str,
    *,
    client: str,
    grant_id: uuid.UUID | None = None,
    keys: KeyRing | None = None,
) -> Opened:
    """Let somebody in who knows the password.

    Parameters
    ----------
    client
        Address the request came from.
    grant_id
        The role to act in, where there are several.
    keys
        Under them attempts are counted; None counts for this process alone.

    Raises
    ------
    SignInRefusedError
        Name and password do not fit, or the account is shut: one answer, in one time.
    TooManyAttemptsError
        Wrong too often; a right password is refused too.
    NoRoleError
        The password is right and there is nothing that it opens.
    """
    login = login.strip().lower()
    whose = attempts.of(login, client, keys=keys)
    looked = _looked(database, login, password, whose)
    with database.writing() as session:
        now = database.now(session)
        answer = _let_in(session, looked, client=client, now=now, grant_id=grant_id)
        if not isinstance(answer, SignInRefusedError):
            attempts.take_back(session, whose)
            attempts.forget_old(session, now=now)
    if isinstance(answer, AppError):
        raise answer
    return answer


def unlock(
    database: Database,
    *,
    cookie: str | None,
    csrf: str | None,
    password: str,
    client: str,
    keys: KeyRing | None = None,
) -> Presence:
    """Open a locked session again.

    Others at the same address are not counted: who works there already is let go on.

    Raises
    ------
    NotSignedInError, CsrfError, SignInRefusedError, TooManyAttemptsError
        As everywhere; the session stays locked.
    """
    there = _there(database, cookie, csrf)
    whose = attempts.of(there.login, keys=keys)
    looked = _looked(database, there.login, password, whose)
    with database.writing() as session:
        now = database.now(session)
        user = _proved(session, looked)
        if user is not None and there.session_id is not None:
            session_store.touch_session(session, there.session_id, now=now, since=None)
            attempts.take_back(session, whose)
        wrote(session, there, "unlocked" if user else "not_unlocked", client=client, now=now)
    if user is None:
        raise SignInRefusedError
    return _there(database, cookie, csrf)


def change_password(
    database: Database,
    *,
    cookie: str | None,
    csrf: str | None,
    old: str,
    new: str,
    client: str,
    idle: timedelta = IDLE,
    keys: KeyRing | None = None,
) -> Opened:
    """Take another password; every session and token of the person ends, and one begins.

    Raises
    ------
    PasswordRefusedError
        The new one is against the rules; all of them are listed.
    SignInRefusedError, TooManyAttemptsError
        The old one is wrong.
    NotSignedInError, CsrfError, SessionLockedError
        As everywhere.
    """
    there = _there(database, cookie, csrf, idle=idle)
    if there.locked:
        raise SessionLockedError
    faults = faults_of(new, login=there.login, old=old)
    if faults:
        raise PasswordRefusedError(faults)
    whose = attempts.of(there.login, keys=keys)
    looked = _looked(database, there.login, old, whose)
    hash_ = hashed(new) if looked.right else ""
    answer: Opened | None = None
    with database.writing() as session:
        now = database.now(session)
        user = _proved(session, looked)
        if user is not None:
            user.password_hash, user.must_change, user.password_at = hash_, False, now
            store.add(session, user)
            answer = reopened(
                session,
                there,
                user,
                how="password_changed",
                now=now,
                grant_id=there.grant_id,
                everywhere=True,
            )
            session_store.revoke_tokens(session, user.id, now=now)
            attempts.take_back(session, whose)
        ended = "password_changed" if user else "password_not_changed"
        wrote(session, there, ended, client=client, now=now)
    if answer is None:
        raise SignInRefusedError
    return answer


def wrote(session: Session, there: Presence, outcome: str, *, client: str, now: datetime) -> None:
    """Write into the log how something ended for somebody who is there."""
    user = store.user_of(session, there.user_id)
    province = user.province if user else NOWHERE
    store.add(
        session,
        SignInEvent(
            province=province, user_id=there.user_id, at=now, client=client, outcome=outcome
        ),
    )


def _there(
    database: Database, cookie: str | None, csrf: str | None, *, idle: timedelta = IDLE
) -> Presence:
    """Return who sends an unsafe request from a browser."""
    with database.reading() as session:
        return present(
            session,
            cookie=cookie,
            csrf=csrf,
            bearer=None,
            unsafe=True,
            now=database.now(session),
            idle=idle,
        )


def _looked(database: Database, login: str, password: str, whose: Mapping[str, str]) -> _Looked:
    """Count the attempt, then look at the password, with no transaction open.

    Raises
    ------
    TooManyAttemptsError
        It is not looked at.
    """
    with database.reading() as session:
        wait = attempts.longest_wait(session, whose, now=database.now(session))
    if not wait:
        with database.writing() as session:
            wait = attempts.count(session, whose, now=database.now(session))
            user = store.user_named(session, login)
    if wait:
        raise TooManyAttemptsError(wait)
    hash_ = user.password_hash if user else None
    return _Looked(is_right(password, hash_), user.id if user else None, hash_)


def _proved(session: Session, looked: _Looked) -> UserAccount | None:
    """Return the account if the password was right and is still the one."""
    if not looked.right or looked.user_id is None:
        return None
    user = store.user_of(session, looked.user_id)
    return user if user is not None and user.password_hash == looked.hash else None


def _let_in(
    session: Session,
    looked: _Looked,
    *,
    client: str,
    now: datetime,
    grant_id: uuid.UUID | None,
) -> Opened | SignInRefusedError | NoRoleError:
    """Open a session, or return why not; the log says it in either case."""
    known = store.user_of(session, looked.user_id) if looked.user_id else None
    user = _proved(session, looked)
    answer: Opened | SignInRefusedError | NoRoleError
    if user is None:
        answer, outcome = SignInRefusedError(), "wrong_password" if known else "unknown_login"
    elif is_disabled(user, now):
        answer, outcome = SignInRefusedError(), "disabled"
    elif not store.roles_of(session, user.id, now=now):
        answer, outcome = NoRoleError(), "no_role"
    else:
        answer, outcome = opened(session, user, now=now, grant_id=grant_id), "signed_in"
    store.add(
        session,
        SignInEvent(
            province=known.province if known else NOWHERE,
            user_id=known.id if known else None,
            at=now,
            client=client,
            outcome=outcome,
        ),
    )
    return answer
