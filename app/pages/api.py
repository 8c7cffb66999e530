"""The pages over HTTP. What is known of a patient travels in bodies only."""

import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from app.accounts.states import Actor
from app.answer_words import STOPS
from app.body import read_form
from app.calculators import service
from app.clock import local_now
from app.deps import AheadDep, CatalogueDep, EngineDep, RoadsDep, TrainingDep, who_is_there
from app.documents import plain
from app.engine import Engine
from app.expected import in_words
from app.pages.form import PREFIXES, Entered, document_of, entered, sections
from app.pages.layout import ALWAYS
from app.pages.view import SHOWN_FIRST, answer_view
from app.policies import roles_of
from app.problems import fault_field
from app.text import Catalogue
from app.words import Words
from geodata.errors import RefusedInputError

__all__ = ["fault_lines", "page", "router", "warm_pages"]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ESCORTS = ("none", "ESC-OB", "ESC-OB-CRIT", "ESC-NEO", "ESC-NEO-CRIT")
FACTS = "facts."
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""The second lets a form say that it is posted by a page of ours; no address names a patient."""

Form = Annotated[Sequence[tuple[str, str]], Depends(read_form)]


@cache
def environment() -> Environment:
    """Return the templates; a name that is not given is an error."""
    return Environment(
        loader=PackageLoader("app.pages", "templates"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def warm_pages() -> None:
    """Compile the templates before the first page is asked for."""
    for name in environment().list_templates():
        environment().get_template(name)


def page(
    template: str,
    words: Words,
    engine: Engine,
    status: int = 200,
    *,
    training: bool,
    who: Actor | None = None,
    **values: object,
) -> HTMLResponse:
    """Return a filled template with what every page carries; ``training`` marks all as exercise.

    ``who`` is whom the head of the page names, with the way out.
    """
    text = (
        environment()
        .get_template(template)
        .render(
            w=words,
            t=words.t,
            unsigned=engine.unsigned,
            rule_set=engine.rule_set,
            training=training,
            who=who,
            **values,
        )
    )
    return HTMLResponse(text, status, headers=HEADERS)


def _other_language(words: Catalogue, **query: str) -> str:
    other = "en" if words.language == "zh" else "zh"
    return "/?" + urlencode({"lang": other} | {k: v for k, v in query.items() if v})


def _form_page(
    words: Words,
    engine: Engine,
    form: Entered,
    faults: Sequence[Mapping[str, str]] = (),
    status: int = 200,
    *,
    training: bool,
    who: Actor | None,
) -> HTMLResponse:
    facts = engine.rules.facts
    return page(
        "form.html",
        words,
        engine,
        status,
        training=training,
        who=who,
        form=form,
        faults=faults,
        wrong={fault["name"] for fault in faults},
        senders=engine.senders(form.county),
        shown={patient: sections(patient, facts) for patient in PREFIXES},
        always={patient: facts[name] for patient, name in ALWAYS.items()},
        prefixes=PREFIXES,
        escorts=ESCORTS,
        other_address=_other_language(words.texts, county=form.county, origin=form.origin),
    )


@router.get("/")
def ask(
    engine: EngineDep,
    texts: CatalogueDep,
    training: TrainingDep,
    request: Request,
    county: Annotated[str, Query()] = "",
    origin: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """Show the form of one county; without a county the list of all of them."""
    words, who = Words(texts, engine.book), who_is_there(request)
    if county in engine.county_codes:
        form = Entered(county=county, origin=origin)
        return _form_page(words, engine, form, training=training, who=who)
    return page(
        "choose.html",
        words,
        engine,
        training=training,
        who=who,
        groups=engine.counties_by_prefecture,
        other_address=_other_language(texts),
    )


def fault_lines(words: Words, error: RefusedInputError) -> list[dict[str, str]]:
    """Return every fault of a form in words."""
    lines = []
    for fault in error.faults:
        name = fault_field(fault).removeprefix(FACTS)
        known = name in words.book.facts
        label = words.fact(name) if known else words.code("fields", name or "request")
        message = words.code("faults", fault.code)
        lines.append(
            {"name": name, "label": label, "value": fault.value, "message": message}
            | {"expected": in_words(words.texts, fault.expected)}
        )
    return lines


@router.post("/answer")
def answer(
    form_fields: Form,
    engine: EngineDep,
    texts: CatalogueDep,
    training: TrainingDep,
    request: Request,
    roads: RoadsDep,
    ahead: AheadDep,
) -> HTMLResponse:
    """Answer a posted form; a form with faults comes back with all of them."""
    words, now = Words(texts, engine.book), local_now()
    form, actor = entered(form_fields), who_is_there(request)
    if form.county not in engine.county_codes:
        return page(
            "choose.html",
            words,
            engine,
            422,
            training=training,
            who=actor,
            groups=engine.counties_by_prefecture,
            other_address=_other_language(texts),
        )
    document, shut = document_of(form, engine.rules.facts, now), roads(engine)
    try:
        found = service.recommend(engine, shut.added_to(document))
    except RefusedInputError as error:
        faults = fault_lines(words, error)
        return _form_page(words, engine, form, faults, 422, training=training, who=actor)
    result = plain(found)
    assert isinstance(result, dict)  # noqa: S101  a dataclass becomes a dict
    sends = actor is not None and actor.role in roles_of("send_request", calculators_open=False)
    view = answer_view(
        words,
        form,
        document,
        result,
        engine.rules,
        now,
        request.app.state.settings.valid_minutes,
    )
    said = ahead(found, service.kind_of(document))
    calls = () if said is None else (*said.ring, *said.stops)
    return page(
        "answer.html",
        words,
        engine,
        training=training,
        who=actor,
        roads=shut.said,
        calls={one["facility_id"]: one for one in calls},
        r=result,
        v=view,
        form=form,
        prefix=PREFIXES[form.patient],
        shown_first=SHOWN_FIRST,
        stop_kinds=STOPS,
        sends=sends,
        for_another=actor is not None and actor.facility_id != form.origin,
        key=secrets.token_urlsafe(24),
        other_address="",
    )
