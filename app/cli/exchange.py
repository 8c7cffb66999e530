"""Files and visits of another system at the command line: templates to be filled in."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.console import PROBLEM, note

if TYPE_CHECKING:
    from app.case_exchange.mapping import Columns
    from app.settings import Settings
    from app.text import Catalogue
    from routing.triage.rows import RuleSet

__all__ = ["NAMES", "columns_for", "write_private", "write_template"]

NAMES = ("pregnancies", "visits")
"""Tables that tell of persons, see :mod:`app.case_exchange`."""
OWNER_ONLY = 0o600


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
