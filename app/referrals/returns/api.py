"""Returns over HTTP; those who are not seen yet stand in the worklist of both hospitals."""

import uuid

from fastapi import APIRouter, Response

from app.performing import Done, PerformDep
from app.referrals import schemas, views
from app.referrals.returns import returning
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["worklists"])


@router.post("/return-referrals/{return_id}/take-back", response_model=schemas.ReturnOut)
def take_her_back(return_id: uuid.UUID, perform: PerformDep) -> Response:
    """Say that she is back and was seen; it ends the reminders."""

    def act(work: Work) -> Done:
        return Done(views.return_out(work, returning.take_back(work, return_id)))

    return perform(act)
