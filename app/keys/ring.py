"""A ring of keys as a value, and its file.

The file is JSON that only its owner can read. It holds every version that fields may be sealed
with, one of them active, and the secret behind the indexes, which is not the key of any field: who
has the database and not this file can neither read a name nor try numbers out.
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from app.datafolder import write_whole
from app.keys.ciphers import Aead, Cipher, new_secret, prepared
from app.keys.errors import KeyActiveError, KeyRingBrokenError, UnknownKeyVersionError

__all__ = ["Ring", "Version", "new_ring", "read_ring", "write_ring"]

FORMAT = 1
INDEX_KEY_BYTES = 32
MOST_VERSIONS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Version:
    """One key. ``replaced_at`` is when another became the active one; None before that."""

    number: int
    cipher: Cipher
    secret: bytes = field(repr=False)
    made_at: datetime
    replaced_at: datetime | None = None
    aead: Aead = field(repr=False, compare=False, kw_only=True)

    @classmethod
    def of(
        cls, number: int, cipher: Cipher, secret: bytes, made: datetime, replaced: datetime | None
    ) -> "Version":
        """Make a version that can be used at once."""
        return cls(number, cipher, secret, made, replaced, aead=prepared(cipher, secret))


@dataclass(frozen=True, slots=True)
class Ring:
    """Every version by its number, and which one seals what is new."""

    versions: Mapping[int, Version]
    active: int
    index_secret: bytes = field(repr=False)

    @property
    def newest(self) -> int:
        """The highest number."""
        return max(self.versions)

    def version(self, number: int) -> Version:
        """Return one version; UnknownKeyVersionError where there is none."""
        found = self.versions.get(number)
        if found is None:
            raise UnknownKeyVersionError(number)
        return found

    def with_new(self, cipher: Cipher, at: datetime) -> "Ring":
        """Return the ring with one more version, which is not active yet."""
        number = self.newest + 1
        made = Version.of(number, cipher, new_secret(cipher), at, None)
        return replace(self, versions=MappingProxyType({**self.versions, number: made}))

    def with_active(self, number: int, at: datetime) -> "Ring":
        """Return the ring that seals what is new with another version."""
        self.version(number)
        before = replace(self.versions[self.active], replaced_at=at)
        versions = {**self.versions, before.number: before}
        return replace(self, versions=MappingProxyType(versions), active=number)

    def without(self, number: int) -> "Ring":
        """Return the ring without a version; never without the active one."""
        self.version(number)
        if number == self.active:
            raise KeyActiveError(number)
        kept = {n: one for n, one in self.versions.items() if n != number}
        return replace(self, versions=MappingProxyType(kept))


def new_ring(cipher: Cipher, at: datetime) -> Ring:
    """Return a ring with one key."""
    first = Version.of(1, cipher, new_secret(cipher), at, None)
    return Ring(MappingProxyType({1: first}), 1, os.urandom(INDEX_KEY_BYTES))


def write_ring(path: Path, ring: Ring) -> None:
    """Replace the file whole. It is on disk, and its name too, before anything is sealed by it."""
    document = {
        "format": FORMAT,
        "active": ring.active,
        "index_secret": _text(ring.index_secret),
        "versions": [
            {
                "version": one.number,
                "cipher": one.cipher.value,
                "secret": _text(one.secret),
                "made_at": one.made_at.isoformat(),
                "replaced_at": one.replaced_at and one.replaced_at.isoformat(),
            }
            for one in ring.versions.values()
        ],
    }
    write_whole(path, json.dumps(document, indent=1) + "\n")
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_ring(path: Path, content: str) -> Ring:
    """Return the ring that a file holds.

    Raises
    ------
    KeyRingBrokenError
        It is none; the text says where, never what stands there.
    """
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise KeyRingBrokenError(path, "made by a newer version of this program")
        versions = {int(one["version"]): _version(one) for one in document["versions"]}
        ring = Ring(
            MappingProxyType(versions), int(document["active"]), _bytes(document["index_secret"])
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, KeyRingBrokenError):
            raise
        raise KeyRingBrokenError(path, type(error).__name__) from None
    if ring.active not in versions or len(ring.index_secret) != INDEX_KEY_BYTES:
        raise KeyRingBrokenError(path, "the active key or the secret of the indexes is missing")
    if not all(0 < number <= MOST_VERSIONS for number in versions):
        raise KeyRingBrokenError(path, "a version number out of range")
    return ring


def _version(one: Mapping[str, str]) -> Version:
    cipher, secret = Cipher(one["cipher"]), _bytes(one["secret"])
    if len(secret) != cipher.key_bytes:
        raise ValueError("length of a key")
    replaced = one["replaced_at"]
    return Version.of(
        int(one["version"]),
        cipher,
        secret,
        datetime.fromisoformat(one["made_at"]),
        datetime.fromisoformat(replaced) if replaced else None,
    )


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
