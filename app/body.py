"""Bodies of requests, read up to a limit and no further."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from app.documents import DocumentError, read_object
from app.errors import BodyTooLargeError
from app.model_faults import code_of, expected_of
from geodata.check import Fault
from routing.errors import RequestError

__all__ = ["json_body", "parameter_fault", "read_form", "read_limited", "sent"]

MOST_FIELDS = 1_000
Sent = TypeVar("Sent", bound=BaseModel)


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


def sent(model: type[Sent], *, may_be_empty: bool = False) -> Callable[[Request], Awaitable[Sent]]:
    """Return a dependency that reads one JSON object of a model; every fault is listed.

    The bytes stay with the request: they tell a repeated command from another one.
    """

    async def read(request: Request) -> Sent:
        limit: int = request.app.state.settings.max_body_bytes
        request.state.raw = await read_limited(request, limit)
        raw = request.state.raw or (b"{}" if may_be_empty else b"")
        read_object(raw)
        try:
            return model.model_validate_json(raw, strict=True)
        except ValidationError as error:
            raise RequestError([_fault(one) for one in error.errors()]) from None

    return read


def parameter_fault(found: Mapping[str, object]) -> Fault:
    """Return a fault of a path or a query; nothing of the value, which may be a number of hers."""
    where = found["loc"]
    field = str(where[-1]) if isinstance(where, tuple) else ""
    return Fault("request", None, field, "", code_of(found), expected_of(found))


def _fault(found: ErrorDetails) -> Fault:
    """Return a fault of a model; the value is named only by its type, it may be a person's."""
    field = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]
    ).lstrip(".")
    kind, said = type(found["input"]).__name__, {"type": found["type"], "ctx": found.get("ctx")}
    return Fault("request", None, field, kind, code_of(said), expected_of(said))


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a posted form in their order."""
    body = await read_limited(request, request.app.state.settings.max_body_bytes)
    request.state.raw = body
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="strict",
        )
    except ValueError:
        raise DocumentError(Fault("request", None, "", "", "malformed_form", "UTF-8")) from None
