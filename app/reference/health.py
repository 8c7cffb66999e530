"""Is the process alive, is it ready, what does it run on; and the page of the interface."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.answers import answer
from app.deps import CatalogueDep, EngineDep, TrainingDep
from app.migrating import require_head
from app.pages.api import page
from app.reference import schemas
from app.reference.api import status_of
from app.reference.operations import operations
from app.words import Words

__all__ = ["router"]

router = APIRouter(tags=["health"])


@router.get("/livez", response_model=schemas.AliveOut)
def show_alive() -> Response:
    """Say that the process runs."""
    return answer({"status": "ok"})


@router.get("/readyz", response_model=schemas.AliveOut)
def show_ready(engine: EngineDep, request: Request) -> Response:
    """Say that data and rules are loaded and the database has the right shape; 503 until then."""
    if request.app.state.database is not None:
        require_head(request.app.state.database)
    return answer({"status": "ok" if engine.registry.facilities else "empty"})


@router.get("/statusz", response_model=schemas.StatusOut)
def show_statusz(engine: EngineDep, request: Request) -> Response:
    """Show what runs here and on which data."""
    return answer(status_of(engine, request))


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
