"""The OpenAPI document, with the bodies that the handlers read themselves."""

from collections.abc import Callable, Iterable, Mapping

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.answers import BODIES, PROBLEM, READ_AS, SCHEMA_REF, SameNameError
from app.calculators import schemas
from app.performing import KEY, VERSION, perform_of, read_version, read_version_if_sent
from app.policies import ANYBODY, BY_SETTING, POLICIES

__all__ = ["describe"]

OWN_VALIDATION = ("HTTPValidationError", "ValidationError")
SECURITY: Mapping[str, object] = {
    "token": {"type": "http", "scheme": "bearer", "description": "For programs"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-greenchannel",
        "description": "For pages, with X-CSRF-Token on every unsafe call; over http: greenchannel",
    },
}
SIGNED_IN: list[Mapping[str, list[str]]] = [{"token": []}, {"session": []}]
HEADERS: Mapping[Callable[..., object], Mapping[str, object]] = {
    perform_of: {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Made as the form is opened, kept when sent again; 428 without, 400 if none",
        "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
    },
    read_version: {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of the record as read; 428 without, 400 if none, 412 if it moved",
        "schema": {"type": "string", "pattern": f"^{VERSION.pattern}$"},
    },
    read_version_if_sent: {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The ETag of the record as read; looked at where sent, 412 if it moved",
        "schema": {"type": "string", "pattern": f"^{VERSION.pattern}$"},
    },
}
"""Headers that are read where a command is done, by what reads them."""
NO_VERSION = "If-Match was sent: this command looks at no version, and was not done"


def _with_bodies(
    document: dict[str, object], headers: Mapping[str, list[Mapping[str, object]]]
) -> dict[str, object]:
    components = document.setdefault("components", {})
    assert isinstance(components, dict)  # noqa: S101  made by the framework or one line above
    models = components.setdefault("schemas", {})
    for name in OWN_VALIDATION:
        models.pop(name, None)
    read: dict[str, object] = {}
    bodies: tuple[type[BaseModel], ...] = (*BODIES.values(), schemas.ProblemOut)
    for model in bodies:
        schema = model.model_json_schema(ref_template=SCHEMA_REF)
        parts = {**schema.pop("$defs", {}), model.__name__: schema}
        for name, part in parts.items():
            if read.setdefault(name, part) != part:
                raise SameNameError(name)
    models.update(read)
    _resolve(models)
    components["schemas"] = dict(sorted(models.items()))
    components["securitySchemes"] = SECURITY
    problem = {"$ref": SCHEMA_REF.format(model=schemas.ProblemOut.__name__)}
    paths = document["paths"]
    assert isinstance(paths, dict)  # noqa: S101  made by the framework
    for methods in paths.values():
        for operation in methods.values():
            if found := headers.get(operation["operationId"]):
                operation["parameters"] = [*operation.get("parameters", []), *found]
                if not any(one["name"] == "If-Match" for one in found):
                    operation["responses"]["400"] = {"description": NO_VERSION, "content": {}}
            operation["x-roles"] = _roles(operation["operationId"])
            operation["security"] = _security(operation["operationId"])
            operation["responses"].pop("422", None)
            for status, said in operation["responses"].items():
                if status.startswith("4"):
                    said["content"][PROBLEM] = {"schema": problem}
            operation["responses"]["default"] = {
                "description": "A refusal",
                "content": {PROBLEM: {"schema": problem}},
            }
    return document


def _resolve(part: object) -> None:
    """Let each part that a reader takes apart lead to the model of what it reads."""
    if isinstance(part, dict):
        if name := part.pop(READ_AS, None):
            part.pop("type", None)
            part["$ref"] = SCHEMA_REF.format(model=name)
        for inner in part.values():
            _resolve(inner)
    elif isinstance(part, list):
        for inner in part:
            _resolve(inner)


def _roles(operation: str) -> list[str]:
    """Return who may call a route: roles, ``anybody``, or ``by_setting``."""
    said = POLICIES[operation]
    if said == BY_SETTING:
        return [BY_SETTING]
    return sorted(role.value for role in said) or ["anybody"]


def _security(operation: str) -> list[Mapping[str, list[str]]]:
    """Return what opens a route; an empty one is nothing at all."""
    said = POLICIES[operation]
    if said == BY_SETTING:
        return [{}, *SIGNED_IN]
    return [] if said == ANYBODY else SIGNED_IN


def _headers_of(routers: Iterable[APIRouter]) -> dict[str, list[Mapping[str, object]]]:
    """Return the headers that the handler of each route reads."""
    routes = [route for router in routers for route in router.routes]
    return {
        route.name: [said for reader, said in HEADERS.items() if _reads(route.dependant, reader)]
        for route in routes
        if isinstance(route, APIRoute)
    }


def _reads(dependant: Dependant, reader: Callable[..., object]) -> bool:
    return dependant.call is reader or any(_reads(one, reader) for one in dependant.dependencies)


def describe(app: FastAPI, *routers: APIRouter) -> None:
    """Let the application describe itself with its own models of bodies and problems."""
    made_by_framework: Callable[[], dict[str, object]] = app.openapi
    headers = _headers_of(routers)

    def openapi() -> dict[str, object]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_bodies(made_by_framework(), headers)
        return app.openapi_schema

    setattr(app, "openapi", openapi)  # noqa: B010  FastAPI's own way, which mypy forbids to assign
