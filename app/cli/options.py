"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from app.cli.language import Lang

__all__ = [
    "Capacity",
    "Document",
    "DryRun",
    "ErrorsTo",
    "InJson",
    "Language",
    "Registry",
    "Table",
    "Times",
]

Document: TypeAlias = Annotated[
    str, typer.Argument(metavar="FILE", help="JSON file; - is standard input.")
]
InJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print exact JSON for machines.", show_default=False)
]
Language: TypeAlias = Annotated[
    Lang | None,
    typer.Option("--lang", help="Language of what is printed; the setting decides if not given."),
]
Registry: TypeAlias = Annotated[
    Path | None,
    typer.Option("--registry", metavar="FACILITIES.csv", help="Use these facilities instead."),
]
Times: TypeAlias = Annotated[
    Path | None,
    typer.Option("--times", metavar="TIMES.csv", help="Use these travel times instead."),
]
Capacity: TypeAlias = Annotated[
    Path | None,
    typer.Option("--capacity", metavar="CAPACITY.csv", help="Use these places instead."),
]
Table: TypeAlias = Annotated[
    str, typer.Argument(metavar="FILE", help="CSV or XLSX; - is standard input.")
]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Check everything, change nothing.", show_default=False)
]
ErrorsTo: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--errors-to",
        metavar="FILE",
        help="Where the refused table goes with a column of what is wrong; .xlsx makes a workbook.",
    ),
]
