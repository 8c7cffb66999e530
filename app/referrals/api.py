"""Referrals and offers over HTTP."""

import uuid
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import takes
from app.body import sent
from app.centres.schemas import WorkItemOut
from app.centres.settling import items_of
from app.clock import stamp
from app.deps import KeysDep, RankDep, TrainingDep
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep, VersionDep
from app.referrals import (
    answers,
    endings,
    line_schemas,
    lines,
    lists,
    requests,
    schemas,
    speaking,
    views,
)
from app.referrals.offer_views import offers_out
from app.referrals.returns import returning
from app.referrals.reviews import reviewing
from app.referrals.sight import look
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["referrals"])

CREATED, CONFLICT = 201, 409
MOST_NAMED = 50


@router.post(
    "/referrals",
    status_code=CREATED,
    response_model=schemas.ReferralOut,
    openapi_extra=takes(schemas.ReferralIn),
)
def request_referral(
    asked: Annotated[schemas.ReferralIn, Depends(sent(schemas.ReferralIn))],
    rank: RankDep,
    keys: KeysDep,
    training: TrainingDep,
    perform: PerformDep,
) -> Response:
    """Ask for a destination: ranks, asks the first centres, and says whom to ring meanwhile."""
    if (again := perform.known()) is not None:
        return again
    ranked = rank(_as_it_happened(asked), patient_id=asked.patient_id)
    wanted = requests.Wanted(
        kind=ranked.kind,
        county=ranked.county,
        facility_id=ranked.facility_id,
        patient_id=asked.patient_id,
        home_county=asked.home_county,
        decided_at=ranked.decided_at,
        said_by=asked.said_by,
        raised_to=asked.raised.priority if asked.raised else None,
        raised_because=asked.raised.because if asked.raised else None,
        takes_over=asked.takes_over.number if asked.takes_over else None,
        taken_over_because=asked.takes_over.because if asked.takes_over else None,
        chosen=asked.chosen.facility_id if asked.chosen else None,
        chosen_because=asked.chosen.because if asked.chosen else None,
        form_number=asked.form.number if asked.form else None,
        happened_at=asked.form.happened_at if asked.form else None,
        drill=asked.drill or training,
    )

    def act(work: Work) -> Done:
        referral = requests.request_referral(work, keys, wanted, ranked.kept)
        return Done(views.whole(work, look(work, referral.id)), CREATED)

    return perform(act)


@router.get("/referrals", response_model=line_schemas.ReferralsOut)
def list_referrals(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
    only_open: Annotated[bool, Query()] = False,
) -> Response:
    """List the referrals in scope, page by page; no line says who she is."""

    def act(work: Work) -> Done:
        after = None if cursor is None else decode(cursor, uuid.UUID)
        found = lists.referrals_in_scope(work, after=after, most=limit + 1, only_open=only_open)
        shown, following = cut(found, lambda one: str(one.id), limit)
        return Done(line_schemas.ReferralsOut(items=lines.lines(work, shown), next=following))

    return see(act)


@router.post(
    "/referrals/{referral_id}/match",
    response_model=schemas.ReferralOut,
    openapi_extra=takes(schemas.MatchIn),
)
def match_referral(
    referral_id: uuid.UUID,
    asked: Annotated[schemas.MatchIn, Depends(sent(schemas.MatchIn))],
    read: VersionDep,
    rank: RankDep,
    perform: PerformDep,
) -> Response:
    """Rank again on what is known now, and ask the first of the new ranking."""
    ranked = rank(asked.request)

    def act(work: Work) -> Done:
        requests.match_again(work, referral_id, ranked.kept, read=read, diverting=asked.diverting)
        return _shown(work, referral_id)

    return perform(act)


