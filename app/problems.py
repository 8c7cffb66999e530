"""The one table from errors to HTTP, and a refusal before it is put into words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app import errors
from app.accounts import errors as accounts
from app.bookings.errors import (
    BookingOvertakenError,
    BookingRefusedError,
    NotYourBookingError,
    StaleBookingError,
)
from app.case_files.errors import (
    FileRefusedError,
    NotClosableError,
    NotYourFileError,
    OpenFileError,
    StaleFileError,
)
from app.centres.errors import DiversionOpenError, PlaceLostError, ReportRefusedError
from app.centres.errors import NotYoursError as NotTheirsError
from app.commands.errors import KeyReusedError
from app.deadlines.errors import NoDeadLetterError
from app.documents import DocumentError, ParameterError
from app.errors import AppError, BodyTooLargeError
from app.events.errors import TransitionError
from app.expected import in_words
from app.health.errors import NotFitError
from app.keys.errors import (
    KeyRingBrokenError,
    KeyRingExposedError,
    KeyRingMissingError,
    SealBrokenError,
    UnknownKeyVersionError,
)
from app.live.errors import TooManyListenersError
from app.notices.errors import NoDeadNoticeError
from app.patients.errors import (
    DeliveredAlreadyError,
    ErasedPatientError,
    IdentityRefusedError,
    KeptLongerError,
    MergedPatientError,
    MergeRefusedError,
    NewbornLinkedError,
    NotMergedError,
    StalePatientError,
)
from app.print.errors import FontMissingError
from app.referrals.errors import (
    DeclineRefusedError,
    NotYoursError,
    OpenReferralError,
    OverAlreadyError,
    PlanDecidedError,
    PlanMovedError,
    PlanOvertakenError,
    RequestRefusedError,
    StaleVersionError,
)
from app.roads.errors import NotYourRoadError, RoadRefusedError
from app.signing.errors import NotSignedError, WordingMovedError
from app.text import Catalogue
from app.transfers.errors import JourneyRefusedError
from app.vehicles.errors import StaleVehicleError, VehicleGoneError
from geodata.check import Fault
from geodata.errors import RefusedInputError

__all__ = ["OF_STATUS", "STATUS", "Problem", "fault_field", "problem_of", "problem_of_status"]

HARMLESS = re.compile(r"[!-~]{0,60}")
DIGITS = re.compile(r"\d{7}")
URN = "urn:greenchannel:problem:"

# The first line that fits counts: special errors stand before general ones.
STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (DocumentError, 400, "malformed-document"),
    (ParameterError, 400, "invalid-parameter"),
    (BodyTooLargeError, 413, "body-too-large"),
    (IdentityRefusedError, 422, "identity-refused"),
    (RefusedInputError, 422, "invalid-request"),
    (errors.NotFoundError, 404, "not-found"),
    (NoDeadLetterError, 404, "not-found"),
    (NoDeadNoticeError, 404, "not-found"),
    (TooManyListenersError, 503, "too-many-listeners"),
    (errors.BusyError, 503, "busy"),
    (errors.FilesBusyError, 503, "files-busy"),
    (errors.TooBusyError, 503, "too-busy"),
    (errors.ConflictError, 409, "conflict"),
    (errors.DatabaseBusyError, 503, "database-busy"),
    (errors.NotReadyError, 503, "not-ready"),
    (NotFitError, 503, "not-fit"),
    (FontMissingError, 503, "font_missing"),
    (errors.DatabaseBehindError, 503, "database-behind"),
    (errors.DatabaseSilentError, 503, "database-silent"),
    (errors.NoDatabaseError, 503, "no-database"),
    (errors.NotSignedInError, 401, "not-signed-in"),
    (accounts.SessionLockedError, 401, "session-locked"),
    (accounts.SignInRefusedError, 401, "sign-in-refused"),
    (accounts.CsrfError, 403, "csrf"),
    (accounts.PasswordChangeNeededError, 403, "password-change-needed"),
    (accounts.RoleNotChosenError, 403, "role-not-chosen"),
    (accounts.NoRoleError, 403, "no-role"),
    (accounts.TooManyAttemptsError, 429, "too-many-attempts"),
    (accounts.DoorBusyError, 503, "door-busy"),
    (accounts.PasswordRefusedError, 422, "password-refused"),
    (accounts.LoginRefusedError, 422, "login-refused"),
    (accounts.LoginTakenError, 409, "login-taken"),
    (accounts.GrantRefusedError, 422, "grant-refused"),
    (accounts.SeparateDutiesError, 409, "separate-duties"),
    (accounts.CommunityRefusedError, 422, "community-refused"),
    (accounts.OrganisationRefusedError, 422, "organisation-refused"),
    (accounts.TokenRefusedError, 422, "token-refused"),
    (errors.RoleRefusedError, 403, "role-refused"),
    (errors.KeyMissingError, 428, "key-missing"),
    (errors.KeyMalformedError, 400, "key-malformed"),
    (errors.VersionMalformedError, 400, "version-malformed"),
    (errors.VersionMissingError, 428, "version-missing"),
    (errors.VersionNotReadError, 400, "version-not-read"),
    (KeyReusedError, 422, "key-reused"),
    (StaleVersionError, 412, "stale-version"),
    (TransitionError, 409, "move-not-allowed"),
    (FileRefusedError, 422, "file-refused"),
    (NotClosableError, 409, "file-not-closable"),
    (NotYourFileError, 403, "not-yours"),
    (OpenFileError, 409, "file-open"),
    (StaleFileError, 412, "stale-version"),
    (PlaceLostError, 409, "place-lost"),
    (DeclineRefusedError, 422, "decline-without-reason"),
    (RequestRefusedError, 422, "request-refused"),
    (JourneyRefusedError, 422, "journey-refused"),
    (OpenReferralError, 409, "referred-already"),
    (OverAlreadyError, 409, "over-already"),
    (NotYoursError, 403, "not-yours"),
    (NotSignedError, 409, "not-signed"),
    (NotYourRoadError, 403, "not-yours"),
    (RoadRefusedError, 422, "road-refused"),
    (WordingMovedError, 409, "wording-moved"),
    (PlanMovedError, 412, "plan-moved"),
    (PlanDecidedError, 409, "plan-decided"),
    (PlanOvertakenError, 409, "plan-overtaken"),
    (ReportRefusedError, 422, "report-refused"),
    (DiversionOpenError, 409, "diversion-open"),
    (NotTheirsError, 403, "not-your-centre"),
    (VehicleGoneError, 409, "vehicle-gone"),
    (MergedPatientError, 409, "patient-merged"),
    (MergeRefusedError, 409, "merge-refused"),
    (NotMergedError, 409, "not-merged"),
    (NewbornLinkedError, 409, "newborn-linked"),
    (DeliveredAlreadyError, 409, "delivered-already"),
    (ErasedPatientError, 409, "patient-erased"),
    (KeptLongerError, 409, "kept-longer"),
    (StalePatientError, 412, "stale-version"),
    (StaleVehicleError, 412, "stale-version"),
    (StaleBookingError, 412, "stale-version"),
    (BookingRefusedError, 422, "booking-refused"),
    (BookingOvertakenError, 409, "booking-overtaken"),
    (NotYourBookingError, 403, "not-yours"),
    (KeyRingMissingError, 503, "keys-missing"),
    (KeyRingExposedError, 503, "keys-missing"),
    (KeyRingBrokenError, 503, "keys-missing"),
    (UnknownKeyVersionError, 503, "keys-missing"),
    (SealBrokenError, 500, "seal-broken"),
)
OF_STATUS = {404: "not-found", 405: "method-not-allowed"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal before it is put into words."""

    status: int
    slug: str
    faults: tuple[Mapping[str, object], ...] = ()
    retry_s: int | None = None
    told: Mapping[str, object] = field(default_factory=dict)

    def document(self, words: Catalogue) -> dict[str, object]:
        """Return the problem document (RFC 9457) in the language of ``words``."""
        found: dict[str, object] = {
            "type": self.urn,
            "title": words.text(f"problems.{self.slug}.title"),
            "status": self.status,
            "detail": words.text(f"problems.{self.slug}.detail"),
        }
        found |= self.told
        codes = self.told.get("codes")
        if isinstance(codes, list):
            found["messages"] = [words.code("codes", code) for code in codes]
        if self.faults:
            found["faults"] = [
                dict(fault)
                | {
                    "message": words.code("faults", fault["code"]),
                    "expected": in_words(words, str(fault["expected"])),
                }
                for fault in self.faults
            ]
        return found

    @property
    def urn(self) -> str:
        """What tells this kind of refusal from others, whatever the language."""
        return URN + self.slug

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the status."""
        found = {} if self.retry_s is None else {"Retry-After": str(self.retry_s)}
        current = self.told.get("current")
        if isinstance(current, Mapping) and current.get("version") is not None:
            found["ETag"] = f'"{current["version"]}"'
        return found


def fault_field(fault: Fault) -> str:
    """Return where a fault is, as one path: ``requests[3].facts.hb_g_l``."""
    if fault.where in ("request", "document", ""):
        return fault.column
    return f"{fault.where}.{fault.column}" if fault.column else fault.where


def _in_short(faults: Iterable[Fault]) -> tuple[Mapping[str, object], ...]:
    return tuple(
        {"field": fault_field(f), "value": _shown(f.value), "code": f.code, "expected": f.expected}
        for f in faults
    )


def _shown(value: str) -> str:
    """Return a value that was refused; of one that may name a person, nothing (D22).

    Codes, times and figures are shown (contract 2.1). A text of words, or so many digits as a
    telephone has, was put into the wrong field.
    """
    return value if HARMLESS.fullmatch(value) and not DIGITS.search(value) else ""


def problem_of(error: Exception) -> Problem:
    """Return the problem for an error; one that is not in the table is a fault of ours."""
    for kind, status, slug in STATUS:
        if isinstance(error, kind):
            faults = _in_short(error.faults if isinstance(error, RefusedInputError) else ())
            if isinstance(error, BodyTooLargeError):
                expected = f"<= {error.limit} B"
                faults = ({"field": "", "value": "", "code": slug, "expected": expected},)
            told = error.told if isinstance(error, AppError) else {}
            return Problem(status, slug, faults, getattr(error, "retry_s", None), told)
    return Problem(500, "internal")


def problem_of_status(status: int) -> Problem:
    """Return the problem for a refusal of the framework itself."""
    return Problem(status, OF_STATUS.get(status, "refused"))
