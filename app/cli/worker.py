"""``greenchannel worker``: does what falls due and sends notices, until it is told to stop."""

import signal

import typer

from app.cli.console import PROBLEM, note, refusing
from app.cli.language import phrases
from app.cli.source import load_settings

__all__ = ["command"]


def command() -> None:
    """Do what falls due, and send notices (后台值守).

    For an installation on PostgreSQL; on SQLite the service does it itself. As many as you like
    share the work. SIGTERM ends it after what is in hand.
    """
    settings = load_settings()
    words = phrases(None, settings)
    with refusing(words):
        from app import migrating
        from app.worker.wiring import worker_of

        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            worker = worker_of(database, settings, place="worker")
            for one in (signal.SIGTERM, signal.SIGINT):
                signal.signal(one, lambda *_: worker.ask_to_stop())
            worker.start()
            note(words.text("cli.working"))
            ended = worker.wait()
    note(words.text("cli.stopped"))
    if not ended:
        raise typer.Exit(PROBLEM)
