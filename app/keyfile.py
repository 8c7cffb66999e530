"""Keys that lie in a file of their own, beside the database and never in it."""

import contextlib
import os
import secrets
from pathlib import Path

from app.errors import AppError

__all__ = ["KeyFileError", "make_key", "read_key"]

KEY_BYTES = 32
OPEN_TO_OTHERS = 0o077


class KeyFileError(AppError, LookupError):
    """A key file is missing, damaged, or open to others; ``name`` is that of the file."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(
            f"the key file {name} cannot be used: {reason}; type greenchannel init for a new "
            "installation, otherwise bring the file back from where it was kept safe"
        )


def make_key(path: Path) -> None:
    """Make a key that only the owner may read; one that is there is kept."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_key(path: Path) -> bytes:
    """Return the key of a file.

    Raises
    ------
    KeyFileError
        It is not there, others may read it, or it is no key.
    """
    try:
        if path.stat().st_mode & OPEN_TO_OTHERS:
            raise KeyFileError(path.name, "others may read it; its mode must be 0600")
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError:
        raise KeyFileError(path.name, "it is missing or cannot be read") from None
    except ValueError:
        raise KeyFileError(path.name, "it holds no key") from None
    if len(key) != KEY_BYTES:
        raise KeyFileError(path.name, "it holds no key")
    return key