@router.post(
    "/referrals/{referral_id}/outside-acceptance",
    response_model=schemas.ReferralOut,
    openapi_extra=takes(schemas.OutsideIn),
)
def accept_outside(
    referral_id: uuid.UUID,
    said: Annotated[schemas.OutsideIn, Depends(sent(schemas.OutsideIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Note that a hospital outside the network takes her."""

    def act(work: Work) -> Done:
        answers.accept_outside(work, referral_id, said.institution, said_by=said.said_by, read=read)
        return _shown(work, referral_id)

    return perform(act)


@router.post(
    "/referrals/{referral_id}/confirm",
    response_model=schemas.ReferralOut,
    openapi_extra=takes(schemas.ConfirmIn),
)
def confirm_word(
    referral_id: uuid.UUID,
    what: Annotated[schemas.ConfirmIn, Depends(sent(schemas.ConfirmIn))],
    perform: PerformDep,
) -> Response:
    """Confirm what somebody entered in the name of your organisation."""

    def act(work: Work) -> Done:
        speaking.confirm_word(work, referral_id, what.what)
        return _shown(work, referral_id)

    return perform(act)


@router.post(
    "/referrals/{referral_id}/cancel",
    response_model=line_schemas.ReferralLineOut,
    openapi_extra=takes(schemas.CancelIn),
)
def cancel_referral(
    referral_id: uuid.UUID,
    why: Annotated[schemas.CancelIn, Depends(sent(schemas.CancelIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Take a request back, before she leaves."""

    def act(work: Work) -> Done:
        return Done(lines.line(work, endings.cancel(work, referral_id, why.reason, read=read)))

    return perform(act)


@router.post(
    "/referrals/{referral_id}/stay",
    response_model=line_schemas.ReferralLineOut,
    openapi_extra=takes(schemas.StayIn),
)
def stay_referral(
    referral_id: uuid.UUID,
    why: Annotated[schemas.StayIn, Depends(sent(schemas.StayIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Let her stay; the expert team comes to her."""

    def act(work: Work) -> Done:
        return Done(lines.line(work, endings.stay(work, referral_id, why.reason, read=read)))

    return perform(act)


@router.post(
    "/referrals/{referral_id}/close",
    response_model=line_schemas.ReferralLineOut,
    openapi_extra=takes(schemas.CloseIn),
)
def close_referral(
    referral_id: uuid.UUID,
    why: Annotated[schemas.CloseIn, Depends(sent(schemas.CloseIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Close it: another path, delivered here, died, or all is reported."""

    def act(work: Work) -> Done:
        return Done(lines.line(work, endings.close(work, referral_id, why.reason, read=read)))

    return perform(act)


@router.get("/worklists/mine", response_model=schemas.WorklistOut)
def show_worklist(
    see: LookDep,
    referral: Annotated[list[uuid.UUID] | None, Query(max_length=MOST_NAMED)] = None,
) -> Response:
    """Show what your organisation has to look at: what is yours first, the rest marked so.

    Whoever has the list already may name the referrals that have changed: of referrals and offers
    only those of them are there that still belong to it. The rest of the list is always whole.
    """

    def act(work: Work) -> Done:
        asked = lists.offers_to_me(work, only=referral)
        return Done(
            schemas.WorklistOut(
                now=work.now,
                referrals=lines.listed(work, lists.worklist(work, asked, only=referral)),
                offers=sorted(offers_out(work, asked), key=lambda one: not one.yours),
                work_items=[WorkItemOut.of(one, work.actor.org_id) for one in items_of(work)],
                case_reviews=[views.review_out(work, one) for one in reviewing.reviews_of(work)],
                returns=[views.return_out(work, one) for one in returning.returns_of(work)],
            )
        )

    return see(act)


def _as_it_happened(asked: schemas.ReferralIn) -> Mapping[str, object]:
    """Return a request whose clock began when the form was filled in, not when it is entered."""
    if asked.form is None or asked.request.get("decided_at") is not None:
        return asked.request
    return {**asked.request, "decided_at": stamp(asked.form.happened_at)}


def _shown(work: Work, referral_id: uuid.UUID) -> Done:
    return Done(views.shown(work, look(work, referral_id)))


def _answered(work: Work, said: answers.Said) -> Done:
    status = 200 if said.answered.accepted else CONFLICT
    return Done(views.acceptance(work, said), status)
