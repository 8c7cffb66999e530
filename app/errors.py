"""What can go wrong in the application, and the one table from errors to HTTP.

AppError
  BodyTooLargeError     a body is longer than the setting allows; nothing of it was kept
  BusyError             more plans at once than the setting allows
  DatabaseBehindError   the database has not the shape that this version needs
  DatabaseSilentError   the database does not answer
  NoDatabaseError       the settings name no database that can be used
  NotFoundError         no record under this identifier
  NotReadyError         the data are still being loaded
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.documents import DocumentError
from app.text import Catalogue
from geodata.check import Fault
from geodata.errors import RefusedInputError

__all__ = [
    "AppError",
    "BodyTooLargeError",
    "BusyError",
    "DatabaseBehindError",
    "DatabaseSilentError",
    "NoDatabaseError",
    "NotFoundError",
    "NotReadyError",
    "Problem",
    "fault_field",
    "problem_of",
    "problem_of_status",
]

URN = "urn:greenchannel:problem:"


class AppError(Exception):
    """Base of the errors of the application."""


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


# The first line that fits counts: special errors stand before general ones.
STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (DocumentError, 400, "malformed-document"),
    (BodyTooLargeError, 413, "body-too-large"),
    (RefusedInputError, 422, "invalid-request"),
    (NotFoundError, 404, "not-found"),
    (BusyError, 503, "busy"),
    (NotReadyError, 503, "not-ready"),
    (DatabaseBehindError, 503, "database-behind"),
    (DatabaseSilentError, 503, "database-silent"),
    (NoDatabaseError, 503, "no-database"),
)
OF_STATUS = {404: "not-found", 405: "method-not-allowed"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal before it is put into words."""

    status: int
    slug: str
    faults: tuple[Mapping[str, object], ...] = ()
    retry_s: int | None = None

    def document(self, words: Catalogue) -> dict[str, object]:
        """Return the problem document (RFC 9457) in the language of ``words``."""
        found: dict[str, object] = {
            "type": URN + self.slug,
            "title": words.text(f"problems.{self.slug}.title"),
            "status": self.status,
            "detail": words.text(f"problems.{self.slug}.detail"),
        }
        if self.faults:
            found["faults"] = [
                dict(fault) | {"message": words.code("faults", fault["code"])}
                for fault in self.faults
            ]
        return found

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the status."""
        return {} if self.retry_s is None else {"Retry-After": str(self.retry_s)}


def fault_field(fault: Fault) -> str:
    """Return where a fault is, as one path: ``requests[3].facts.hb_g_l``."""
    if fault.where in ("request", "document", ""):
        return fault.column
    return f"{fault.where}.{fault.column}" if fault.column else fault.where


def _in_short(faults: Iterable[Fault]) -> tuple[Mapping[str, object], ...]:
    return tuple(
        {"field": fault_field(f), "value": f.value, "code": f.code, "expected": f.expected}
        for f in faults
    )


def problem_of(error: Exception) -> Problem:
    """Return the problem for an error; one that is not in the table is a fault of ours."""
    for kind, status, slug in STATUS:
        if isinstance(error, kind):
            faults = _in_short(getattr(error, "faults", ()))
            if isinstance(error, BodyTooLargeError):
                expected = f"<= {error.limit} B"
                faults = ({"field": "", "value": "", "code": slug, "expected": expected},)
            return Problem(status, slug, faults, getattr(error, "retry_s", None))
    return Problem(500, "internal")


def problem_of_status(status: int) -> Problem:
    """Return the problem for a refusal of the framework itself."""
    return Problem(status, OF_STATUS.get(status, "refused"))
