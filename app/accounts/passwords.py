"""Passwords: hashed slowly by argon2id, the same work for a name that nobody has."""

import contextlib
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.accounts.errors import DoorBusyError

__all__ = ["Fresh", "faults_of", "fresh_password", "hashed", "is_right"]

SHORTEST, LONGEST = 12, 256
FEWEST_DIFFERENT = 5
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the characters that are taken for one another on a printed slip."""
GROUPS, OF_EACH = 4, 5

COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "12345678901234567890",
        "123456789abc",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv",
        "abcd12345678",
        "abcdefghijkl",
        "admin1234567",
        "admin12345678",
        "administrator",
        "greenchannel",
        "huanying123456",
        "iloveyou1234",
        "letmein12345",
        "lvsetongdao",
        "lvsetongdao123",
        "password1234",
        "password12345",
        "password123456",
        "q1w2e3r4t5y6",
        "qazwsxedcrfv",
        "qwer12345678",
        "qwertyuiop12",
        "qwertyuiop123",
        "woaini1314520",
        "woaizhongguo",
        "yunnan123456",
        "zhongguo123456",
        "zxcvbnm12345",
    }
)

AT_ONCE, PATIENCE_S = 4, 2.0
"""Each look takes 64 MiB: so many at once in a process, and nobody waits long for a turn."""

_HASHER = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)


@contextlib.contextmanager
def _a_turn() -> Iterator[None]:
    """Wait for a turn; whoever tries ten thousand passwords takes no memory from referrals."""
    if not _turns.acquire(timeout=PATIENCE_S):
        raise DoorBusyError(int(PATIENCE_S))
    try:
        yield
    finally:
        _turns.release()


@dataclass(frozen=True, slots=True)
class Fresh:
    """A password that we made: ``plain`` is shown once and kept nowhere."""

    plain: str = field(repr=False)
    hash: str = field(repr=False)


def fresh_password() -> Fresh:
    """Make an initial password of 99 bits. Slow on purpose: call it outside a transaction."""
    plain = "-".join(
        "".join(secrets.choice(READABLE) for _ in range(OF_EACH)) for _ in range(GROUPS)
    )
    return Fresh(plain, hashed(plain))


def hashed(password: str) -> str:
    """Hash a password. Slow on purpose: call it outside a transaction.

    Raises
    ------
    DoorBusyError
        Too many at once.
    """
    with _a_turn():
        return _HASHER.hash(password)


def is_right(password: str, hash_: str | None) -> bool:
    """Tell whether a password is the one; None, nobody's, costs the same and is never right.

    Slow on purpose: call it outside a transaction.

    Raises
    ------
    DoorBusyError
        Too many at once.
    """
    with _a_turn():
        try:
            _HASHER.verify(hash_ if hash_ is not None else _nobodys(), password)
        except (VerifyMismatchError, InvalidHashError):
            return False
    return hash_ is not None


def faults_of(password: str, *, login: str, old: str | None = None) -> tuple[str, ...]:
    """Return the codes of what is wrong with a new password, all of them."""
    found = []
    folded = password.casefold()
    if len(password) < SHORTEST:
        found.append("too_short")
    if len(password) > LONGEST:
        found.append("too_long")
    if folded in COMMON or len(set(folded)) < FEWEST_DIFFERENT:
        found.append("too_common")
    if login.casefold() in (folded, folded[::-1]):
        found.append("is_login")
    if old is not None and password == old:
        found.append("is_old")
    return tuple(found)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))
