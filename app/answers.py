"""Answers and refusals as HTTP, and their place in the OpenAPI document."""

import json
from collections.abc import Mapping

from fastapi import Request, Response
from pydantic import BaseModel

from app.commands.service import Answer
from app.deps import chosen_language
from app.documents import dumps
from app.problems import Problem
from app.text import catalogue

__all__ = [
    "BODIES",
    "PROBLEM",
    "READ_AS",
    "SCHEMA_REF",
    "SameNameError",
    "answer",
    "refusal",
    "stored",
    "takes",
]

PROBLEM = "application/problem+json"
BODIES: dict[str, type[BaseModel]] = {}
"""Models of bodies by name, for the documents; filled where routes are declared."""
READ_AS = "x-read-as"
"""Marks a part of a body that a reader of the libraries takes apart; names its model."""
SCHEMA_REF = "#/components/schemas/{model}"


class SameNameError(ValueError):
    """Two models of bodies have one name, and the document would show one of them for both."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"two models of bodies are called {name}; give one of them another name")


def answer(value: object, status: int = 200) -> Response:
    """Return a result value as JSON, not to be kept by anything on the way."""
    return Response(
        dumps(value),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def stored(found: Answer) -> Response:
    """Return what a command was answered; a record carries its version as ETag."""
    version = json.loads(found.body).get("version") if found.version is None else found.version
    headers = {"Cache-Control": "no-store"}
    if version:
        headers["ETag"] = f'"{version}"'
    return Response(
        found.body, status_code=found.status, media_type="application/json", headers=headers
    )


def refusal(problem: Problem, request: Request) -> Response:
    """Return a problem document in the language of the caller."""
    words = catalogue(chosen_language(request))
    return Response(
        dumps(problem.document(words)),
        status_code=problem.status,
        media_type=PROBLEM,
        headers={"Cache-Control": "no-store", "Content-Language": words.language} | problem.headers,
    )


def takes(model: type[BaseModel], *, required: bool = True) -> dict[str, object]:
    """Name the model of a JSON body that the handler reads itself.

    Raises
    ------
    SameNameError
        Another model has this name.
    """
    if BODIES.setdefault(model.__name__, model) is not model:
        raise SameNameError(model.__name__)
    schema: Mapping[str, object] = {"$ref": SCHEMA_REF.format(model=model.__name__)}
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": required, "content": content}}
