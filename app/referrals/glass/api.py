"""Broken glass over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.accounts.service import login_of
from app.answers import takes
from app.body import sent
from app.deps import KeysDep
from app.keys.keyring import KeyRing
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep
from app.referrals import schemas, views
from app.referrals.glass import breaking as glass
from app.referrals.party_tables import BrokenGlass
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["referrals"])

CREATED = 201


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
def list_broken_glasses(
    keys: KeysDep,
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List broken glasses, those that nobody has reviewed first, page by page."""

    def act(work: Work) -> Done:
        after = None if cursor is None else decode(cursor, _place)
        found = glass.glasses_to_review(work, after=after, most=limit + 1)
        shown, following = cut(found, _place_of, limit)
        items = [_reviewed(work, keys, row) for row in shown]
        return Done(schemas.BrokenGlassesOut(items=items, next=following))

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
        return Done(_reviewed(work, keys, row))

    return perform(act)


def _reviewed(work: Work, keys: KeyRing, row: BrokenGlass) -> schemas.BrokenGlassOut:
    """Return a glass for who reviews it: with who broke it, and why."""
    reason = glass.reason_of(keys, row, work.actor)
    return views.glass_out(row, reason, login_of(work.session, row.user_id))


def _place_of(row: BrokenGlass) -> str:
    """Return where a glass stands in the list: reviewed or not, and its key."""
    return f"{int(row.reviewed_at is not None)} {row.id}"


def _place(text: str) -> tuple[bool, uuid.UUID]:
    reviewed, key = text.split(" ")
    return bool(int(reviewed)), uuid.UUID(key)
