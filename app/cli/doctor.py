"""``greenchannel doctor``: whether this installation is fit to be relied on."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import PROBLEM, print_json, print_table, refusing, say
from app.cli.language import phrases
from app.cli.layout import Column
from app.cli.source import engine_for, load_settings

if TYPE_CHECKING:
    from app.doctor import Check
    from app.engine import Engine
    from app.settings import Settings

__all__ = ["command", "first_few"]

SHOWN = 3
YES_OR_NO = frozenset({"packages", "data_folder", "province_duty_number", "font_missing"})


def command(
    every: Annotated[
        bool, typer.Option("--all", help="List everything found, not only the first few.")
    ] = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Check this installation (自检).

    What is missing, assumed or unsigned, and how the database of DATABASE_URL is; ends with 1 on a
    problem.
    """
    from app.clock import local_now
    from app.doctor import State, examine, looked_after

    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        engine = _engine(settings)
        checks = examine(settings, engine, local_now()) + looked_after(settings, engine)
    problems = sum(check.state is State.PROBLEM for check in checks)
    if in_json:
        print_json({"problems": problems, "checks": checks})
    else:
        columns = [
            Column(""),
            Column(words.text("cli.check"), least=28),
            Column(words.text("cli.count"), right=True),
            Column(words.text("cli.which"), least=20),
        ]
        rows = [
            (
                words.code("states", check.state),
                words.code("checks", check.code),
                _number(check),
                first_few(check.detail, every=every),
            )
            for check in checks
        ]
        print_table(columns, rows)
        say()
        say(words.text("cli.problems" if problems else "cli.no_problem", n=problems))
    if problems:
        raise typer.Exit(PROBLEM)


def _number(check: "Check") -> str:
    """Return how many; nothing for a check that only says yes or no."""
    return "" if check.count is None or check.code in YES_OR_NO else str(check.count)


def first_few(detail: tuple[str, ...], *, every: bool = False) -> str:
    """Return what was found, or the first of it and that there is more."""
    shown = detail if every else detail[:SHOWN]
    return " ".join(shown) + ("…" if len(detail) > len(shown) else "")


def _engine(settings: "Settings") -> "Engine":
    """Return the engine with the signatures of the database; of the file, if it does not answer."""
    from app.errors import AppError
    from app.signed_rules import engine_signed

    engine = engine_for(settings)
    try:
        return engine_signed(engine, settings)
    except AppError:
        return engine
