"""``greenchannel rules``: the clinical rows with source, status and signature."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import print_json, print_table, refusing, say
from app.cli.language import phrases, words_of
from app.cli.layout import Column
from app.cli.source import engine_for, load_settings

if TYPE_CHECKING:
    from app.engine import Engine
    from app.settings import Settings
    from routing.triage.rows import RowInfo, RuleSet

__all__ = ["app"]

app = typer.Typer(
    help="List, sign and write out the rules (规则).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

COLUMNS = (
    "id",
    "table",
    "name_zh",
    "name_en",
    "status",
    "scope",
    "source",
    "content_hash",
    "in_use",
    "needs_signature",
    "signed_by",
    "signed_at",
)


def _record(row: "RowInfo") -> dict[str, object]:
    return {column: getattr(row, column) for column in COLUMNS}


def _waits(row: "RowInfo") -> bool:
    return row.in_use and row.needs_signature and row.signed_by is None


@app.command("list")
def list_rows(
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Only rows in use that wait for a signature.")
    ] = False,
    table: Annotated[
        str | None, typer.Option("--table", help="Only the rows of this table.")
    ] = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Every row with status, source and signer (列出规则)."""
    settings = load_settings()
    with refusing(phrases(lang, settings), in_json=in_json):
        engine = _engine(settings)
    rows = [
        row
        for row in engine.rules.rows
        if (table is None or row.table == table) and (not unsigned or _waits(row))
    ]
    if in_json:
        print_json(
            {
                "rule_set": engine.rule_set,
                "unsigned_rules": engine.unsigned,
                "items": [_record(row) for row in rows],
            }
        )
        return
    words = words_of(lang, settings, engine)
    print_table(
        [
            # Names of facts make a few longer than half of a narrow terminal: those fold.
            Column(words.t("cli.rule"), least=32),
            Column(words.t("cli.name"), least=16),
            Column(words.t("cli.status")),
            Column(words.t("cli.source"), least=12),
            Column(words.t("cli.signed"), extra=1),
        ],
        [
            (row.id, words.rule(row.id), row.status, row.source, row.signed_by or "-")
            for row in rows
        ],
    )
    say()
    say(words.t("cli.rules_count", n=len(rows), unsigned=engine.unsigned, name=engine.rule_set))


@app.command("sign")
def sign_rows(
    rules: Annotated[list[str], typer.Argument(metavar="RULE...", help="Rows to be signed.")],
    by: Annotated[str, typer.Option("--by", help="Name of the person who signs.")],
    role: Annotated[str, typer.Option("--role", help="Her role, e.g. obstetrician.")],
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Sign rows by name and role; a row that changes later loses the signature (签署).

    Kept in the database of DATABASE_URL where there is one, otherwise in a file.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        after = _sign(settings, rules, by, role)
    if in_json:
        print_json({"signed": rules, "unsigned_rules": after.unsigned, "rule_set": after.version})
        return
    say(words.text("cli.signed_rows", n=len(set(rules)), unsigned=after.unsigned))


@app.command("withdraw")
def withdraw_rows(
    rules: Annotated[list[str], typer.Argument(metavar="RULE...", help="Rows no longer signed.")],
    by: Annotated[str, typer.Option("--by", help="Name of the person who signed.")],
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Take signatures back, in the database; that they were given stays on record (撤回签署)."""
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        after = _in_database(settings, rules, by, None)
    if in_json:
        print_json(
            {"withdrawn": rules, "unsigned_rules": after.unsigned, "rule_set": after.version}
        )
        return
    say(words.text("cli.withdrawn_rows", n=len(set(rules)), unsigned=after.unsigned))


def _engine(settings: "Settings") -> "Engine":
    """Return the engine with the signatures of the database, where the settings name one."""
    engine = engine_for(settings)
    if settings.database_url is None:
        return engine
    from app.signed_rules import engine_signed

    return engine_signed(engine, settings)


def _sign(settings: "Settings", ids: list[str], by: str, role: str) -> "RuleSet":
    """Add signatures to the database, else to the file; return the rules as they are afterwards."""
    if settings.database_url is not None:
        return _in_database(settings, ids, by, role)
    from app.clock import local_now
    from app.datafolder import DataFolder, write_whole
    from app.loading import read_signatures
    from routing.care.tables import load_rule_set, profile_of
    from routing.triage.signing import sign, signatures_to_json

    with DataFolder(settings.data_folder).alone():
        old = read_signatures(settings.signature_file)
        profile = profile_of(settings.province)
        rules = load_rule_set(old, profile=profile)
        new = sign(rules, ids, signed_by=by, role=role, signed_at=local_now())
        write_whole(settings.signature_file, signatures_to_json((*old, *new)))
        return load_rule_set((*old, *new), profile=profile)


def _in_database(settings: "Settings", ids: list[str], by: str, role: str | None) -> "RuleSet":
    """Sign in the database, or with no role take back; return the rules as they are afterwards."""
    from app.loading import read_signatures
    from app.migrating import opened, require_head
    from app.signed_rules import signed_with
    from app.signing import service
    from routing.care.tables import profile_of

    given, profile = read_signatures(settings.signature_file), profile_of(settings.province)
    with opened(settings.database_url, settings.keys) as database:
        require_head(database)
        with database.writing() as session:
            rules, at = signed_with(given, session, profile=profile), database.now(session)
            if role is None:
                service.withdraw(
                    session, rules, ids, signed_by=by, province=settings.province, at=at
                )
            else:
                service.sign(
                    session, rules, ids, signed_by=by, role=role, province=settings.province, at=at
                )
            return signed_with(given, session, profile=profile)


@app.command("export")
def export_rows(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; .xlsx makes a workbook.")
    ] = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """All rows as CSV or XLSX, to be read and signed on paper (导出规则)."""
    from facilities.io import sheet_bytes, sheet_text

    settings = load_settings()
    with refusing(phrases(lang, settings), in_json=in_json):
        rules = _engine(settings).rules
    if in_json:
        print_json([_record(row) for row in rules.rows])
        return
    cells = [["" if v is None else str(v) for v in _record(row).values()] for row in rules.rows]
    sheet = (COLUMNS, [list[str | int | float | None](row) for row in cells])
    if out is None:
        sys.stdout.write(sheet_text(sheet))
    elif out.suffix == ".xlsx":
        out.write_bytes(sheet_bytes(sheet, name="rules"))
    else:
        out.write_text(sheet_text(sheet), encoding="utf-8")
