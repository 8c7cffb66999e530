"""What can go wrong with keys and sealed fields. No text holds a value, sealed or open.

AppError
  CipherUnavailableError   this machine's OpenSSL does not offer a cipher
  KeyActiveError           the version that seals what is new is not taken away
  KeyInUseError            a version that fields are still sealed with is not taken away
  KeyRingBrokenError       the file of the ring cannot be read as one
  KeyRingExistsError       a ring is there already and is not replaced
  KeyRingExposedError      others than its owner may read the file
  KeyRingMissingError      there is no file
  RetiredTooSoonError      somebody may still be writing with a version just replaced
  SealBrokenError          a field was moved, changed or cut
  UnknownCipherError       no cipher has this name
  UnknownKeyVersionError   a version that the ring does not hold
"""

from pathlib import Path

from app.errors import AppError

__all__ = [
    "CipherUnavailableError",
    "KeyActiveError",
    "KeyInUseError",
    "KeyRingBrokenError",
    "KeyRingExistsError",
    "KeyRingExposedError",
    "KeyRingMissingError",
    "RetiredTooSoonError",
    "SealBrokenError",
    "UnknownCipherError",
    "UnknownKeyVersionError",
]


class CipherUnavailableError(AppError, RuntimeError):
    """The OpenSSL of this machine does not offer a cipher."""

    def __init__(self, cipher: str) -> None:
        self.cipher = cipher
        super().__init__(
            f"the OpenSSL of this machine does not offer {cipher}; choose the other cipher, or "
            "install cryptography with an OpenSSL that has it"
        )


class KeyActiveError(AppError, ValueError):
    """The active version is not taken away."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            f"key version {version} is the active one; type greenchannel keys rotate first"
        )


class KeyInUseError(AppError, ValueError):
    """Fields are still sealed with a version; without it they could never be read again."""

    def __init__(self, version: int, table: str, column: str) -> None:
        self.version = version
        self.table = table
        self.column = column
        super().__init__(
            f"{table}.{column} still holds fields of key version {version}; "
            "type greenchannel keys rotate --resume and try again"
        )


class KeyRingBrokenError(AppError, ValueError):
    """The file is no key ring, or not one of this version."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(
            f"{path} cannot be read as a key ring ({why}); put back the last good copy and do not "
            "make a new one: what is sealed with the old keys would be lost"
        )


class KeyRingExistsError(AppError, FileExistsError):
    """A ring is there already; a new one would make unreadable what it has sealed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} is there already and was left as it is; new keys are added to it by "
            "greenchannel keys rotate"
        )


class KeyRingExposedError(AppError, PermissionError):
    """Others than the owner may read the file."""

    def __init__(self, path: Path, mode: int) -> None:
        self.path = path
        self.mode = mode
        super().__init__(
            f"{path} may be read by others than its owner (mode {mode:04o}); type chmod 600 on it, "
            "find out who could read it, and rotate the keys"
        )


class KeyRingMissingError(AppError, FileNotFoundError):
    """There is no key ring."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"no key ring at {path}; on a new installation type greenchannel keys init, otherwise "
            "copy the ring of the other servers there or set GREENCHANNEL_KEY_FILE"
        )


class RetiredTooSoonError(AppError, ValueError):
    """A version was replaced so recently that a transaction may still be writing with it."""

    def __init__(self, version: int, wait_s: int) -> None:
        self.version = version
        self.wait_s = wait_s
        super().__init__(
            f"key version {version} was in use a moment ago and somebody may still be writing with "
            f"it; try again in {wait_s} s"
        )


class SealBrokenError(AppError, ValueError):
    """A field does not open: it was sealed for another row or column, changed, or cut."""

    def __init__(self, table: str, column: str) -> None:
        self.table = table
        self.column = column
        super().__init__(
            f"a field of {table}.{column} does not open: it was moved, changed or cut; find out "
            "who wrote it, and restore the row from a backup"
        )


class UnknownCipherError(AppError, ValueError):
    """No cipher has this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"no cipher {name!r}; there are {', '.join(known)}")


class UnknownKeyVersionError(AppError, LookupError):
    """The ring has no such version."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            f"the key ring holds no version {version}; copy the ring of the server that has it: "
            "every server needs the same one"
        )
