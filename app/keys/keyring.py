"""The ring as a running process holds it: always the one that lies in the file now.

Another process may add a key at any time. Whether the file was replaced is asked of the file system
at every use, which costs about as much as sealing a field; what is then sealed is sealed with the
key that is active now, and what another process has sealed a moment ago opens.
"""

import contextlib
import fcntl
import hashlib
import hmac
import os
import stat
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from app.keys.ciphers import NONCE_BYTES, TAG_BYTES, Cipher, InvalidTag
from app.keys.errors import (
    KeyRingBrokenError,
    KeyRingExistsError,
    KeyRingExposedError,
    KeyRingMissingError,
    SealBrokenError,
)
from app.keys.ring import Ring, new_ring, read_ring, write_ring

__all__ = ["HEADER_BYTES", "INDEX_BYTES", "OVERHEAD", "Bound", "KeyRing", "Purpose", "header_of"]

FORMAT = 1
HEADER_BYTES = 4
OVERHEAD = HEADER_BYTES + NONCE_BYTES + TAG_BYTES
INDEX_BYTES = 16
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Purpose(StrEnum):
    """What an index is for; values of one can never be compared with those of another."""

    ID_NUMBER = "id_number"
    NAME_AND_BIRTH_YEAR = "name_and_birth_year"
    PHONE = "phone"
    COMMAND = "command"
    ATTEMPT = "attempt"


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a value belongs; anywhere else it does not open."""

    table: str
    column: str
    row_id: uuid.UUID

    def associated(self, header: bytes) -> bytes:
        """Return what the tag covers besides the value."""
        name = f"{self.table}\0{self.column}\0".encode()
        return header + name + self.row_id.bytes


@dataclass(frozen=True, slots=True)
class _Held:
    stamp: tuple[int, ...]
    ring: Ring
    index_keys: Mapping[Purpose, bytes] = field(repr=False)


def header_of(version: int, cipher: Cipher) -> bytes:
    """Return the first bytes of a field: format, version of the key, cipher."""
    return bytes([FORMAT]) + version.to_bytes(2, "big") + bytes([cipher.mark])


class KeyRing:
    """The keys of an installation.

    Parameters
    ----------
    path : Path
        The file; it is read when it is first needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._name = os.fspath(path)
        self._held: _Held | None = None

    def ring(self) -> Ring:
        """Return the ring as it is now.

        Raises
        ------
        KeyRingMissingError
            There is no file.
        KeyRingExposedError
            Others than its owner may read it.
        KeyRingBrokenError
            It is no ring.
        """
        return self._now().ring

    def header(self) -> bytes:
        """Return what a field begins with that is sealed now."""
        ring = self.ring()
        return header_of(ring.active, ring.versions[ring.active].cipher)

    def seal(self, text: str, bound: Bound) -> bytes:
        """Hide a value: header, nonce, what is hidden, tag."""
        ring = self.ring()
        version = ring.versions[ring.active]
        header, nonce = header_of(version.number, version.cipher), os.urandom(NONCE_BYTES)
        hidden = version.aead.encrypt(nonce, text.encode(), bound.associated(header))
        return header + nonce + hidden

    def open(self, sealed: bytes, bound: Bound) -> str:
        """Return a hidden value.

        Raises
        ------
        SealBrokenError
            It was sealed for another place, changed or cut.
        UnknownKeyVersionError
            The ring, read once more, does not hold its key.
        """
        if len(sealed) < OVERHEAD or sealed[0] != FORMAT:
            raise SealBrokenError(bound.table, bound.column)
        number, ring = int.from_bytes(sealed[1:3], "big"), self.ring()
        if number not in ring.versions:
            self._held = None
            ring = self.ring()
        version = ring.version(number)
        header, nonce, hidden = sealed[:4], sealed[4:16], sealed[16:]
        if header[3] != version.cipher.mark:
            raise SealBrokenError(bound.table, bound.column)
        try:
            return version.aead.decrypt(nonce, hidden, bound.associated(header)).decode()
        except InvalidTag:
            raise SealBrokenError(bound.table, bound.column) from None

    def index(self, purpose: Purpose, text: str) -> bytes:
        """Return what a value is looked up by: HMAC-SHA256 under the key of the purpose, cut."""
        return self.digest(purpose, text.encode())[:INDEX_BYTES]

    def digest(self, purpose: Purpose, data: bytes) -> bytes:
        """Return what tells data from other data: HMAC-SHA256 under the key of the purpose.

        A plain hash of a body that holds little but an identity number gives the number away.
        """
        return hmac.digest(self._now().index_keys[purpose], data, "sha256")

    def create(self, cipher: Cipher, at: datetime) -> Ring:
        """Make the file with one key; KeyRingExistsError where there is one."""
        with self.alone():
            if self.path.exists():
                raise KeyRingExistsError(self.path)
            made = new_ring(cipher, at)
            write_ring(self.path, made)
            return made

    def replace(self, ring: Ring) -> None:
        """Put a changed ring in the place of the file; only inside :meth:`alone`."""
        write_ring(self.path, ring)
        self._held = None

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from changing the ring while one does."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.with_name(f".{self.path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _now(self) -> _Held:
        held = self._held
        try:
            found = os.stat(self._name)  # noqa: PTH116  asked at every use
        except FileNotFoundError:
            raise KeyRingMissingError(self.path) from None
        if found.st_mode & OTHERS:
            raise KeyRingExposedError(self.path, stat.S_IMODE(found.st_mode))
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if held is None or held.stamp != stamp:
            held = self._read()
            self._held = held
        return held

    def _read(self) -> _Held:
        """Read the file with the stamp of what was read, whatever lies there a moment later."""
        try:
            with self.path.open(encoding="utf-8") as file:
                found = os.fstat(file.fileno())
                content = file.read()
        except FileNotFoundError:
            raise KeyRingMissingError(self.path) from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRingBrokenError(self.path, type(error).__name__) from None
        ring = read_ring(self.path, content)
        keys = {purpose: _derived(ring.index_secret, purpose) for purpose in Purpose}
        return _Held((found.st_ino, found.st_mtime_ns, found.st_size), ring, keys)


def _derived(secret: bytes, purpose: Purpose) -> bytes:
    """Return the key of one purpose: HKDF-Expand of one block (RFC 5869, 2.3)."""
    return hmac.digest(secret, f"greenchannel index {purpose}".encode() + b"\x01", hashlib.sha256)
