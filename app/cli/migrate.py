"""``greenchannel migrate``: bring the database to the shape that this version needs."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.console import PROBLEM, print_json, refusing, say
from app.cli.language import phrases
from app.cli.source import load_settings

__all__ = ["command"]


def command(
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; end with 1 if there is something to do."),
    ] = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Bring the database to this version (升级数据库).

    DATABASE_URL says which one: sqlite:///file or postgresql://user@host/name.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating

        with migrating.opened(settings.database_url, settings.keys) as database:
            before, head = migrating.revision_of(database), migrating.head()
            if not check:
                migrating.upgrade(database)
            after = migrating.revision_of(database)
    if in_json:
        print_json({"before": before, "after": after, "head": head})
    else:
        done = "at_head" if before == head else "behind" if check else "migrated"
        say(words.text(f"cli.{done}", before=before or "-", after=head))
    if after != head:
        raise typer.Exit(PROBLEM)
