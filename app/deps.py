"""What the handlers are given."""

from typing import Annotated

from fastapi import Depends, Query, Request

from app.engine import Engine
from app.errors import NotReadyError
from app.text import LANGUAGES, Catalogue, catalogue, language_of

__all__ = ["CatalogueDep", "EngineDep", "chosen_language"]


def engine_of(request: Request) -> Engine:
    """Return the data and rules, built once at start-up."""
    engine: Engine | None = getattr(request.app.state, "engine", None)
    if engine is None:
        raise NotReadyError
    return engine


def chosen_language(request: Request) -> str:
    """Return the language of the address, else of the browser, else of the settings."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    default: str = request.app.state.settings.language
    return language_of(request.headers.get("accept-language"), default)


def catalogue_of(request: Request) -> Catalogue:
    """Return the catalogue of the chosen language."""
    return catalogue(chosen_language(request))


def language_parameter(lang: Annotated[str | None, Query()] = None) -> str | None:
    """Let ``?lang=`` stand in the documents of the interface."""
    return lang


EngineDep = Annotated[Engine, Depends(engine_of)]
CatalogueDep = Annotated[Catalogue, Depends(catalogue_of)]
