"""The outermost layer: headers on every answer, and no patient data in any error log."""

import logging
import traceback

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.answers import refusal
from app.health.timings import method_of
from app.logs import REQUEST_ID, template_of
from app.problems import problem_of

__all__ = ["Guard"]

LOGGER = logging.getLogger("greenchannel")

HEADERS: tuple[tuple[str, str], ...] = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
TRAINING = ("X-Greenchannel-Training", "1")
"""On every answer of a training room: nothing there is real."""


def _where(error: Exception) -> str:
    """Return type and code lines of an error, without its message: that may hold a value."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = " < ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} at {steps}"


class Guard:
    """ASGI layer around the whole application."""

    def __init__(self, app: ASGIApp, *, training: bool = False) -> None:
        self.app = app
        self._headers = (*HEADERS, *((TRAINING,) if training else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; add headers to its answer, and answer what nobody caught."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers:
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            route, key = template_of(scope), scope.get(REQUEST_ID, "")
            LOGGER.error("%s %s %s: %s", method_of(scope), route, key, _where(error))
            if not started:
                response = refusal(problem_of(error), Request(scope))
                await response(scope, receive, send_with_headers)
