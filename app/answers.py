"""Answers and refusals as HTTP, and their place in the OpenAPI document."""

from collections.abc import Mapping

from fastapi import Request, Response
from pydantic import BaseModel

from app.deps import chosen_language
from app.documents import dumps
from app.errors import Problem
from app.text import catalogue

__all__ = ["PROBLEM", "SCHEMA_REF", "answer", "refusal", "takes"]

PROBLEM = "application/problem+json"
SCHEMA_REF = "#/components/schemas/{model}"


def answer(value: object, status: int = 200) -> Response:
    """Return a result value as JSON, not to be kept by anything on the way."""
    return Response(
        dumps(value),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
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


def takes(model: type[BaseModel]) -> dict[str, object]:
    """Name the model of a JSON body that the handler reads itself."""
    schema: Mapping[str, object] = {"$ref": SCHEMA_REF.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
