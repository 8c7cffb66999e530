"""Accounts and the roles they hold, for whoever may keep them.

``by`` is the account that does it; None is who keeps the machine and types a command there.
"""

import re
import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts import session_store, store
from app.accounts.errors import (
    GrantRefusedError,
    LoginRefusedError,
    LoginTakenError,
    SeparateDutiesError,
)
from app.accounts.passwords import Fresh
from app.accounts.states import DUTY_OF, FITS, WITH_PLACES, OrganisationKind, Role
from app.accounts.tables import Organisation, RoleGrant, UserAccount
from app.deadlines.service import open_deadlines, set_deadline
from app.keys.words import put

__all__ = [
    "PERSON_LEFT",
    "add_user",
    "disable",
    "enable",
    "end_role",
    "give_password",
    "give_role",
    "look_when_next_leaves",
]

PERSON_LEFT = "person_left"
"""The kind of the deadline at which somebody may no longer act: whoever names persons looks."""
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")


def add_user(
    session: Session,
    login: str,
    name: str,
    fresh: Fresh,
    *,
    home: Organisation,
    at: datetime,
    must_change: bool = True,
) -> UserAccount:
    """Make an account with an initial password; it opens nothing before a role is given.

    Raises
    ------
    LoginRefusedError
        The login name or the name cannot be one.
    LoginTakenError
        Somebody has it.
    """
    login, name = login.strip().lower(), name.strip()
    faults = [] if LOGIN.fullmatch(login) else ["login_pattern"]
    if not name:
        faults.append("no_name")
    if faults:
        raise LoginRefusedError(faults)
    user = UserAccount(
        province=home.province,
        home_org=home.id,
        login=login,
        password_hash=fresh.hash,
        must_change=must_change,
        password_at=at,
        created_at=at,
    )
    put(session, user, name=name)
    try:
        with session.begin_nested():
            store.add(session, user)
    except IntegrityError:
        raise LoginTakenError(login) from None
    return user


def give_role(
    session: Session,
    user: UserAccount,
    org: Organisation,
    role: Role,
    *,
    at: datetime,
    by: uuid.UUID | None = None,
    until: datetime | None = None,
) -> RoleGrant:
    """Let a person hold a role in an organisation.

    Raises
    ------
    GrantRefusedError
        The role is not held in such an organisation, it is held already, it would be given to
        oneself, or it would end before it begins.
    SeparateDutiesError
        The account would both administer and audit.
    """
    faults = []
    if OrganisationKind(org.kind) not in FITS[role]:
        faults.append("not_at_such_an_organisation")
    if role in WITH_PLACES and org.facility_id is None:
        faults.append("organisation_without_places")
    if by == user.id:
        faults.append("to_oneself")
    if until is not None and until <= at:
        faults.append("ends_before_it_begins")
    if store.open_grant(session, user.id, org.id, role) is not None:
        faults.append("held_already")
    if faults:
        raise GrantRefusedError(faults)
    duty = DUTY_OF.get(role)
    if duty is not None and not store.take_duty(session, user.id, duty):
        raise SeparateDutiesError(user.login)
    grant = RoleGrant(
        province=org.province,
        user_id=user.id,
        org_id=org.id,
        org_kind=org.kind,
        role=role.value,
        duty=duty,
        from_at=at,
        to_at=until,
        granted_by=by,
    )
    store.add(session, grant)
    if until is not None:
        waiting = [one for one in open_deadlines(session, user.id) if one.kind == PERSON_LEFT]
        _left(session, user.id, user.province, min([until, *(one.due_at for one in waiting)]))
    return grant


def end_role(
    session: Session, grant: RoleGrant, *, at: datetime, by: uuid.UUID | None = None
) -> None:
    """End a role; what is signed in with it is so no more from the next request on."""
    if grant.to_at is None or grant.to_at > at:
        grant.ended_by = by
        store.end(session, grant, now=at)
        _left(session, grant.user_id, grant.province, at)


def disable(
    session: Session, user: UserAccount, *, at: datetime, until: datetime | None = None
) -> None:
    """Shut an account; its sessions and tokens end now."""
    user.disabled_from, user.disabled_to = at, until
    store.add(session, user)
    _end_everything(session, user, how="disabled", at=at)
    _left(session, user.id, user.province, at)


def enable(session: Session, user: UserAccount) -> None:
    """Open an account again; nothing that ended comes back."""
    user.disabled_from = user.disabled_to = None
    store.add(session, user)


def look_when_next_leaves(session: Session, user_id: uuid.UUID, *, now: datetime) -> None:
    """Have it looked again when the next role of a person ends by itself, where one does."""
    ends = [(one.to_at, one.province) for one, _ in store.roles_of(session, user_id, now=now)]
    coming = min(((at, province) for at, province in ends if at is not None), default=None)
    if coming is not None:
        _left(session, user_id, coming[1], coming[0])


def _left(session: Session, user_id: uuid.UUID, province: str, at: datetime) -> None:
    set_deadline(session, PERSON_LEFT, user_id, at, province=province)


def give_password(session: Session, user: UserAccount, fresh: Fresh, *, at: datetime) -> None:
    """Give an initial password to somebody who lost hers; everything signed in ends."""
    user.password_hash, user.must_change, user.password_at = fresh.hash, True, at
    store.add(session, user)
    _end_everything(session, user, how="password_reset", at=at)


def _end_everything(session: Session, user: UserAccount, *, how: str, at: datetime) -> None:
    session_store.end_sessions(session, user.id, how=how, now=at)
    session_store.revoke_tokens(session, user.id, now=at)
