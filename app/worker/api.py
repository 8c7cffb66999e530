"""Dead letters over HTTP."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.deadlines.service import dead_letters, revive
from app.notices.service import dead_notices, revive_notice
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, page
from app.performing import Done, LookDep, PerformDep
from app.work import Work
from app.worker.schemas import DeadLetterOut, DeadLettersOut, RevivedOut

__all__ = ["router"]

router = APIRouter(tags=["worklists"])


@router.get("/worklists/dead-letters", response_model=DeadLettersOut)
def list_dead_letters(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List what failed too often and waits for a person, page by page: deadlines and notices."""

    def act(work: Work) -> Done:
        found = sorted(_deadlines(work) + _notices(work), key=lambda one: str(one.id))
        shown, following = page(found, lambda one: str(one.id), cursor, limit)
        return Done(DeadLettersOut(items=shown, next=following))

    return see(act)


@router.post("/worklists/dead-letters/{sort}/{letter_id}/revive", response_model=RevivedOut)
def revive_dead_letter(
    sort: Literal["deadline", "notice"], letter_id: uuid.UUID, perform: PerformDep
) -> Response:
    """Let a dead letter be tried again, from now on."""
    bring_back = revive if sort == "deadline" else revive_notice

    def act(work: Work) -> Done:
        bring_back(work.session, letter_id, province=work.actor.province, at=work.now)
        record(
            work,
            chain=chain_of(Chain.INSTALLATION),
            act=f"{sort}_revived",
            object_kind=sort,
            object_id=letter_id,
        )
        return Done(RevivedOut(sort=sort, id=letter_id))

    return perform(act)


def _deadlines(work: Work) -> list[DeadLetterOut]:
    return [
        DeadLetterOut(
            sort="deadline",
            id=one.id,
            code=one.kind,
            channel=None,
            subject_id=one.subject_id,
            due_at=one.due_at,
            dead_at=one.dead_at,
            tries=one.tries,
            error=one.last_error,
        )
        for one in dead_letters(work.session, work.actor.province)
        if one.dead_at is not None
    ]


def _notices(work: Work) -> list[DeadLetterOut]:
    return [
        DeadLetterOut(
            sort="notice",
            id=one.id,
            code=one.template,
            channel=one.channel,
            subject_id=one.subject_id,
            due_at=one.created_at,
            dead_at=one.dead_at,
            tries=one.tries,
            error=one.last_error,
        )
        for one in dead_notices(work.session, work.actor.province)
        if one.dead_at is not None
    ]
