"""``greenchannel recommend``: where one patient goes."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.console import print_json, refusing
from app.cli.language import phrases, words_of
from app.cli.source import engine_for, load_settings, read_document

__all__ = ["command"]


def command(
    file: options.Document,
    registry: options.Registry = None,
    times: options.Times = None,
    capacity: options.Capacity = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="List every facility that is not ranked, with the reason."),
    ] = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Rank destinations for one patient (推荐去向).

    Every facility is ranked, or left out with its reasons.
    """
    from app.calculators import service

    settings = load_settings()
    with refusing(phrases(lang, settings), in_json=in_json):
        document = read_document(file, settings.max_body_bytes)
        engine = engine_for(settings, registry=registry, times=times, capacity=capacity)
        answer = service.recommend(engine, document)
    if in_json:
        print_json(answer)
        return
    from app.cli.show_assessment import remarks_on
    from app.cli.show_recommendation import show_recommendation

    words = words_of(lang, settings, engine)
    remarks = remarks_on(document, answer.assessment, engine, words)
    show_recommendation(answer, words, unsigned=engine.unsigned, remarks=remarks, every=every)
