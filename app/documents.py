"""JSON in and out: strict when read, exact when written."""

import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache

from pydantic_core import from_json, to_json

from geodata.check import Fault
from geodata.errors import RefusedInputError

__all__ = [
    "DocumentError",
    "ParameterError",
    "TooManyError",
    "dumps",
    "plain",
    "read_object",
    "written",
]

AS_THEY_ARE = frozenset({type(None), bool, int, float, str})


class DocumentError(RefusedInputError):
    """A body or file is not a usable JSON object; ``faults`` says where."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("document", faults)


class ParameterError(RefusedInputError):
    """A part of an address, or a header, is not what it has to be; ``faults`` says which."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("request", faults)


class TooManyError(RefusedInputError):
    """More entries than a setting allows."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("request", faults)


def _fault(column: str, value: str, code: str, expected: str, line: int | None = None) -> Fault:
    return Fault("request", line, column, value, code, expected)


def _no_constant(name: str) -> float:
    raise DocumentError(_fault("", name, "not_a_number", "finite number"))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DocumentError(*(_fault(n, n, "duplicate", "each field once") for n in twice))
    return found


def read_object(text: bytes | str) -> dict[str, object]:
    """Read one JSON object.

    Raises
    ------
    DocumentError
        Malformed, not UTF-8, nested too deep, a field twice, NaN or Infinity, or not an object.
    """
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        found = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        fault = _fault("", where, "malformed_json", "JSON object (RFC 8259)", error.lineno)
        raise DocumentError(fault) from None
    except UnicodeDecodeError:
        raise DocumentError(_fault("", "", "not_utf8", "UTF-8")) from None
    except RecursionError:
        raise DocumentError(_fault("", "", "nested_too_deep", "JSON object")) from None
    except DocumentError:
        raise
    except ValueError:
        raise DocumentError(_fault("", "", "malformed_json", "JSON object")) from None
    if not isinstance(found, dict):
        kind = type(found).__name__
        raise DocumentError(_fault("", kind, "not_an_object", "JSON object"))
    return found


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields of a dataclass, looked up once: an answer has thousands of them."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def plain(value: object) -> object:
    """Turn result values into what JSON knows; field names and order are those of the dataclass."""
    kind: type = type(value)
    if kind in AS_THEY_ARE:
        return value
    names = _names(kind)
    if names:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    return str(value)


def _one_step(value: object) -> object:
    """Turn what JSON does not know into something it knows, leaving what is inside as it is."""
    kind: type = type(value)
    names = _names(kind)
    if names:
        return {name: getattr(value, name) for name in names}
    if isinstance(value, Mapping):
        return {str(plain(key)): item for key, item in value.items()}
    return plain(value)


def dumps(value: object, *, indent: int | None = None) -> str:
    """Write JSON in UTF-8 without ASCII escapes."""
    if indent is None:
        return _ENCODER.encode(value)
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False, default=_one_step)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_one_step)
"""Made once: most documents are small, and making it takes as long as writing one."""


def written(value: object) -> tuple[str, dict[str, object]]:
    """Write a result as compactly as it goes, and return what it says beside it.

    It says what :func:`dumps` says, in a third of the time: a ranking has thousands of values. What
    we wrote ourselves needs none of the checks of :func:`read_object`, but NaN and Infinity are
    refused here as there.
    """
    text = to_json(value, fallback=_one_step)
    found: dict[str, object] = from_json(text, allow_inf_nan=False)
    return text.decode(), found
