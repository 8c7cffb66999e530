"""Broken glass of case files over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import takes
from app.body import sent
from app.case_files import documents, glass, schemas, views
from app.case_files.belonging.tables import CaseGlass
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["case-files"])


@router.get("/case-file-glasses", response_model=documents.CaseGlassesOut)
def list_case_glasses(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List looks at files through broken glass, those that nobody has reviewed first."""

    def act(work: Work) -> Done:
        after = None if cursor is None else decode(cursor, _place)
        found = glass.glasses_to_review(work, after=after, most=limit + 1)
        shown, following = cut(found, _place_of, limit)
        items = [views.glass_out(work, row) for row in shown]
        return Done(documents.CaseGlassesOut(items=items, next=following))

    return see(act)


@router.post(
    "/case-file-glasses/{glass_id}/review",
    response_model=documents.CaseGlassOut,
    openapi_extra=takes(schemas.CaseGlassReviewIn),
)
def review_case_glass(
    glass_id: uuid.UUID,
    found: Annotated[schemas.CaseGlassReviewIn, Depends(sent(schemas.CaseGlassReviewIn))],
    perform: PerformDep,
) -> Response:
    """Say whether a look was justified; nobody reviews herself."""

    def act(work: Work) -> Done:
        row = glass.review_glass(work, glass_id, justified=found.justified)
        return Done(views.glass_out(work, row))

    return perform(act)


def _place_of(row: CaseGlass) -> str:
    """Return where a glass stands in the list: reviewed or not, and its key."""
    return f"{int(row.reviewed_at is not None)} {row.id}"


def _place(text: str) -> tuple[bool, uuid.UUID]:
    reviewed, key = text.split(" ")
    return bool(int(reviewed)), uuid.UUID(key)
