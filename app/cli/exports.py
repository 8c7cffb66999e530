"""``greenchannel export``: the tables of the installation, to be filled in and imported again."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import exchange, options
from app.cli.console import PROBLEM, note, print_json, refusing
from app.cli.language import phrases
from app.cli.source import engine_for, load_settings

if TYPE_CHECKING:
    from app.exporting import Sheet

__all__ = ["command"]

NAMES = (
    "facilities",
    "capacity",
    "phones",
    "catchment",
    "places",
    "times",
    "policy",
    *exchange.NAMES,
)


def command(
    table: Annotated[str, typer.Argument(metavar="TABLE", help=" | ".join(NAMES))],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to; .xlsx makes a workbook."),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Only the columns with an example row.")
    ] = False,
    login: Annotated[
        str | None,
        typer.Option("--as", metavar="LOGIN", help="Who looks, where the table names persons."),
    ] = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Write one table, CSV or XLSX (导出).

    Without --out it goes to standard output.
    """
    from app.exporting import sheet_of, template_of

    if table not in NAMES:
        raise typer.BadParameter(" | ".join(NAMES), param_hint="TABLE")
    settings = load_settings()
    words = phrases(lang, settings)
    if table in exchange.NAMES:
        with refusing(words, in_json=in_json):
            if template:
                exchange.write_template(table, out, settings, words)
            else:
                exchange.write_told(table, out, login, settings, words)
        return
    with refusing(words, in_json=in_json):
        header, rows = template_of(table) if template else sheet_of(engine_for(settings), table)
    if in_json:
        print_json([dict(zip(header, row, strict=True)) for row in rows])
        return
    _write((header, rows), table, out)
    if out is not None:
        note(words.text("cli.written", name=str(out), n=len(rows)))


def _write(sheet: "Sheet", table: str, out: Path | None) -> None:
    from facilities.io import sheet_bytes, sheet_text

    if out is None:
        sys.stdout.write(sheet_text(sheet))
        return
    in_workbook = out.suffix == ".xlsx"
    data = sheet_bytes(sheet, name=table) if in_workbook else sheet_text(sheet).encode()
    try:
        out.write_bytes(data)
    except OSError as error:
        note(f"{out}: {error.strerror}")
        raise typer.Exit(PROBLEM) from None
