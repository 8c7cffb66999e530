"""Broken glass over HTTP."""

import uuid
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers import takes
from app.body import sent
from app.clock import stamp
from app.deps import KeysDep
from app.performing import Done, LookDep, PerformDep
from app.referrals import (
    glass,
    schemas,
    views,
)
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["referrals"])

CREATED, CONFLICT = 201, 409


@router.post(
    "/broken-glasses",
    status_code=CREATED,
    response_model=schemas.BrokenGlassOut,
    openapi_extra=takes(schemas.BreakGlassIn),
)
def break_glass(
    asked: Annotated[schemas.BreakGlassIn, Depends(sent(schemas.BreakGlassIn))],
    keys: KeysDep,
    perform: PerformDep,
) -> Response:
    """See a referral that is not yours, with a reason, for a while; it is reviewed."""

    def act(work: Work) -> Done:
        row = glass.break_glass(
            work, keys, asked.number, reason=asked.reason, minutes=asked.minutes
        )
        return Done(views.glass_out(row, asked.reason), CREATED)

    return perform(act)


@router.get("/broken-glasses", response_model=schemas.BrokenGlassesOut)
def list_broken_glasses(keys: KeysDep, see: LookDep) -> Response:
    """List broken glasses, those that nobody has reviewed first."""

    def act(work: Work) -> Done:
        items = [
            views.glass_out(row, glass.reason_of(keys, row, work.actor))
            for row in glass.glasses_to_review(work)
        ]
        return Done(schemas.BrokenGlassesOut(items=items))

    return see(act)


@router.post(
    "/broken-glasses/{glass_id}/review",
    response_model=schemas.BrokenGlassOut,
    openapi_extra=takes(schemas.ReviewIn),
)
def review_broken_glass(
    glass_id: uuid.UUID,
    found: Annotated[schemas.ReviewIn, Depends(sent(schemas.ReviewIn))],
    keys: KeysDep,
    perform: PerformDep,
) -> Response:
    """Say whether it was justified; nobody reviews herself."""

    def act(work: Work) -> Done:
        row = glass.review(work, glass_id, justified=found.justified)
        return Done(views.glass_out(row, glass.reason_of(keys, row, work.actor)))

    return perform(act)


def _as_it_happened(asked: schemas.ReferralIn) -> Mapping[str, object]:
    """Return a request whose clock began when the form was filled in, not when it is entered."""
    if asked.form is None or asked.request.get("decided_at") is not None:
        return asked.request
    return {**asked.request, "decided_at": stamp(asked.form.happened_at)}
