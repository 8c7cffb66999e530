"""The two ciphers a field can be sealed with, and what a seal is made of.

AES-256-GCM is the usual one. SM4-GCM (GB/T 32907-2016; the mode as in RFC 8998) is there for an
installation whose assessment of commercial cryptography asks for it. Both take a nonce of 12 bytes
and add a tag of 16.
"""

import os
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher as Composed
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.keys.errors import CipherUnavailableError, UnknownCipherError

__all__ = [
    "NONCE_BYTES",
    "TAG_BYTES",
    "Aead",
    "Cipher",
    "InvalidTag",
    "cipher_of",
    "new_secret",
    "prepared",
]

NONCE_BYTES, TAG_BYTES = 12, 16


class Cipher(StrEnum):
    """A cipher by its name in the file of the ring."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"

    @property
    def key_bytes(self) -> int:
        """How long a key is."""
        return 32 if self is Cipher.AES_256_GCM else 16

    @property
    def mark(self) -> int:
        """The byte that stands for it in a sealed field."""
        return 1 if self is Cipher.AES_256_GCM else 2


class Aead(Protocol):
    """A cipher with its key; what is associated is not hidden but cannot be exchanged."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return what is hidden, the tag at its end."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return what was hidden; InvalidTag where anything differs."""


def cipher_of(name: str) -> Cipher:
    """Return a cipher by its name; UnknownCipherError for one there is not."""
    try:
        return Cipher(name)
    except ValueError:
        raise UnknownCipherError(name, tuple(Cipher)) from None


def new_secret(cipher: Cipher) -> bytes:
    """Return a key nobody has seen."""
    return os.urandom(cipher.key_bytes)


def prepared(cipher: Cipher, key: bytes) -> Aead:
    """Return a cipher ready for use, tried once.

    Raises
    ------
    CipherUnavailableError
        This machine does not offer it.
    """
    aead: Aead = AESGCM(key) if cipher is Cipher.AES_256_GCM else _Sm4Gcm(key)
    try:
        aead.encrypt(bytes(NONCE_BYTES), b"", None)
    except UnsupportedAlgorithm:
        raise CipherUnavailableError(cipher) from None
    return aead


class _Sm4Gcm:
    """SM4-GCM in the form of the other one; cryptography has it only in parts."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        one = Composed(self._key, modes.GCM(nonce)).encryptor()
        one.authenticate_additional_data(associated_data or b"")
        return one.update(data) + one.finalize() + one.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        hidden, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        one = Composed(self._key, modes.GCM(nonce, tag)).decryptor()
        one.authenticate_additional_data(associated_data or b"")
        return one.update(hidden) + one.finalize()
