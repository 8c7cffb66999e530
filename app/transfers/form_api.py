"""Numbered blank forms over HTTP, and the sheets to print."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from app.answers import takes
from app.body import sent
from app.clock import LOCAL, local_now, stamp
from app.deps import ActorDep, CatalogueDep, CurrentDep, TrainingDep
from app.engine import Engine
from app.pages.api import page
from app.performing import Done, LookDep, PerformDep
from app.referrals.paper import forms as paper
from app.referrals.paper.tables import PaperForm
from app.transfers import form_schemas
from app.transfers.states import HANDOVER_FIELDS
from app.words import Words
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["paper forms"])

CREATED = 201
MOST = 50
PRINT = "/api/v1/paper-forms/sheets"
RUNG = 5
"""So many centres of each kind are printed with their telephone."""
ASKED = {"maternal": "clinician_says_critical", "newborn": "clinician_says_critical_newborn"}


@router.post(
    "/paper-forms",
    status_code=CREATED,
    response_model=form_schemas.PaperFormsOut,
    openapi_extra=takes(form_schemas.PaperFormsIn),
)
def issue_paper_forms(
    wanted: Annotated[form_schemas.PaperFormsIn, Depends(sent(form_schemas.PaperFormsIn))],
    training: TrainingDep,
    perform: PerformDep,
) -> Response:
    """Give out numbers for blank forms, to be printed while the line is there."""
    return perform(lambda work: Done(_out(paper.issue(work, wanted.count), training), CREATED))


@router.get("/paper-forms", response_model=form_schemas.PaperFormsOut)
def list_paper_forms(training: TrainingDep, see: LookDep) -> Response:
    """List the numbers of your organisation that no referral was entered from yet."""
    return see(lambda work: Done(_out(paper.unused(work), training)))


@router.get("/paper-forms/sheets", response_class=HTMLResponse)
def print_paper_forms(
    number: Annotated[list[str], Query(min_length=1, max_length=MOST)],
    actor: ActorDep,
    current: CurrentDep,
    texts: CatalogueDep,
    training: TrainingDep,
    see: LookDep,
) -> HTMLResponse:
    """Show the forms of some numbers, one A4 sheet each, with whom to ring from your hospital."""

    def read(work: Work) -> tuple[Engine, list[str]]:
        engine = current.engine(work.session, work.now)
        return engine, [one.number for one in paper.own_forms(work, number)]

    engine, numbers = see.read(read)
    origin = (
        {"facility_id": actor.facility_id}
        if actor.facility_id in engine.registry
        else {"adcode": actor.division}
    )
    return page(
        "paper_form.html",
        Words(texts, engine.book),
        engine,
        training=training,
        numbers=numbers,
        facility=actor.facility_id,
        division=actor.division,
        fields=HANDOVER_FIELDS,
        centres={kind: _centres(engine, origin, fact) for kind, fact in ASKED.items()},
        printed_at=local_now().strftime("%Y-%m-%d %H:%M"),
        other_address="",
    )


def _centres(engine: Engine, origin: object, fact: str) -> Sequence[object]:
    """Return whom this hospital rings first for somebody critical, by what is known now."""
    found = engine.recommend({"facts": {fact: True}, "origin": origin, "now": stamp(local_now())})
    return found.ranking[:RUNG]


def _out(forms: Sequence[PaperForm], training: bool) -> form_schemas.PaperFormsOut:
    numbers = [("number", one.number) for one in forms[:MOST]]
    return form_schemas.PaperFormsOut(
        drill=training,
        items=[
            form_schemas.PaperFormOut(number=one.number, issued_at=one.issued_at.astimezone(LOCAL))
            for one in forms
        ],
        sheets=f"{PRINT}?{urlencode(numbers)}",
    )
