"""``greenchannel assess``: what one patient needs, and whether she may move."""

from app.cli import options
from app.cli.console import print_json, refusing
from app.cli.language import phrases, words_of
from app.cli.source import engine_for, load_settings, read_document

__all__ = ["command"]


def command(
    file: options.Document,
    registry: options.Registry = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Assess one patient (评估).

    What she needs, and whether she may move.
    """
    from app.calculators import service

    settings = load_settings()
    with refusing(phrases(lang, settings), in_json=in_json):
        document = read_document(file, settings.max_body_bytes)
        engine = engine_for(settings, registry=registry)
        answer = service.assess(engine, document)
    if in_json:
        print_json(answer)
        return
    from app.cli.show_assessment import remarks_on, show_assessment

    words = words_of(lang, settings, engine)
    remarks = remarks_on(document, answer, engine, words)
    show_assessment(answer, words, unsigned=engine.unsigned, remarks=remarks)
