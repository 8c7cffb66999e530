"""The web server around the application: bounded, and quiet when it is stopped."""

import gc
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import AppError
from app.ownership import check_ownership
from app.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.engine import Engine

__all__ = ["Listening", "PortError", "open_socket", "run", "start"]

BACKLOG = 128
LARGEST_HEADER_BYTES = 64 * 1024
GRACE_S = 5


class PortError(AppError, OSError):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        self.host = host
        self.port = port
        super().__init__(f"{host}:{port}: {problem}; name another one with --port")


@dataclass(frozen=True, slots=True)
class Listening:
    """An open socket, and the address to type into a browser."""

    socket: socket.socket
    address: str


def open_socket(host: str, port: int) -> Listening:
    """Listen before anything is loaded, so that a port in use is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, or what is accepted on it waits 40 ms for an acknowledgement with every answer:
    # asyncio turns that off only where the protocol is said.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortError(host, port, error.strerror or "") from None
    shown = f"[{host}]" if ":" in host else host
    return Listening(listener, f"http://{shown}:{listener.getsockname()[1]}")


def start(settings: Settings, engine: "Engine | None" = None) -> "FastAPI":
    """Return the application with its data loaded; refuse to run on foreign packages."""
    check_ownership()
    from app.case_files.known.care import care_rules
    from app.clock import local_now
    from app.engine import load_engine
    from app.main import create_app
    from app.pages.api import warm_pages
    from routing.care.tables import profile_of

    engine = engine or load_engine(settings)
    engine.warm(local_now())
    # Otherwise they are read by the first act on a file, which holds the turn to write.
    care_rules(profile_of(settings.province))
    warm_pages()
    app = create_app(settings, engine=engine)
    # The data stay for good: looked through on every collection, they would hold up requests.
    gc.collect()
    gc.freeze()
    return app


def run(app: "FastAPI", settings: Settings, listening: Listening) -> None:
    """Serve until a signal comes; requests under way get a few seconds to end."""
    import uvicorn

    app.state.address = listening.address
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=settings.max_connections,
        h11_max_incomplete_event_size=LARGEST_HEADER_BYTES,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening.socket])
    except KeyboardInterrupt:
        # Ctrl-C is the ordinary way to stop; uvicorn has closed everything and passes it on.
        return
    finally:
        listening.socket.close()
