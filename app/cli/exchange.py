"""``greenchannel import pregnancies`` and ``visits``, and the templates to be filled in."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from app.cli import options
from app.cli.console import PROBLEM, note, print_json, refusing, say
from app.cli.language import Lang, phrases
from app.cli.source import STDIN, engine_for, load_settings, read_bytes

if TYPE_CHECKING:
    from app.case_exchange.filing import Filed
    from app.case_exchange.mapping import Columns
    from app.case_exchange.taking import TakenLines
    from app.db import Database
    from app.engine import Engine
    from app.settings import Settings
    from app.text import Catalogue
    from routing.triage.rows import RuleSet

__all__ = [
    "NAMES",
    "columns_for",
    "pregnancies",
    "progress",
    "visits",
    "write_private",
    "write_template",
    "write_told",
]

NAMES = ("pregnancies", "visits")
"""Tables that tell of persons, see :mod:`app.case_exchange`."""
OWNER_ONLY = 0o600
MOST_BYTES = 10 * 1024 * 1024

Login: TypeAlias = Annotated[
    str, typer.Option("--as", metavar="LOGIN", help="The account in whose name it is entered.")
]


def columns_for(settings: "Settings") -> "tuple[RuleSet, Columns]":
    """Return the rules and the mapping of the installation."""
    from app.case_exchange.mapping import load_columns
    from app.datafolder import DataFolder
    from routing.triage.tables import load_rules

    rules = load_rules()
    return rules, load_columns(DataFolder(settings.data_folder), rules.facts)


def write_template(name: str, out: Path | None, settings: "Settings", words: "Catalogue") -> None:
    """Write what is to be filled in: a workbook that offers words, or the columns as text."""
    from app.case_exchange.sheets import template_bytes, template_sheet
    from facilities.io import sheet_text

    rules, columns = columns_for(settings)
    if out is None:
        typer.echo(sheet_text(template_sheet(columns[name])), nl=False)
        return
    if out.suffix == ".xlsx":
        data = template_bytes(name, columns[name], rules.facts, words)
    else:
        data = sheet_text(template_sheet(columns[name])).encode()
    write_private(out, data)
    note(words.text("cli.written", name=str(out), n=1))


def write_told(
    name: str, out: Path | None, login: str | None, settings: "Settings", words: "Catalogue"
) -> None:
    """Write what is told of every file or visit; each is a look at a named file."""
    from app import migrating
    from app.case_exchange.service import export
    from app.case_exchange.sheets import sheet_of_rows
    from facilities.io import sheet_bytes, sheet_text

    if login is None:
        raise typer.BadParameter(words.text("exchange.whose"), param_hint="--as")
    rules, columns = columns_for(settings)
    with migrating.opened(settings.database_url, settings.keys) as database:
        migrating.require_head(database)
        with progress(words.text("exchange.telling"), 0) as step:
            rows = list(export(database, name, login=login, step=step))
    sheet = sheet_of_rows(columns[name], rows, rules.facts)
    if out is None:
        typer.echo(sheet_text(sheet), nl=False)
        return
    in_workbook = out.suffix == ".xlsx"
    write_private(out, sheet_bytes(sheet, name=name) if in_workbook else sheet_text(sheet).encode())
    note(words.text("cli.written", name=str(out), n=len(rows)))


def write_private(out: Path, data: bytes) -> None:
    """Write a file that only its owner can read: it names persons."""
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, OWNER_ONLY)
            file.write(data)
    except OSError as error:
        note(f"{out}: {error.strerror}")
        raise typer.Exit(PROBLEM) from None


def pregnancies(
    file: options.Table,
    login: Login,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Files of the MCH platform, by its mapping table; needs a database (孕产妇档案).

    What is taken in goes into the files one after another; whoever stops it goes on by importing
    again.
    """
    _take(
        "pregnancies", file, login, dry_run=dry_run, errors_to=errors_to, in_json=in_json, lang=lang
    )


def visits(
    file: options.Table,
    login: Login,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Visits of the MCH platform to files that were imported before; needs a database (随访)."""
    _take("visits", file, login, dry_run=dry_run, errors_to=errors_to, in_json=in_json, lang=lang)


def _take(
    name: str,
    file: str,
    login: str,
    *,
    dry_run: bool,
    errors_to: Path | None,
    in_json: bool,
    lang: Lang | None,
) -> None:
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating

        note(words.text("cli.reading", name=file))
        _, columns = columns_for(settings)
        engine = engine_for(settings)
        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            done = _taken(
                database,
                engine,
                columns,
                name,
                file,
                login=login,
                dry_run=dry_run,
                errors_to=errors_to,
                words=words,
            )
            filed = None if dry_run else _file(database, engine, settings.province, words)
    _show(done, filed, words, in_json=in_json)


def _taken(
    database: "Database",
    engine: "Engine",
    columns: "Columns",
    name: str,
    file: str,
    *,
    login: str,
    dry_run: bool,
    errors_to: Path | None,
    words: "Catalogue",
) -> "TakenLines":
    from app.case_exchange.reading import read_file
    from app.case_exchange.service import take_in
    from app.cli.imports import written_back

    shown = "stdin" if file == STDIN else Path(file).name
    table = read_file(read_bytes(file, MOST_BYTES), name=shown, columns=columns[name])
    if table.encoding == "gbk":
        note(words.text("cli.gbk", name=table.name))
    with (
        written_back(table, errors_to, words, write=write_private),
        progress(words.text("exchange.checking"), len(table.rows)) as step,
    ):
        return take_in(
            database, engine, columns, name, table, login=login, dry_run=dry_run, step=step
        )


def _file(database: "Database", engine: "Engine", province: str, words: "Catalogue") -> "Filed":
    from app.case_exchange.filing import file_lines

    with progress(words.text("exchange.filing"), 0) as step:
        return file_lines(database, engine, province, told_of=lambda n, all_: step(n, all_))


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[..., None]]:
    """Show on standard error how far something is, where somebody looks."""
    from rich.console import Console
    from rich.progress import Progress

    shown = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with shown:
        task = shown.add_task(title, total=total)

        def step(done: int, of: int | None = None) -> None:
            shown.update(task, completed=done, total=of or total)

        yield step


def _show(done: "TakenLines", filed: "Filed | None", words: "Catalogue", *, in_json: bool) -> None:
    if in_json:
        print_json({"taken": done, "filed": filed})
        return
    counts = {key: done.counts.get(key, 0) for key in ("new", "changed", "same")}
    key = "exchange.would_take" if done.dry_run else "exchange.taken"
    say(words.text(key, name=done.table, n=done.rows, **counts))
    for line, verdict in done.conflicts:
        say(words.text("exchange.conflict", n=line, why=words.code("exchange.verdicts", verdict)))
    for line, field in done.kept:
        say(words.text("exchange.kept", n=line, field=field))
    if filed is not None:
        say(words.text("exchange.filed", n=filed.filed, refused=filed.refused, kept=filed.kept))
