"""Referrals and offers over HTTP."""

import uuid
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import takes
from app.body import sent
from app.clock import stamp
from app.deps import KeysDep, RankDep, TrainingDep
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, decode, encode
from app.performing import Done, LookDep, PerformDep, VersionDep
from app.referrals import (
    answers,
    endings,
    glass,
    lists,
    requests,
    schemas,
    speaking,
    views,
)
from app.referrals.sight import look
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["referrals"])

CREATED, CONFLICT = 201, 409


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
    ranked = rank(_as_it_happened(asked))
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
        form_number=asked.form.number if asked.form else None,
        happened_at=asked.form.happened_at if asked.form else None,
        drill=asked.drill or training,
    )

    def act(work: Work) -> Done:
        referral = requests.request_referral(work, keys, wanted, ranked.kept)
        return Done(views.whole(work, look(work, referral.id)), CREATED)

    return perform(act)


@router.get("/referrals", response_model=schemas.ReferralsOut)
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
        shown = found[:limit]
        following = encode(str(shown[-1].id)) if len(found) > limit else None
        items = [views.line(work, one) for one in shown]
        return Done(schemas.ReferralsOut(items=items, next=following))

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
    "/referrals/{referral_id}/offers",
    status_code=CREATED,
    response_model=schemas.OfferOut,
    openapi_extra=takes(schemas.AskIn),
)
def ask_centre(
    referral_id: uuid.UUID,
    asked: Annotated[schemas.AskIn, Depends(sent(schemas.AskIn))],
    perform: PerformDep,
) -> Response:
    """Ask a centre by name, whatever its rank."""

    def act(work: Work) -> Done:
        offer = answers.ask_by_name(work, referral_id, asked.facility_id)
        return Done(views.offer_out(work, offer), CREATED)

    return perform(act)


@router.post(
    "/referrals/{referral_id}/spoken-acceptance",
    response_model=schemas.AcceptanceOut,
    openapi_extra=takes(schemas.SpokenYesIn),
)
def enter_spoken_acceptance(
    referral_id: uuid.UUID,
    said: Annotated[schemas.SpokenYesIn, Depends(sent(schemas.SpokenYesIn))],
    perform: PerformDep,
) -> Response:
    """Enter a yes that was spoken by telephone, under your own name; it counts."""

    def act(work: Work) -> Done:
        found = answers.accept_by_word(work, referral_id, said.facility_id, said_by=said.said_by)
        return _answered(work, found)

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
    response_model=schemas.ReferralLineOut,
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
        return Done(views.line(work, endings.cancel(work, referral_id, why.reason, read=read)))

    return perform(act)


@router.post(
    "/referrals/{referral_id}/stay",
    response_model=schemas.ReferralLineOut,
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
        return Done(views.line(work, endings.stay(work, referral_id, why.reason, read=read)))

    return perform(act)


@router.post(
    "/referrals/{referral_id}/close",
    response_model=schemas.ReferralLineOut,
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
        return Done(views.line(work, endings.close(work, referral_id, why.reason, read=read)))

    return perform(act)


@router.get("/offers", response_model=schemas.OffersOut)
def list_offers(see: LookDep) -> Response:
    """List what your centre is asked, those that wait for an answer first."""

    def act(work: Work) -> Done:
        items = [views.offer_out(work, offer) for offer in lists.offers_to_me(work)]
        return Done(schemas.OffersOut(items=items))

    return see(act)


@router.get("/offers/{offer_id}", response_model=schemas.OfferOut)
def show_offer(offer_id: uuid.UUID, see: LookDep) -> Response:
    """Show an offer to your centre; who asked sees that it was looked at."""

    def act(work: Work) -> Done:
        return Done(views.offer_out(work, answers.see_offer(work, offer_id)))

    return see(act, noted=True)


@router.post("/offers/{offer_id}/accept", response_model=schemas.AcceptanceOut)
def accept_offer(offer_id: uuid.UUID, perform: PerformDep) -> Response:
    """Say yes: all seats are held at once. 409 with the next centre where a place was gone."""

    def act(work: Work) -> Done:
        return _answered(work, answers.accept_offer(work, offer_id))

    return perform(act)


@router.post(
    "/offers/{offer_id}/decline",
    response_model=schemas.OfferOut,
    openapi_extra=takes(schemas.DeclineIn),
)
def decline_offer(
    offer_id: uuid.UUID,
    why: Annotated[schemas.DeclineIn, Depends(sent(schemas.DeclineIn))],
    perform: PerformDep,
) -> Response:
    """Say no, with one of the reasons that there are; the next centre is asked."""

    def act(work: Work) -> Done:
        answers.decline_offer(work, offer_id, why.code, detail=why.detail)
        return Done(views.offer_out(work, answers.see_offer(work, offer_id)))

    return perform(act)


@router.get("/worklists/mine", response_model=schemas.WorklistOut)
def show_worklist(see: LookDep) -> Response:
    """Show what your organisation has to look at, the next deadline first."""

    def act(work: Work) -> Done:
        return Done(
            schemas.WorklistOut(
                now=work.now,
                referrals=[views.line(work, one) for one in lists.worklist(work)],
                offers=[views.offer_out(work, one) for one in lists.offers_to_me(work)],
            )
        )

    return see(act)


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


def _shown(work: Work, referral_id: uuid.UUID) -> Done:
    return Done(views.whole(work, look(work, referral_id)))


def _answered(work: Work, said: answers.Said) -> Done:
    status = 200 if said.answered.accepted else CONFLICT
    return Done(views.acceptance(work, said), status)
