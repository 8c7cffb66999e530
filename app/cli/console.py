"""What commands print: answers on standard output, everything about the run on standard error."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer

from app.cli.layout import GAP, Column, table_lines, wrapped
from app.documents import dumps
from app.errors import AppError
from app.expected import in_words
from app.problems import fault_field
from app.text import Catalogue
from geodata.check import Fault
from geodata.errors import RefusedInputError

__all__ = ["PROBLEM", "fault_rows", "note", "print_json", "print_table", "refusing", "say", "tell"]

PROBLEM = 1
WIDE = 120
NARROWEST = 40
HANG = "  "


def say(text: str = "") -> None:
    """Print a line of the answer as it is."""
    typer.echo(text)


def tell(text: str) -> None:
    """Print a sentence of the answer, folded to the terminal and hanging below its indent."""
    indent = text[: len(text) - len(text.lstrip())]
    for line in wrapped(text, max(_width(), NARROWEST), indent + HANG):
        typer.echo(line)


def note(text: str) -> None:
    """Print a line about the run."""
    typer.echo(text, err=True)


def print_json(value: object) -> None:
    """Print the exact answer for machines."""
    typer.echo(dumps(value, indent=1))


def _width() -> int:
    stated = os.environ.get("COLUMNS", "")
    if stated.isdigit() and int(stated) > 0:
        return int(stated)
    return os.get_terminal_size().columns if sys.stdout.isatty() else WIDE


def print_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns."""
    for line in table_lines(columns, rows, max(_width(), NARROWEST)):
        typer.echo(line)


def fault_rows(
    faults: Iterable[Fault], words: Catalogue, what: str
) -> Iterator[tuple[str, str, str, str]]:
    """Yield where, value, what is wrong and what was expected of each fault of ``what``."""
    for fault in faults:
        place = fault_field(fault) or "-"
        if fault.line is not None:
            place = words.text("cli.line", n=fault.line, column=fault.column or "-")
            place = place if fault.where == what else f"{fault.where} {place}"
        expected = in_words(words, fault.expected)
        yield place, fault.value, words.code("faults", fault.code), expected


def _show_refusal(error: RefusedInputError, words: Catalogue, *, in_json: bool) -> None:
    if in_json:
        faults = [
            {
                "field": fault_field(f),
                "line": f.line,
                "column": f.column,
                "value": f.value,
                "code": f.code,
                "expected": f.expected,
                "message": words.code("faults", f.code),
            }
            for f in error.faults
        ]
        print_json({"refused": error.what, "faults": faults})
        return
    note(words.text("cli.refused", what=error.what, n=len(error.faults)))
    titles = ("field", "value", "problem", "expected")
    rows = list(fault_rows(error.faults, words, error.what))
    _note_table([words.text(f"cli.{title}") for title in titles], rows)


def _note_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on standard error, never cut: a fault that is cut cannot be corrected."""
    from rich.cells import cell_len

    table = [tuple(titles), *rows]
    widths = [max(cell_len(row[i]) for row in table) for i in range(len(titles) - 1)]
    for row in table:
        cells = [cell + " " * (w - cell_len(cell)) for cell, w in zip(row, widths, strict=False)]
        note(GAP.join([*cells, row[-1]]).rstrip())


@contextmanager
def refusing(words: Catalogue, *, in_json: bool = False) -> Iterator[None]:
    """End with 1 where the input is refused, after saying everything that is wrong with it."""
    try:
        yield
    except RefusedInputError as error:
        _show_refusal(error, words, in_json=in_json)
        raise typer.Exit(PROBLEM) from None
    except AppError as error:
        note(str(error))
        raise typer.Exit(PROBLEM) from None
