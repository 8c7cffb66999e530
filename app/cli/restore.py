"""``greenchannel restore``: fill an empty database from a backup, and prove it."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.console import PROBLEM, print_json, refusing, say
from app.cli.language import phrases
from app.cli.source import load_settings
from app.cli.verify import show_findings

__all__ = ["command"]


def command(
    source: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A backup."),
    ],
    proven: Annotated[
        bool, typer.Option("--verify", help="Check everything in it; end with 1 on a problem.")
    ] = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Fill the empty database that DATABASE_URL names from a backup (恢复).

    A damaged file changes nothing.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating
        from app.backups.service import restore

        with migrating.opened(settings.database_url, settings.keys) as database:
            done = restore(
                database,
                source,
                key_file=settings.backup_key_file,
                seal_key=settings.seal_key_file,
                seal_file=settings.seals_outside,
                proven=proven,
                tools=settings.postgres_tools,
            )
    rows = sum(done.manifest.counts.values())
    if in_json:
        print_json(done)
    else:
        show_findings(done.findings, words)
        say(words.text("cli.restored", time=done.manifest.taken_at, rows=rows))
        if done.findings:
            say(words.text("cli.restored_wrong", n=len(done.findings)))
    if done.findings:
        raise typer.Exit(PROBLEM)
