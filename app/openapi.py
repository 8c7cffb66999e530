"""The OpenAPI document, with the bodies that the handlers read themselves."""

from collections.abc import Callable

from fastapi import FastAPI
from pydantic import BaseModel

from app.answers import BODIES, PROBLEM, READ_AS, SCHEMA_REF
from app.calculators import schemas
from app.policies import BY_SETTING, POLICIES

__all__ = ["describe"]

OWN_VALIDATION = ("HTTPValidationError", "ValidationError")


def _with_bodies(document: dict[str, object]) -> dict[str, object]:
    components = document.setdefault("components", {})
    assert isinstance(components, dict)  # noqa: S101  made by the framework or one line above
    models = components.setdefault("schemas", {})
    for name in OWN_VALIDATION:
        models.pop(name, None)
    bodies: tuple[type[BaseModel], ...] = (*BODIES.values(), schemas.ProblemOut)
    for model in bodies:
        schema = model.model_json_schema(ref_template=SCHEMA_REF)
        models.update(schema.pop("$defs", {}))
        models[model.__name__] = schema
    _resolve(models)
    components["schemas"] = dict(sorted(models.items()))
    problem = {"$ref": SCHEMA_REF.format(model=schemas.ProblemOut.__name__)}
    paths = document["paths"]
    assert isinstance(paths, dict)  # noqa: S101  made by the framework
    for methods in paths.values():
        for operation in methods.values():
            operation["x-roles"] = _roles(operation["operationId"])
            operation["responses"].pop("422", None)
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


def describe(app: FastAPI) -> None:
    """Let the application describe itself with its own models of bodies and problems."""
    made_by_framework: Callable[[], dict[str, object]] = app.openapi

    def openapi() -> dict[str, object]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_bodies(made_by_framework())
        return app.openapi_schema

    setattr(app, "openapi", openapi)  # noqa: B010  FastAPI's own way, which mypy forbids to assign
