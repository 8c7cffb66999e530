"""Everything that whoever looks after an installation wants to know, in one look."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy.exc import DBAPIError

from app.audit.marks import marks
from app.case_exchange.store import last_taken
from app.db import Database
from app.deadlines import service as deadlines
from app.errors import DatabaseBehindError, DatabaseSilentError
from app.health.errors import NotFitError
from app.health.probes import probe
from app.health.states import Figures, Level, Look, Probed, looks_of, overall, unfit
from app.keys.keyring import KeyRing
from app.notices import service as notices
from app.referrals.overview import overview
from app.settings import Settings
from app.verifying.running import last_run
from app.worker import service as worker

__all__ = ["Lately", "State", "require_fit", "state_of"]

T = TypeVar("T")
LATELY_S = 1.0


@dataclass(frozen=True, slots=True)
class State:
    """What was tried, what the database tells, and what follows from both."""

    probed: Probed
    figures: Figures | None
    looks: tuple[Look, ...]

    @property
    def overall(self) -> Level:
        """The worst of all looks."""
        return overall(self.looks)

    @property
    def reasons(self) -> tuple[Look, ...]:
        """What is not good."""
        return tuple(look for look in self.looks if look.level is not Level.OK)


class Lately(Generic[T]):
    """What was found in the last second; whoever may ask without an account asks nothing more.

    One asks at a time, the others are given what it finds.
    """

    def __init__(self, find: Callable[[], T]) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._held: tuple[float, T] | None = None

    def __call__(self) -> T:
        """Return it, found now or a moment ago."""
        with self._lock:
            held = self._held
            if held is None or time.monotonic() - held[0] > LATELY_S:
                held = (time.monotonic(), self._find())
                self._held = held
            return held[1]


def state_of(
    database: Database | None, settings: Settings, keys: KeyRing, *, unsigned: int
) -> State:
    """Look at everything; a database that does not answer is a finding and no error."""
    probed = probe(database, settings, keys)
    figures = None
    if database is not None and probed.answers and probed.step == probed.head:
        try:
            figures = _figures(database)
        except DBAPIError:
            figures = None
    return State(probed, figures, looks_of(probed, figures, unsigned=unsigned))


def require_fit(probed: Probed) -> None:
    """Refuse to be sent requests where one of them could not be done.

    Raises
    ------
    DatabaseSilentError, DatabaseBehindError
        The database does not answer, or has another shape.
    NotFitError
        It cannot be written to, keys or disk are missing, or the clocks disagree.
    """
    if not probed.answers:
        raise DatabaseSilentError
    if probed.kind is not None and probed.step != probed.head:
        raise DatabaseBehindError(probed.step, probed.head)
    if found := unfit(probed):
        raise NotFitError(found)


def _figures(database: Database) -> Figures:
    with database.reading() as session:
        at = database.now(session)
        seen, done = overview(session, at=at), marks(session)
        beat, checked = worker.status(session, at=at), last_run(session)
        return Figures(
            open_by_status=seen.by_status,
            overdue=seen.overdue,
            oldest_overdue_s=_age(seen.oldest_due_at, at) or 0,
            oldest_open_offer_s=_age(seen.oldest_offer_at, at),
            deadlines=_whole(deadlines.status(session, at=at)),
            notices=_whole(notices.status(session, at=at)),
            workers=_whole(beat)["workers"],
            beat_s=_whole(beat).get("last_beat_s"),
            backup_s=_age(done.backup_at, at),
            verify_s=_age(done.verified_at, at),
            verify_found=done.found_wrong,
            verify_codes={} if checked is None else checked.by_code,
            unsealed_s=_age(done.unsealed_since, at) or 0,
            exchange_s=_age(last_taken(session), at),
            age_s=_age(done.began, at) or 0,
        )


def _age(earlier: datetime | None, at: datetime) -> int | None:
    return None if earlier is None else max(int((at - earlier).total_seconds()), 0)


def _whole(status: Mapping[str, object]) -> dict[str, int]:
    """Return the numbers of a status; whether they are an alarm is decided here."""
    return {
        name: value
        for name, value in status.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
