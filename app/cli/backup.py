"""``greenchannel backup``: an encrypted copy of the whole database."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.console import print_json, refusing, say
from app.cli.language import phrases
from app.cli.source import load_settings

__all__ = ["command"]


def command(
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET", help="A new file, or a folder to make one in; FOLDER/ is made."
        ),
    ],
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Back up the database while it works (备份).

    Encrypted with backup.key of the data folder: keep that key elsewhere too, no backup can be read
    without it.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating
        from app.backups.service import backup
        from app.health.noting import note_backup

        with migrating.opened(settings.database_url, settings.keys) as database:
            made, manifest = backup(
                database,
                _place(target),
                key_file=settings.backup_key_file,
                tools=settings.postgres_tools,
            )
            note_backup(database, settings)
    if in_json:
        print_json({"file": str(made), "manifest": manifest})
    else:
        say(words.text("cli.backed_up", name=made, rows=sum(manifest.counts.values())))


def _place(target: str) -> Path:
    """Return where the backup goes; what ends like a folder is one, the first night too."""
    if target.endswith("/"):
        Path(target).mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(target)
