"""Reviews of deaths and near-misses over HTTP; those that are open stand in the worklist."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers import takes
from app.body import sent
from app.deps import KeysDep
from app.performing import Done, PerformDep
from app.referrals import schemas, views
from app.referrals.reviews import reviewing
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["worklists"])


@router.post(
    "/case-reviews/{review_id}/close",
    response_model=schemas.CaseReviewOut,
    openapi_extra=takes(schemas.CaseReviewIn),
)
def close_case_review(
    review_id: uuid.UUID,
    said: Annotated[schemas.CaseReviewIn, Depends(sent(schemas.CaseReviewIn))],
    keys: KeysDep,
    perform: PerformDep,
) -> Response:
    """Close a review with what was learned; it is kept sealed and not repeated."""

    def act(work: Work) -> Done:
        row = reviewing.close_review(work, keys, review_id, said.learned)
        return Done(views.review_out(work, row))

    return perform(act)
