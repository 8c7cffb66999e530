"""Counting attempts at a password, in rows that every process reads."""

import contextlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlmodel import Session

from app.accounts import session_store, store
from app.accounts.session_tables import Attempt
from app.accounts.throttle import CLIENT, LOGIN, RULES, Counted, counted, taken_back, waits_s
from app.keys.errors import KeyRingMissingError
from app.keys.keyring import KeyRing, Purpose

__all__ = ["count", "forget_old", "longest_wait", "of", "take_back"]

_OWN_KEY = secrets.token_bytes(32)
"""Of this process alone."""


def of(login: str, client: str | None = None, *, keys: KeyRing | None = None) -> Mapping[str, str]:
    """Return what an attempt is counted under: the name, and the address where it is given.

    Whether anybody has the name makes no difference, or the wait would tell. Without the key ring
    each process counts by itself: nobody is shut out, and still nothing can be learned of a name.
    """
    found = {LOGIN: _hidden(LOGIN, login, keys)}
    return found if client is None else {**found, CLIENT: _hidden(CLIENT, client, keys)}


def _hidden(kind: str, value: str, keys: KeyRing | None) -> str:
    said = f"{kind}\0{value}".encode()
    if keys is not None:
        with contextlib.suppress(KeyRingMissingError):
            return keys.digest(Purpose.ATTEMPT, said).hex()
    return hmac.digest(_OWN_KEY, said, "sha256").hex()


def longest_wait(session: Session, whose: Mapping[str, str], *, now: datetime) -> int:
    """Return for how many seconds no attempt is looked at; nothing is written."""
    rows = (session_store.attempt(session, kind, who) for kind, who in whose.items())
    return max((waits_s(_counted(row), now) for row in rows if row), default=0)


def count(session: Session, whose: Mapping[str, str], *, now: datetime) -> int:
    """Count an attempt before it is looked at; where there is a wait return it and count none."""
    rows = list(_locked(session, whose))
    wait = max(waits_s(_counted(row), now) for row in rows)
    if not wait:
        for row in rows:
            _keep(session, row, counted(_counted(row), now, RULES[row.kind]))
    return wait


def take_back(session: Session, whose: Mapping[str, str]) -> None:
    """Note that an attempt that was counted was none: the password was right."""
    for row in _locked(session, whose):
        _keep(session, row, taken_back(_counted(row), row.kind))


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete counts that nobody reads any more."""
    longest = max(rule.forgotten_after for rule in RULES.values())
    session_store.forget_attempts(session, before=now - longest)


def _locked(session: Session, whose: Mapping[str, str]) -> Iterator[Attempt]:
    # Always the name first and then the address: two who hold one each never wait for each other.
    for kind in (LOGIN, CLIENT):
        if kind in whose:
            yield session_store.attempt_locked(session, kind, whose[kind])


def _counted(row: Attempt) -> Counted:
    return Counted(row.failures, row.last_at, row.wait_until)


def _keep(session: Session, row: Attempt, count: Counted) -> None:
    row.failures, row.last_at, row.wait_until = count.failures, count.last_at, count.wait_until
    store.add(session, row)
