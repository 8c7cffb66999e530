"""What of a request says who calls, and the cookie that an answer sets."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from app.accounts.errors import CsrfError
from app.accounts.presence import Presence, acting, presence_of
from app.accounts.sessions import Opened
from app.accounts.states import Actor
from app.accounts.tokens import csrf_of as csrf_token
from app.db import Database
from app.errors import NoDatabaseError
from app.settings import Settings

__all__ = [
    "PresenceDep",
    "client_of",
    "cookie_of",
    "csrf_of",
    "forget",
    "idle_of",
    "own_page",
    "remember",
    "there_of",
    "who_calls",
]

NAME, NAME_HTTPS = "greenchannel", "__Host-greenchannel"
"""A browser takes the second from this host alone, over https, for every path."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "bearer "
FORM = "application/x-www-form-urlencoded"


def who_calls(request: Request, database: Database) -> Actor:
    """Return who acts; given to the application as ``authenticate``.

    Raises
    ------
    NotSignedInError, CsrfError, SessionLockedError, PasswordChangeNeededError, RoleNotChosenError
        As :func:`app.accounts.presence.authenticate`.
    """
    return acting(there_of(request, database))


def there_of(request: Request, database: Database) -> Presence:
    """Return who is there, also where she may do nothing yet."""
    there = presence_of(
        database,
        cookie=cookie_of(request),
        csrf=csrf_of(request),
        bearer=_bearer(request),
        unsafe=request.method not in SAFE,
        idle=idle_of(request),
        background=_by_itself(request),
    )
    request.state.presence = there
    return there


def _by_itself(request: Request) -> bool:
    """Tell whether a page asks and not a person; a stream of events is opened and kept by pages."""
    streams = "text/event-stream" in request.headers.get("accept", "")
    return streams or request.headers.get("x-background") == "1"


def presence(request: Request) -> Presence:
    """Return who was let in, or who is at the door."""
    there: Presence | None = getattr(request.state, "presence", None)
    if there is not None:
        return there
    database: Database | None = request.app.state.database
    if database is None:
        raise NoDatabaseError
    return there_of(request, database)


PresenceDep = Annotated[Presence, Depends(presence)]


def idle_of(request: Request) -> timedelta:
    """Return after how long a screen locks."""
    settings: Settings = request.app.state.settings
    return timedelta(minutes=settings.idle_lock_minutes)


def cookie_of(request: Request) -> str | None:
    """Return the session's cookie; over https only one that came over https."""
    return request.cookies.get(_name(request))


def csrf_of(request: Request) -> str | None:
    """Return what only a page of ours can send: the token, or a form that a page of ours posts.

    A form without scripts sends no header. Its browser says in ``Origin`` which page posts it, and
    no page elsewhere can say that it is ours.
    """
    sent = request.headers.get("x-csrf-token")
    cookie = cookie_of(request)
    if sent is None and cookie is not None and _is_own_form(request):
        return csrf_token(cookie)
    return sent


def _is_own_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    origin = request.headers.get("origin")
    if kind != FORM or origin is None:
        return False
    return urlsplit(origin).netloc == request.headers.get("host")


def client_of(request: Request) -> str:
    """Return the address of the client."""
    return request.client.host if request.client else "unknown"


def own_page(request: Request) -> None:
    """Refuse a sign-in that another site's page sends: it would sign a stranger in here.

    Raises
    ------
    CsrfError
        The browser says that it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if elsewhere or request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise CsrfError


def remember(request: Request, response: Response, opened: Opened) -> None:
    """Let the browser keep the session until it is closed; no script can read it."""
    response.set_cookie(
        _name(request),
        opened.token,
        path="/",
        secure=_https(request),
        httponly=True,
        samesite="strict",
    )


def forget(request: Request, response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(
        _name(request), path="/", secure=_https(request), httponly=True, samesite="strict"
    )


def _bearer(request: Request) -> str | None:
    said = request.headers.get("authorization", "")
    return said[len(BEARER) :].strip() if said.lower().startswith(BEARER) else None


def _https(request: Request) -> bool:
    return request.url.scheme == "https"


def _name(request: Request) -> str:
    return NAME_HTTPS if _https(request) else NAME
