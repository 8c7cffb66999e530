"""``greenchannel book``: a place of birth for every high-risk pregnancy, weeks ahead."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.console import note, print_json, refusing
from app.cli.language import phrases, words_of
from app.cli.source import engine_for, load_settings, read_document
from app.text import Catalogue

__all__ = ["command"]

LIMIT_S = 300.0
TOLD_EVERY = 500


def command(
    file: options.Document,
    registry: options.Registry = None,
    times: options.Times = None,
    capacity: options.Capacity = None,
    limit_s: Annotated[
        float,
        typer.Option("--time-limit", metavar="S", min=0.01, help="Seconds for the solver."),
    ] = LIMIT_S,
    gap: Annotated[
        float,
        typer.Option(metavar="SHARE", min=0.0, max=1.0, help="Stop when proven within it."),
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Same seed, same bookings.", min=0)] = 0,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Book places of birth weeks ahead (产前预约).

    For every high-risk pregnancy a delivery centre and, where home is too far, the day to come and
    live near it. Every pregnancy is in the answer.
    """
    from app.calculators import service

    settings = load_settings()
    texts = phrases(lang, settings)
    with refusing(texts, in_json=in_json):
        document = read_document(file, settings.max_booking_body_bytes)
        engine = engine_for(settings, registry=registry, times=times, capacity=capacity)
        note(texts.text("cli.booking"))
        answer = engine.bookings(
            service.with_clock(document),
            limit_s=limit_s,
            seed=seed,
            gap=gap,
            progress=_Told(texts),
        )
    if in_json:
        print_json(answer)
        return
    from app.cli.show_bookings import show_bookings

    show_bookings(answer, words_of(lang, settings, engine), unsigned=engine.unsigned)


class _Told:
    """Says on standard error how far the reckoning is, every few hundred groups and at the end."""

    def __init__(self, texts: Catalogue) -> None:
        self._texts = texts

    def __call__(self, done: int, of: int) -> None:
        """Tell it."""
        if of >= TOLD_EVERY and (done % TOLD_EVERY == 0 or done == of):
            note(self._texts.text("cli.booking_progress", done=done, of=of))
