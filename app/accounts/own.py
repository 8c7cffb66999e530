"""What people do with their own sessions and tokens."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts import session_store, store
from app.accounts.door import wrote
from app.accounts.errors import (
    SessionLockedError,
    TokenRefusedError,
)
from app.accounts.presence import Presence, acting
from app.accounts.session_tables import ApiToken
from app.accounts.sessions import Opened, reopened
from app.accounts.tokens import digest, new_token
from app.errors import NotFoundError, NotSignedInError

__all__ = [
    "DAYS",
    "MOST_DAYS",
    "MadeToken",
    "make_token",
    "own_tokens",
    "revoke_token",
    "sign_out",
    "switch_role",
]

DAYS, MOST_DAYS = 30, 90


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token just made; ``token`` is shown once and kept nowhere."""

    id: uuid.UUID
    token: str
    expires_at: datetime


def sign_out(session: Session, there: Presence, *, client: str, now: datetime) -> None:
    """End the session; a locked one too."""
    session_store.end_sessions(
        session, there.user_id, how="signed_out", now=now, only=_browser(there)
    )
    wrote(session, there, "signed_out", client=client, now=now)


def switch_role(
    session: Session, there: Presence, grant_id: uuid.UUID, *, client: str, now: datetime
) -> Opened:
    """Act in another role, in a session of its own; the one before ends.

    Raises
    ------
    NotFoundError
        The person does not hold it at present.
    SessionLockedError
        Nobody was there for a while.
    """
    _browser(there)
    user = store.user_of(session, there.user_id)
    held = store.roles_of(session, there.user_id, now=now)
    if there.locked:
        raise SessionLockedError
    if user is None or grant_id not in {grant.id for grant, _ in held}:
        raise NotFoundError("role", str(grant_id))
    answer = reopened(session, there, user, how="role_switched", now=now, grant_id=grant_id)
    wrote(session, there, "role_switched", client=client, now=now)
    return answer


def make_token(
    session: Session, there: Presence, name: str, *, now: datetime, days: int = DAYS
) -> MadeToken:
    """Make a token by which a program acts in the role of this session.

    Raises
    ------
    TokenRefusedError
        No name, not between one and ninety days, or asked for by a token.
    """
    actor = acting(there)
    faults = [] if name.strip() else ["no_name"]
    if there.session_id is None:
        # One that was lost would never end.
        faults.append("by_a_token")
    if not 1 <= days <= MOST_DAYS:
        faults.append("days_out_of_range")
    if faults or there.grant_id is None:
        raise TokenRefusedError(faults)
    token = new_token()
    row = ApiToken(
        province=actor.province,
        token_hash=digest(token),
        user_id=there.user_id,
        grant_id=there.grant_id,
        name=name.strip(),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    store.add(session, row)
    return MadeToken(row.id, token, row.expires_at)


def revoke_token(session: Session, there: Presence, token_id: uuid.UUID, *, now: datetime) -> None:
    """End a token of one's own.

    Raises
    ------
    NotFoundError
        There is none that has not ended; one of somebody else is not told apart.
    """
    acting(there)
    if not session_store.revoke_tokens(session, there.user_id, now=now, only=token_id):
        raise NotFoundError("token", str(token_id))


def own_tokens(session: Session, there: Presence) -> Sequence[ApiToken]:
    """Return one's own tokens, without what they are."""
    return session_store.tokens_of(session, there.user_id)


def _browser(there: Presence) -> uuid.UUID:
    if there.session_id is None:
        raise NotSignedInError
    return there.session_id
