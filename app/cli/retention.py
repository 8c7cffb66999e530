"""``greenchannel retention``: how many identities are past their years."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.console import print_json, print_table, refusing
from app.cli.language import phrases
from app.cli.layout import Column
from app.cli.source import load_settings

__all__ = ["command"]

COLUMNS = ("kind", "years", "due", "held")


def command(
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Count only; it is what the command always does."),
    ] = True,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Count the identities that the worker erases next, and those still needed (保存期限).

    It erases nothing and names nobody; erasing is done by the worker, some every hour.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating
        from app.patients.erasing import count_due
        from app.transfers.needed import still_needed
        from app.worker.cleaning import retention_of

        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            with database.reading() as session:
                found = count_due(
                    session,
                    database.now(session),
                    retention_of(settings),
                    still_needed=still_needed,
                )
    if in_json:
        print_json({"patients": found})
        return
    titles = [Column(words.text(f"cli.retention_{name}")) for name in COLUMNS]
    rows = [
        [words.code("patients", one.kind.value), str(one.years), str(one.due), str(one.held)]
        for one in found
    ]
    print_table(titles, rows)
