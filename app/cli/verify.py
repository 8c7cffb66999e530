"""``greenchannel verify``: whether everything in the database fits together and is untouched."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from app.cli import options
from app.cli.console import PROBLEM, print_json, print_table, refusing, say
from app.cli.language import phrases
from app.cli.layout import Column
from app.cli.source import load_settings
from app.text import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from app.db import Database
    from app.settings import Settings
    from app.verifying.findings import Finding
    from app.verifying.of_rooms import ReckonRooms

__all__ = ["command", "show_findings"]


def command(in_json: options.InJson = False, lang: options.Language = None) -> None:
    """Check the record, its seals, every row and every promise (核验).

    Ends with 1 if anything was changed behind the back of the program or does not fit together.
    That it was done, and how it ended, is written into the record.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating
        from app.audit.sealing import kept
        from app.health.noting import note_verify
        from app.verifying.service import verify

        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            outside = kept(settings.seals_outside)
            report = verify(
                database,
                key_file=settings.seal_key_file,
                outside=outside,
                rooms=_rooms(database, settings),
            )
            note_verify(database, settings, intact=not report.findings)
    if in_json:
        print_json(report)
    else:
        show_findings(report.findings, words)
        counted = {"rows": report.rows, "entries": report.entries, "seals": report.seals}
        what = "not_verified" if report.findings else "verified"
        say(words.text(f"cli.{what}", **counted, n=len(report.findings)))
    if report.findings:
        raise typer.Exit(PROBLEM)


def _rooms(database: "Database", settings: "Settings") -> "ReckonRooms":
    """Return what reckons whether there is room for what is booked, as the worker does."""
    from app.verifying.of_rooms import rooms_of
    from app.worker.wiring import network_of

    network = network_of(database, settings, None)

    def reckoned(session: "Session") -> "Iterator[Finding]":
        now = database.now(session)
        engine = network().engine(session, now)
        return rooms_of(session, engine, settings.province, at=now)

    return reckoned


def show_findings(findings: "Sequence[Finding]", words: Catalogue) -> None:
    """Print where and what each is, and what to do."""
    if findings:
        columns = [
            Column(words.text("cli.table")),
            Column(words.text("cli.row"), least=36),
            Column(words.text("cli.problem"), least=40),
        ]
        print_table(columns, [(f.table, f.id, words.code("findings", f.code)) for f in findings])
