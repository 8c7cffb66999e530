"""A file that is encrypted piece by piece, and of which no piece can be lost or moved.

AES-256-GCM over pieces of 1 MiB (the STREAM construction): the nonce of each piece is a random
prefix, its number, and whether it is the last one. A file that was cut has no last piece, pieces
in another order do not open. Nothing of it is given out as right before its last piece was read.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.backups.errors import BackupDamagedError

__all__ = ["PIECE", "pieces_of", "read_pieces", "write_pieces"]

MAGIC = b"GCBACKUP1"
PREFIX = 7
PIECE = 1 << 20
_TAG = 16


def write_pieces(path: Path, key: bytes, pieces: Iterable[bytes]) -> None:
    """Write a new file that only its owner may read, and see that it is on disk."""
    cipher, prefix = AESGCM(key), os.urandom(PREFIX)
    head = MAGIC + prefix
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(head)
        number, waiting = 0, None
        for piece in pieces:
            if waiting is not None:
                _put(file, cipher.encrypt(_nonce(prefix, number, last=False), waiting, head))
                number += 1
            waiting = piece
        _put(file, cipher.encrypt(_nonce(prefix, number, last=True), waiting or b"", head))
        file.flush()
        os.fsync(file.fileno())


def read_pieces(path: Path, key: bytes) -> Iterator[bytes]:
    """Yield the pieces of a file.

    Raises
    ------
    BackupDamagedError
        It is none of ours, or not whole; pieces before that one were right.
    """
    cipher = AESGCM(key)
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + PREFIX)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + PREFIX:
            raise BackupDamagedError("no backup of this program")
        number, sealed = 0, _take(file)
        while sealed is not None:
            after = _take(file)
            nonce = _nonce(head[len(MAGIC) :], number, last=after is None)
            try:
                yield cipher.decrypt(nonce, sealed, head)
            except InvalidTag:
                raise BackupDamagedError("changed, cut short, or of another key") from None
            number, sealed = number + 1, after
        if not number:
            raise BackupDamagedError("changed, cut short, or of another key")


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield a plain file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _put(file: BinaryIO, sealed: bytes) -> None:
    file.write(struct.pack(">I", len(sealed)) + sealed)


def _take(file: BinaryIO) -> bytes | None:
    """Return the next piece; None at the end, and a piece that fits no key where it is cut."""
    head = file.read(4)
    if not head:
        return None
    length = struct.unpack(">I", head)[0] if len(head) == 4 else 0
    if length > PIECE + _TAG:
        raise BackupDamagedError("changed, cut short, or of another key")
    sealed = file.read(length)
    return sealed if len(sealed) >= max(length, _TAG) else b"\0" * _TAG
