"""The data folder of an installation: imported files, each replaced whole and at once."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["FILES", "DataFolder"]

# In the order in which they build on each other.
FILES = ("facilities", "capacity", "phones", "catchment", "places", "times")


class DataFolder:
    """Imported tables by name; a file that is not there was never imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return where a table lies."""
        return self.folder / f"{name}.csv"

    def has(self, name: str) -> bool:
        """Whether the table was imported."""
        return self.path(name).is_file()

    @property
    def imported(self) -> tuple[str, ...]:
        """The names of all imported tables."""
        return tuple(name for name in FILES if self.has(name))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other imports out while one reads, checks and replaces."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def replace(self, name: str, text: str) -> None:
        """Replace one table; readers see the old one or the new one, never a part."""
        write_whole(self.path(name), text)


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and move it there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
