"""What commands print: answers on standard output, everything about the run on standard error."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from app.documents import dumps
from app.errors import AppError, fault_field
from app.text import Catalogue
from geodata.check import Fault
from geodata.errors import RefusedInputError

__all__ = ["Column", "fault_rows", "note", "print_json", "print_table", "refusing", "say"]

PROBLEM = 1
WIDE = 120
GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``right`` for numbers, ``fold`` where long words may break."""

    title: str
    right: bool = False
    fold: bool = False


def say(text: str = "") -> None:
    """Print a line of the answer."""
    typer.echo(text)


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


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print aligned columns; Chinese characters count double, as terminals show them."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, len(GAP), 0, 0), header_style="")
    for column in columns:
        table.add_column(
            Text(column.title),
            justify="right" if column.right else "left",
            no_wrap=not column.fold,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(width=_width(), highlight=False, color_system=None)
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        say(line.rstrip())


def fault_rows(
    faults: Iterable[Fault], words: Catalogue, what: str
) -> Iterator[tuple[str, str, str, str]]:
    """Yield where, value, what is wrong and what was expected of each fault of ``what``."""
    for fault in faults:
        place = fault_field(fault) or "-"
        if fault.line is not None:
            place = words.text("cli.line", n=fault.line, column=fault.column or "-")
            place = place if fault.where == what else f"{fault.where} {place}"
        yield place, fault.value, words.code("faults", fault.code), fault.expected


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
