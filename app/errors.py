"""What can go wrong in the application; each feature adds its own below ``AppError``.

AppError
  BodyTooLargeError     a body is longer than the setting allows; nothing of it was kept
  BusyError             more plans at once than the setting allows
  ConflictError         the database refuses it beside what is there
  DatabaseBusyError     the database is too busy; nothing was changed
  DatabaseBehindError   the database has not the shape that this version needs
  DatabaseSilentError   the database does not answer
  KeyMalformedError     a call that stores came with a key that cannot be one
  KeyMissingError       a call that stores came without the key that lets it be repeated
  NoDatabaseError       the settings name no database that can be used
  NotFoundError         no record under this identifier
  NotReadyError         the data are still being loaded
  NotSignedInError      nobody is signed in, or not any more
  StaleError            somebody else changed the record since it was read
  RoleRefusedError      the role in use may not do this at all
  TooBusyError          more is asked at once than can be done; nothing was begun
  VersionMalformedError a change came with a version that is no tag of ours
  VersionMissingError   a change came without the version that it was made for
  VersionNotReadError   a command came with a version, and looks at none
"""

import uuid
from collections.abc import Iterable, Mapping
from types import MappingProxyType

__all__ = [
    "AppError",
    "BodyTooLargeError",
    "BusyError",
    "ConflictError",
    "DatabaseBehindError",
    "DatabaseBusyError",
    "DatabaseSilentError",
    "KeyMalformedError",
    "KeyMissingError",
    "NoDatabaseError",
    "NotFoundError",
    "NotReadyError",
    "NotSignedInError",
    "RoleRefusedError",
    "StaleError",
    "TooBusyError",
    "VersionMalformedError",
    "VersionMissingError",
    "VersionNotReadError",
]


class AppError(Exception):
    """Base of the errors of the application; ``told`` is what a refusal says beyond its kind."""

    told: Mapping[str, object] = MappingProxyType({})


class BodyTooLargeError(AppError, ValueError):
    """A body is longer than ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the body is longer than {limit} bytes; send less or raise the setting")


class BusyError(AppError, RuntimeError):
    """As many plans as allowed are being solved; ask again after ``retry_s`` seconds."""

    def __init__(self, retry_s: int) -> None:
        self.retry_s = retry_s
        super().__init__(f"as many plans as allowed are being solved; retry in {retry_s} s")


class FilesBusyError(AppError, RuntimeError):
    """Another file is being read or written; ask again after ``retry_s`` seconds."""

    def __init__(self, retry_s: int) -> None:
        self.retry_s = retry_s
        super().__init__(f"another file is being read or written; retry in {retry_s} s")


class ConflictError(AppError, ValueError):
    """The database refuses a row; ``rule`` is the name of the rule that it would have broken."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.told = {"rule": rule}
        super().__init__(f"this cannot be beside what is there ({rule}); read the record again")


class DatabaseBusyError(AppError, RuntimeError):
    """The database did not let a call in for so long that it was given up; nothing was changed."""

    retry_s = 2

    def __init__(self) -> None:
        super().__init__("the database is busy; send the same call with the same key again")


class DatabaseBehindError(AppError, RuntimeError):
    """The database stands at step ``found`` and this version needs ``wanted``."""

    def __init__(self, found: str | None, wanted: str) -> None:
        self.found = found
        self.wanted = wanted
        super().__init__(
            f"the database stands at step {found or 'none'} and this version needs {wanted}; "
            "type greenchannel migrate, or install the newer version where the step is unknown here"
        )


class DatabaseSilentError(AppError, ConnectionError):
    """The database does not answer; what it is called may hold a password and is not said."""

    def __init__(self) -> None:
        super().__init__("the database does not answer; is it running, and is DATABASE_URL right?")


class NoDatabaseError(AppError, LookupError):
    """The settings name no database, or none that can be used."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL names no database that can be used; set it, for one machine to "
            "sqlite:///greenchannel.db, otherwise to postgresql://user@host/name"
        )


class NotFoundError(AppError, LookupError):
    """No record ``key`` in ``what``."""

    def __init__(self, what: str, key: str) -> None:
        self.what = what
        self.key = key
        super().__init__(f"no {what} {key!r}; list them to see which exist")


class NotReadyError(AppError, RuntimeError):
    """The data are still being loaded."""

    def __init__(self) -> None:
        super().__init__("the data are still being loaded; ask again in a second")


class NotSignedInError(AppError, PermissionError):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__("nobody is signed in; sign in and repeat the call with the same key")


class RoleRefusedError(AppError, PermissionError):
    """The role in use may not do this, whatever the record; ``allowed`` are those that may."""

    def __init__(self, role: str, allowed: tuple[str, ...]) -> None:
        self.role = role
        self.told = {"role": role, "allowed": list(allowed)}
        super().__init__(f"role {role} may not do this; it takes one of: {', '.join(allowed)}")


class KeyMissingError(AppError, ValueError):
    """A call that stores came without ``Idempotency-Key``."""

    def __init__(self) -> None:
        super().__init__(
            "send the header Idempotency-Key, 16 to 64 printable characters, made when the form is "
            "opened and kept for every repetition"
        )


class KeyMalformedError(AppError, ValueError):
    """An ``Idempotency-Key`` of ``length`` signs that cannot be one; ``faults`` say why."""

    def __init__(self, faults: Iterable[str], *, length: int) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(self.faults), "length": length}
        super().__init__(
            f"an Idempotency-Key has 16 to 64 printable ASCII signs and no space; this one of "
            f"{length} has not ({', '.join(self.faults)})"
        )


class StaleError(AppError, ValueError):
    """Somebody else changed a record since it was read; ``told`` gets what it says by now.

    ``what`` and ``key`` name the record for whoever shows it to the caller.
    """

    def __init__(self, what: str, key: uuid.UUID, *, read: int, now: int) -> None:
        self.what, self.key = what, key
        self.read, self.now = read, now
        self.told = {"read": read, "now": now}
        super().__init__(f"{what} {key} was read at version {read} and is at {now}; read it again")

    def showing(self, current: Mapping[str, object]) -> None:
        """Say what the record is by now, as the caller may see it."""
        self.told = {**self.told, "current": current}


class VersionMalformedError(AppError, ValueError):
    """``If-Match`` came with something else than the ``ETag`` of a record."""

    def __init__(self) -> None:
        super().__init__('send the ETag as it was read, quotes included: If-Match: "3"')


class VersionMissingError(AppError, ValueError):
    """A change of a record came without ``If-Match``."""

    def __init__(self) -> None:
        super().__init__("send the header If-Match with the ETag of the record that was read")


class VersionNotReadError(AppError, ValueError):
    """A command that looks at no version came with ``If-Match``; nothing was done."""

    def __init__(self) -> None:
        super().__init__("this command takes no If-Match: send it without, under the same key")


class TooBusyError(AppError, RuntimeError):
    """More is asked at once than can be done; nothing was begun. Ask again after ``retry_s``."""

    def __init__(self, retry_s: int = 1) -> None:
        self.retry_s = retry_s
        super().__init__(f"more is asked at once than can be done; send it again in {retry_s} s")
