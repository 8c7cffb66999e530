"""The stream of changes over HTTP."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from app.accounts.states import Actor
from app.deps import ActorDep, DatabaseDep
from app.errors import AppError
from app.live.feed import Feed
from app.live.states import LiveScope, scope_of

__all__ = ["router"]

router = APIRouter(tags=["live"])

STREAM = "text/event-stream"


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {STREAM: {"schema": {"type": "string"}}}}},
)
def listen_to_changes(
    request: Request, actor: ActorDep, database: DatabaseDep
) -> StreamingResponse:
    """Stream what changes, as server-sent events: kinds and identifiers, nothing of a person.

    `event: change` has `kind`, `subject_id` and `version`; `event: reset` says that everything is
    to be read again. Whoever comes back with `Last-Event-ID` is given what happened meanwhile.
    """
    feed: Feed = request.app.state.feed
    feed.require_room()
    allowed = _still_allowed(request, actor)
    return StreamingResponse(
        feed.events(allowed, request.headers.get("last-event-id")),
        media_type=STREAM,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _still_allowed(request: Request, actor: Actor) -> Callable[[], LiveScope | None]:
    """Return what asks again and again whether whoever listens still may, as the same one."""
    state = request.app.state

    def allowed() -> LiveScope | None:
        try:
            now: Actor = state.authenticate(request, state.database)
        except AppError:
            return None
        same = (now.user_id, now.role, now.org_id) == (actor.user_id, actor.role, actor.org_id)
        return scope_of(now) if same else None

    return allowed
