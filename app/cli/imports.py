"""``greenchannel import``: tables into the installation, wholly or not at all."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from app.cli import options
from app.cli.console import note, print_json, refusing, say
from app.cli.language import Lang, phrases
from app.cli.source import STDIN, load_settings

if TYPE_CHECKING:
    from geodata.table import Table

__all__ = ["app"]

app = typer.Typer(
    help="Take over tables, wholly or not (导入).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File: TypeAlias = Annotated[
    str, typer.Argument(metavar="FILE", help="CSV or XLSX; - is standard input.")
]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Check everything, change nothing.", show_default=False)
]
Crs: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--crs",
        metavar="wgs84|gcj02|bd09",
        help="Coordinate system of rows that do not name their own.",
    ),
]


def _read(name: str) -> "Table":
    from geodata.io import read_table, read_table_bytes

    if name == STDIN:
        return read_table_bytes(sys.stdin.buffer.read(), name="stdin")
    return read_table(Path(name))


def _take(
    name: str, file: str, *, dry_run: bool, in_json: bool, lang: Lang | None, crs: str | None = None
) -> None:
    from app.importing import take
    from geodata.crs import CRS

    if crs is not None and crs not in tuple(CRS):
        raise typer.BadParameter(" | ".join(CRS), param_hint="--crs")
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        note(words.text("cli.reading", name=file))
        table = _read(file)
        if table.encoding == "gbk":
            note(words.text("cli.gbk", name=table.name))
        done = take(settings, name, table, crs=CRS(crs) if crs else None, dry_run=dry_run)
    if in_json:
        print_json(done)
        return
    key = "cli.would_import" if dry_run else "cli.imported"
    say(words.text(key, name=table.name, n=done.rows, kept=done.kept))


@app.command("facilities")
def facilities(
    file: File,
    crs: Crs = None,
    dry_run: DryRun = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Institutions: levels, capabilities, where they are (机构)."""
    _take("facilities", file, dry_run=dry_run, in_json=in_json, lang=lang, crs=crs)


@app.command("capacity")
def capacity(
    file: File,
    dry_run: DryRun = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Places: in service, free, as of when (床位)."""
    _take("capacity", file, dry_run=dry_run, in_json=in_json, lang=lang)


@app.command("phones")
def phones(
    file: File,
    dry_run: DryRun = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Telephone numbers of facilities and of duty coordinators (电话)."""
    _take("phones", file, dry_run=dry_run, in_json=in_json, lang=lang)


@app.command("catchment")
def catchment(
    file: File,
    dry_run: DryRun = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Which centre a county belongs to (分片包干)."""
    _take("catchment", file, dry_run=dry_run, in_json=in_json, lang=lang)


@app.command("places")
def places(
    file: File,
    crs: Crs = None,
    dry_run: DryRun = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Townships and villages from which a request may come (乡镇、村)."""
    _take("places", file, dry_run=dry_run, in_json=in_json, lang=lang, crs=crs)
