"""Where a command gets its document and its data from."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.documents import DocumentError, read_object
from geodata.check import Fault

if TYPE_CHECKING:
    from app.engine import Engine
    from app.settings import Settings

__all__ = ["STDIN", "engine_for", "load_settings", "read_bytes", "read_document"]

STDIN = "-"


def load_settings() -> "Settings":
    """Return the settings; pydantic is imported no earlier than here."""
    from app.settings import Settings

    return Settings()


def read_bytes(name: str, limit: int) -> bytes:
    """Return a file or standard input, refused beyond ``limit`` bytes."""
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(limit + 1)
    except OSError as error:
        fault = Fault(name, None, "", error.strerror or "", "unreadable", "a readable file")
        raise DocumentError(fault) from None
    if len(data) > limit:
        fault = Fault(name, None, "", f"> {limit} B", "body-too-large", f"<= {limit} B")
        raise DocumentError(fault)
    return data


def read_document(name: str, limit: int) -> dict[str, object]:
    """Return the JSON object of a file or of standard input."""
    return read_object(read_bytes(name, limit))


def engine_for(
    settings: "Settings",
    *,
    registry: Path | None = None,
    times: Path | None = None,
    capacity: Path | None = None,
) -> "Engine":
    """Return the engine, with the files that stand in for the built-in data."""
    from app.engine import Replaced, load_engine

    return load_engine(settings, replaced=Replaced(registry, times, capacity))
