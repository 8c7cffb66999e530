"""The OpenAPI document, flattened for a page that a person reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Field", "Operation", "operations"]

Schema = Mapping[str, object]
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body or one parameter."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]


def _object(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Schema]:
    return [_object(entry) for entry in value] if isinstance(value, list) else []


def operations(document: Schema) -> tuple[Operation, ...]:
    """Return every operation in the order of the document."""
    models = _object(_object(document.get("components")).get("schemas"))
    return tuple(
        _operation(method, path, _object(operation), models)
        for path, methods in _object(document.get("paths")).items()
        for method, operation in _object(methods).items()
    )


def _operation(method: str, path: str, operation: Schema, models: Schema) -> Operation:
    parameters = tuple(
        Field(
            str(entry.get("name")),
            _kind(_object(entry.get("schema"))),
            bool(entry.get("required")),
            str(entry.get("in")),
        )
        for entry in _list(operation.get("parameters"))
    )
    answers = _object(_object(operation.get("responses")).get("200"))
    return Operation(
        method.upper(),
        path,
        str(operation.get("description") or operation.get("summary") or ""),
        parameters,
        tuple(_content(_object(operation.get("requestBody")), models)),
        tuple(_content(answers, models)),
    )


def _content(holder: Schema, models: Schema) -> Iterator[Field]:
    media = _object(_object(holder.get("content")).get("application/json"))
    yield from _fields(_object(media.get("schema")), models, "", 0)


def _resolved(schema: Schema, models: Schema) -> Schema:
    """Follow a reference, and the object of "object or null"."""
    for choice in _list(schema.get("anyOf")):
        if "$ref" in choice:
            schema = choice
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return _object(models.get(reference.rpartition("/")[2]))
    return schema


def _fields(schema: Schema, models: Schema, above: str, depth: int) -> Iterator[Field]:
    model = _resolved(schema, models)
    required = model.get("required")
    names = required if isinstance(required, list) else []
    for name, entry in _object(model.get("properties")).items():
        found = _object(entry)
        path = f"{above}.{name}" if above else name
        yield Field(path, _kind(found), name in names, str(found.get("description") or ""))
        items = _object(found.get("items"))
        inner, path = (items, f"{path}[]") if items else (found, path)
        if depth < DEEPEST and _resolved(inner, models) is not inner:
            yield from _fields(inner, models, path, depth + 1)


def _kind(schema: Schema) -> str:
    """Return a type in one word or a few."""
    choices = _list(schema.get("anyOf"))
    if choices:
        return " | ".join(_kind(choice) for choice in choices)
    values = schema.get("enum")
    if isinstance(values, list):
        return " | ".join(f'"{value}"' for value in values)
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "$ref" in schema:
        return "object"
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"[{_kind(_object(schema.get('items')))}]"
    return str(schema.get("format") or kind)
