"""Hand-over inside a medical community over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers import takes
from app.body import sent
from app.performing import Done, PerformDep, VersionDep
from app.referrals import community, schemas, views
from app.referrals.sight import look
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["referrals"])


@router.post(
    "/referrals/{referral_id}/inside-acceptance",
    response_model=schemas.ReferralOut,
    openapi_extra=takes(schemas.InsideIn),
)
def accept_inside(
    referral_id: uuid.UUID,
    to: Annotated[schemas.InsideIn, Depends(sent(schemas.InsideIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Hand over to another hospital of your medical community; no offer is needed."""

    def act(work: Work) -> Done:
        community.accept_inside(work, referral_id, to.facility_id, read=read)
        return Done(views.shown(work, look(work, referral_id)))

    return perform(act)
