"""Bodies of requests, read up to a limit and no further."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.documents import DocumentError, read_object
from app.errors import BodyTooLargeError
from geodata.check import Fault

__all__ = ["json_body", "read_form", "read_limited"]

MOST_FIELDS = 1_000


async def read_limited(request: Request, limit: int) -> bytes:
    """Return the body; stop reading as soon as it is longer than ``limit`` bytes."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > limit:
        raise BodyTooLargeError(limit)
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > limit:
            raise BodyTooLargeError(limit)
        parts.append(part)
    return b"".join(parts)


def json_body(setting: str) -> Callable[[Request], Awaitable[Mapping[str, object]]]:
    """Return a dependency that reads one JSON object, as long as the setting allows."""

    async def read(request: Request) -> Mapping[str, object]:
        limit: int = getattr(request.app.state.settings, setting)
        return read_object(await read_limited(request, limit))

    return read


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a posted form in their order."""
    body = await read_limited(request, request.app.state.settings.max_body_bytes)
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="strict",
        )
    except ValueError:
        raise DocumentError(Fault("request", None, "", "", "malformed_form", "UTF-8")) from None
