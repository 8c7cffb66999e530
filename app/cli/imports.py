"""``greenchannel import``: tables into the installation, wholly or not at all."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from app.cli import exchange, options
from app.cli.console import note, print_json, refusing, say
from app.cli.language import Lang, phrases
from app.cli.source import STDIN, load_settings

if TYPE_CHECKING:
    from app.centres.importing import TakenIn
    from app.text import Catalogue
    from geodata.table import Table

__all__ = ["app", "written_back"]

ONLY_STORED = "staff"
"""What is a table of the database and of nothing else."""

app = typer.Typer(
    help="Take over tables, wholly or not (导入).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

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
        return read_table_bytes(sys.stdin.buffer.read(), name="stdin", formulas=True)
    return read_table(Path(name), formulas=True)


def _take(
    name: str,
    file: str,
    *,
    dry_run: bool,
    in_json: bool,
    lang: Lang | None,
    errors_to: Path | None,
    crs: str | None = None,
) -> None:
    from app.importing import take, take_into_database
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
        system = CRS(crs) if crs else None
        with written_back(table, errors_to, words):
            if settings.database_url or name == ONLY_STORED:
                stored = take_into_database(
                    settings, name, table, by_name=getuser(), crs=system, dry_run=dry_run
                )
                _show_stored(stored, table.name, words, in_json=in_json)
                return
            done = take(settings, name, table, crs=system, dry_run=dry_run)
    if in_json:
        print_json(done)
        return
    key = "cli.would_import" if dry_run else "cli.imported"
    say(words.text(key, name=table.name, n=done.rows, kept=done.kept))


def _show_stored(done: "TakenIn", name: str, words: "Catalogue", *, in_json: bool) -> None:
    if in_json:
        print_json(done)
        return
    key = "cli.would_store" if done.dry_run else "cli.stored"
    figures = {"new": done.new, "changed": done.changed, "same": done.same}
    say(words.text(key, name=name, n=done.rows, **figures))
    if done.to_settle:
        say(words.text("cli.to_settle", n=done.to_settle))


@contextmanager
def written_back(
    table: "Table",
    errors_to: Path | None,
    words: "Catalogue",
    *,
    write: Callable[[Path, bytes], object] = Path.write_bytes,
) -> Iterator[None]:
    """Write the file again with what is wrong in each row, where it is refused."""
    from app.expected import in_words
    from app.importing import with_errors
    from facilities.io import sheet_bytes, sheet_text
    from geodata.check import Fault
    from geodata.errors import RefusedInputError

    def said(fault: Fault) -> str:
        told = words.code("faults", fault.code)
        return f"{fault.column} {fault.value}: {told} ({in_words(words, fault.expected)})"

    try:
        yield
    except RefusedInputError as error:
        if errors_to is not None:
            sheet = with_errors(table, error.faults, said)
            in_workbook = errors_to.suffix == ".xlsx"
            data = sheet_bytes(sheet, name="errors") if in_workbook else sheet_text(sheet).encode()
            write(errors_to, data)
            note(words.text("cli.written", name=str(errors_to), n=len(sheet[1])))
        raise


@app.command("facilities")
def facilities(
    file: options.Table,
    crs: Crs = None,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Institutions: levels, capabilities, where they are (机构)."""
    _take(
        "facilities",
        file,
        dry_run=dry_run,
        in_json=in_json,
        lang=lang,
        errors_to=errors_to,
        crs=crs,
    )


@app.command("capacity")
def capacity(
    file: options.Table,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Places: in service, free, as of when (床位)."""
    _take("capacity", file, dry_run=dry_run, in_json=in_json, lang=lang, errors_to=errors_to)


@app.command("phones")
def phones(
    file: options.Table,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Telephone numbers of facilities and of duty coordinators (电话)."""
    _take("phones", file, dry_run=dry_run, in_json=in_json, lang=lang, errors_to=errors_to)


@app.command("catchment")
def catchment(
    file: options.Table,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Which centre a county belongs to (分片包干)."""
    _take("catchment", file, dry_run=dry_run, in_json=in_json, lang=lang, errors_to=errors_to)


@app.command("places")
def places(
    file: options.Table,
    crs: Crs = None,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Townships and villages from which a request may come (乡镇、村)."""
    _take("places", file, dry_run=dry_run, in_json=in_json, lang=lang, errors_to=errors_to, crs=crs)


@app.command("staff")
def staff(
    file: options.Table,
    dry_run: options.DryRun = False,
    errors_to: options.ErrorsTo = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """How many people of each role a facility has; needs a database (人员)."""
    _take("staff", file, dry_run=dry_run, in_json=in_json, lang=lang, errors_to=errors_to)


app.command("pregnancies")(exchange.pregnancies)
app.command("visits")(exchange.visits)
