"""Secrets that stand for a signed-in person; the database keeps what they hash to."""

import hashlib
import hmac
import secrets

__all__ = ["csrf_of", "digest", "is_token", "new_token", "same"]

BYTES = 32
TEXT = range(32, 129)


def new_token() -> str:
    """Return 256 random bits as text for a cookie or a header."""
    return secrets.token_urlsafe(BYTES)


def is_token(text: str | None) -> bool:
    """Tell whether a text can be one; nothing longer is hashed."""
    return text is not None and len(text) in TEXT


def digest(token: str) -> str:
    """Return what is stored of a token. It is random: a fast hash cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """Return what a page sends with unsafe requests of the session.

    It follows from the token, so that a page that was loaded again can be told it, and the token
    does not follow from it.
    """
    return hashlib.sha256(b"csrf\0" + token.encode()).hexdigest()


def same(given: str, stored_digest: str) -> bool:
    """Compare a token with what is stored of it, in constant time."""
    return hmac.compare_digest(digest(given), stored_digest)
