"""The same pages for who is signed in: come in, send the request, see who answers. No scripts."""

import json
import uuid
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts import door, own
from app.accounts.calling import client_of, forget, own_page, remember, there_of
from app.accounts.errors import NoRoleError, SignInRefusedError, TooManyAttemptsError
from app.answer_words import STOPS, alternative_words
from app.body import read_form
from app.clock import local_now
from app.deps import (
    CatalogueDep,
    CurrentDep,
    DatabaseDep,
    EngineDep,
    KeysDep,
    RankDep,
    TrainingDep,
    who_is_there,
)
from app.engine import Engine
from app.errors import AppError
from app.pages.api import fault_lines, page
from app.pages.form import document_of, entered
from app.performing import Done, LookDep, PerformDep
from app.problems import problem_of
from app.referrals import requests, views
from app.referrals.schemas import ReferralOut
from app.referrals.sight import look
from app.words import Words
from app.work import Work
from geodata.errors import RefusedInputError

__all__ = ["router"]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Form = Annotated[list[tuple[str, str]], Depends(read_form)]
SEE_OTHER = 303
CREATED = 201


@router.get("/sign-in")
def show_door(engine: EngineDep, texts: CatalogueDep, training: TrainingDep) -> HTMLResponse:
    """Show where to come in."""
    return _door(engine, Words(texts, engine.book), training=training)


@router.post("/sign-in", dependencies=[Depends(own_page)])
def come_in(
    form: Form,
    request: Request,
    engine: EngineDep,
    texts: CatalogueDep,
    training: TrainingDep,
    database: DatabaseDep,
    keys: KeysDep,
) -> Response:
    """Come in with name and password; of several roles one is chosen first."""
    said, words = dict(form), Words(texts, engine.book)
    try:
        opened = door.sign_in(
            database,
            said.get("login", ""),
            said.get("password", ""),
            client=client_of(request),
            grant_id=uuid.UUID(said["grant"]) if said.get("grant") else None,
            keys=keys,
        )
    except (SignInRefusedError, TooManyAttemptsError, NoRoleError) as error:
        problem = problem_of(error)
        return _door(
            engine,
            words,
            problem.status,
            training=training,
            login=said.get("login", ""),
            because=f"problems.{problem.slug}",
        )
    if opened.must_change or opened.actor is None:
        return _door(
            engine,
            words,
            training=training,
            login=said.get("login", ""),
            must_change=opened.must_change,
            roles=[(one.grant_id, one.role, one.org_name) for one in opened.roles],
        )
    query = urlencode({"county": opened.actor.division, "origin": opened.actor.facility_id or ""})
    response = RedirectResponse(f"/?{query}&lang={words.texts.language}", SEE_OTHER)
    remember(request, response, opened)
    return response


@router.post("/sign-out")
def go_out(request: Request, texts: CatalogueDep, database: DatabaseDep) -> Response:
    """Leave; nothing of the session stays."""
    response = RedirectResponse(f"/sign-in?lang={texts.language}", SEE_OTHER)
    there = there_of(request, database)
    with database.writing() as session:
        own.sign_out(session, there, client=client_of(request), now=database.now(session))
    forget(request, response)
    return response


@router.post("/send")
def send_request(
    form_fields: Form,
    engine: EngineDep,
    texts: CatalogueDep,
    training: TrainingDep,
    rank: RankDep,
    keys: KeysDep,
    perform: PerformDep,
    request: Request,
) -> Response:
    """Ask for a destination with the form that was answered; sent twice it is one request."""
    said, words = dict(form_fields), Words(texts, engine.book)
    once = perform.with_key(said.get("key", ""))
    if (again := once.known()) is not None:
        return _sent(again, words)
    form = entered(form_fields)
    document = document_of(form, engine.rules.facts, local_now())
    try:
        ranked = rank(document)
        wanted = requests.Wanted(
            kind=ranked.kind,
            county=ranked.county,
            facility_id=ranked.facility_id,
            decided_at=ranked.decided_at,
            said_by=said.get("said_by", "").strip() or None,
            drill=training,
        )

        def act(work: Work) -> Done:
            referral = requests.request_referral(work, keys, wanted, ranked.kept)
            return Done(views.whole(work, look(work, referral.id)), CREATED)

        return _sent(once(act), words)
    except RefusedInputError as error:
        faults = fault_lines(words, error)
        return page(
            "refused.html",
            words,
            engine,
            422,
            training=training,
            who=who_is_there(request),
            faults=faults,
            because="",
        )
    except AppError as error:
        problem = problem_of(error)
        codes = problem.told.get("codes")
        named = codes if isinstance(codes, list) else []
        return page(
            "refused.html",
            words,
            engine,
            problem.status,
            training=training,
            who=who_is_there(request),
            faults=[{"label": "", "message": words.code("codes", one)} for one in named],
            because=f"problems.{problem.slug}",
        )


@router.get("/sent/{referral_id}")
def show_sent(
    referral_id: uuid.UUID,
    current: CurrentDep,
    texts: CatalogueDep,
    training: TrainingDep,
    see: LookDep,
    request: Request,
) -> HTMLResponse:
    """Show who was asked and what they said."""

    def read(work: Work) -> tuple[Engine, ReferralOut]:
        return current.engine(work.session, work.now), views.shown(work, look(work, referral_id))

    engine, referral = see.read(read)
    words, who = Words(texts, engine.book), who_is_there(request)
    ways = [one for one in referral.alternatives if one.get("kind") in STOPS]
    calls = {one["facility_id"]: one for one in referral.stops}
    stops = [(alternative_words(words, one), calls[one["facility_id"]]) for one in ways]
    return page("sent.html", words, engine, training=training, who=who, r=referral, stops=stops)


def _door(
    engine: Engine,
    words: Words,
    status: int = 200,
    *,
    training: bool,
    login: str = "",
    because: str = "",
    must_change: bool = False,
    roles: list[tuple[uuid.UUID, str, str]] | None = None,
) -> HTMLResponse:
    other = "en" if words.texts.language == "zh" else "zh"
    return page(
        "sign_in.html",
        words,
        engine,
        status,
        training=training,
        login=login,
        because=because,
        must_change=must_change,
        roles=roles or [],
        other_address=f"/sign-in?lang={other}",
    )


def _sent(done: Response, words: Words) -> Response:
    key = json.loads(bytes(done.body))["id"]
    return RedirectResponse(f"/sent/{key}?lang={words.texts.language}", SEE_OTHER)
