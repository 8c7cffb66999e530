"""``greenchannel plan``: one joint plan for everybody who waits."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.console import note, print_json, refusing
from app.cli.language import phrases, words_of
from app.cli.source import engine_for, load_settings, read_document

__all__ = ["command"]


def command(
    file: options.Document,
    registry: options.Registry = None,
    times: options.Times = None,
    capacity: options.Capacity = None,
    limit_s: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.01, help="Seconds for the solver."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same plan.", min=0)] = 0,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Make one plan for all who wait (整体方案).

    Proven over every capable centre where time allows; who waits is told what for.
    """
    from app.calculators import service

    settings = load_settings()
    texts = phrases(lang, settings)
    with refusing(texts, in_json=in_json):
        document = read_document(file, settings.max_plan_body_bytes)
        service.check_number(document, settings.max_plan_requests)
        engine = engine_for(settings, registry=registry, times=times, capacity=capacity)
        note(texts.text("cli.planning"))
        limit = settings.plan_limit_s if limit_s is None else limit_s
        answer = engine.plan(service.with_plan_clock(document), limit_s=limit, seed=seed)
    if in_json:
        print_json(answer)
        return
    from app.cli.show_plan import show_plan

    show_plan(answer, words_of(lang, settings, engine), unsigned=engine.unsigned)
