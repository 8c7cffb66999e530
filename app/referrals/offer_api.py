"""Offers over HTTP: asking a centre by name, and what centres answer."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers import takes
from app.body import sent
from app.performing import Done, LookDep, PerformDep, VersionIfSentDep
from app.referrals import (
    answers,
    lists,
    schemas,
    views,
)
from app.referrals.elsewhere import elsewhere
from app.referrals.elsewhere_schemas import ElsewheresOut
from app.referrals.offer_views import offer_out, offers_out
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["referrals"])

CREATED, CONFLICT = 201, 409
PLACE_LOST: dict[int | str, dict[str, object]] = {
    CONFLICT: {"model": schemas.AcceptanceOut, "description": "A place was gone; who is asked now"}
}


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
        offer = answers.ask_by_name(work, referral_id, asked.facility_id, because=asked.because)
        return Done(offer_out(work, offer), CREATED)

    return perform(act)


@router.post(
    "/referrals/{referral_id}/spoken-acceptance",
    response_model=schemas.AcceptanceOut,
    responses=PLACE_LOST,
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


@router.get("/offers", response_model=schemas.OffersOut)
def list_offers(see: LookDep) -> Response:
    """List what your centre is asked, those that wait for an answer first."""

    def act(work: Work) -> Done:
        return Done(schemas.OffersOut(items=offers_out(work, lists.offers_to_me(work))))

    return see(act)


@router.get("/offers/{offer_id}", response_model=schemas.OfferOut)
def show_offer(offer_id: uuid.UUID, see: LookDep) -> Response:
    """Show an offer to your centre; who asked sees that it was looked at."""

    def act(work: Work) -> Done:
        return Done(offer_out(work, answers.see_offer(work, offer_id)))

    return see(act, noted=True)


@router.get("/offers/{offer_id}/elsewhere", response_model=ElsewheresOut)
def list_elsewhere(offer_id: uuid.UUID, see: LookDep) -> Response:
    """List the next centres of the ranking, for a centre without a bed that has to name one."""

    def act(work: Work) -> Done:
        items = [views.elsewhere_out(one) for one in elsewhere(work, offer_id)]
        return Done(ElsewheresOut(items=items))

    return see(act)


@router.post(
    "/offers/{offer_id}/accept", response_model=schemas.AcceptanceOut, responses=PLACE_LOST
)
def accept_offer(offer_id: uuid.UUID, read: VersionIfSentDep, perform: PerformDep) -> Response:
    """Say yes: all seats are held at once. 409 with the next centre where a place was gone."""

    def act(work: Work) -> Done:
        return _answered(work, answers.accept_offer(work, offer_id, read=read))

    return perform(act)


@router.post(
    "/offers/{offer_id}/decline",
    response_model=schemas.OfferOut,
    openapi_extra=takes(schemas.DeclineIn),
)
def decline_offer(
    offer_id: uuid.UUID,
    why: Annotated[schemas.DeclineIn, Depends(sent(schemas.DeclineIn))],
    read: VersionIfSentDep,
    perform: PerformDep,
) -> Response:
    """Say no, with one of the reasons that there are; the next centre is asked."""

    def act(work: Work) -> Done:
        answers.decline_offer(work, offer_id, why.code, detail=why.detail, read=read)
        return Done(offer_out(work, answers.see_offer(work, offer_id)))

    return perform(act)


def _answered(work: Work, said: answers.Said) -> Done:
    status = 200 if said.answered.accepted else CONFLICT
    return Done(views.acceptance(work, said), status)
