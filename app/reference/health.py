"""Is the process alive, is it ready, is the installation well; and the page of the interface."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from app.answers import answer
from app.deps import CatalogueDep, EngineDep, TrainingDep
from app.health.metrics import CONTENT_TYPE, text_of
from app.health.service import State, require_fit
from app.health.states import Look
from app.pages.api import page
from app.reference import schemas
from app.reference.api import status_record
from app.reference.operations import operations
from app.text import Catalogue
from app.words import Words

__all__ = ["router"]

router = APIRouter(tags=["health"])


@router.get("/livez", response_model=schemas.AliveOut)
def show_alive() -> Response:
    """Say that the process runs."""
    return answer({"status": "ok"})


@router.get("/readyz", response_model=schemas.AliveOut)
def show_ready(engine: EngineDep, request: Request) -> Response:
    """Say that requests may be sent here; 503 with the reasons until then.

    Data and rules are loaded; the database has the right step and takes a write within a second,
    the key ring opens, the clocks agree, a tenth of the disk is free.
    """
    require_fit(request.app.state.probed())
    return answer({"status": "ok" if engine.registry.facilities else "empty"})


@router.get("/statusz", response_model=schemas.StatuszOut)
def show_statusz(engine: EngineDep, texts: CatalogueDep, request: Request) -> Response:
    """Show what runs here, whether it is well, and what to do where it is not."""
    return answer(status_record(engine, request) | _health(request.app.state.looked(), texts))


@router.get("/metrics", response_class=PlainTextResponse)
def show_metrics(_engine: EngineDep, request: Request) -> PlainTextResponse:
    """Show the measures of this process and its database in the text format of Prometheus."""
    state = request.app.state
    return PlainTextResponse(
        text_of(state.timings, state.looked()),
        headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"},
    )


def _health(state: State, texts: Catalogue) -> dict[str, object]:
    probed = state.probed
    return {
        "overall": state.overall,
        "reasons": [asdict(look) | {"text": _words(look, texts)} for look in state.reasons],
        "looks": state.looks,
        "storage": {
            "kind": probed.kind,
            "step": probed.step,
            "head": probed.head,
            "answers": probed.answers,
            "write_s": None if probed.write_s is None else round(probed.write_s, 3),
            "clock_off_s": None if probed.clock_off_s is None else round(probed.clock_off_s, 1),
            "disk_free": round(probed.disk_free, 3),
        },
        "figures": state.figures,
    }


def _words(look: Look, texts: Catalogue) -> str:
    return texts.code("looks", look.code)


@router.get("/api/docs", include_in_schema=False)
def show_interface(
    texts: CatalogueDep, engine: EngineDep, training: TrainingDep, request: Request
) -> HTMLResponse:
    """Show the interface as a plain page that needs no internet."""
    return page(
        "interface.html",
        Words(texts, engine.book),
        engine,
        training=training,
        operations=operations(request.app.openapi()),
        other_address=f"/api/docs?lang={'en' if texts.language == 'zh' else 'zh'}",
    )
