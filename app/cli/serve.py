"""``greenchannel serve``: the service, until it is told to stop."""

from typing import Annotated, TypeAlias

import typer

from app.cli.console import note, refusing
from app.cli.language import phrases
from app.cli.source import load_settings

__all__ = ["Host", "Port", "command"]

Port: TypeAlias = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")
]
Host: TypeAlias = Annotated[
    str | None, typer.Option("--host", help="Address to listen on; this machine only by default.")
]


def command(port: Port = None, host: Host = None) -> None:
    """Start the service (启动服务).

    Logs to standard error: one line at the start, and one for each request without its address.
    """
    settings = load_settings()
    words = phrases(None, settings)
    with refusing(words):
        from app.logs import log_to_stderr
        from app.server import open_socket, run, start

        listening = open_socket(host or settings.host, settings.port if port is None else port)
        app = start(settings)
    note(words.text("cli.listening", address=listening.address))
    log_to_stderr()
    run(app, settings, listening)
