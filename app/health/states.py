"""When the state of an installation is good, wants somebody, or is an alarm.

The limits are those that the product promises: an escalation starts within 30 s of its time, a
notice is out within 60 s, a backup is no older than a night and the morning after.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

__all__ = [
    "CLOCK_OFF_S",
    "DISK_LEAST",
    "WRITE_SLOW_S",
    "Figures",
    "Level",
    "Look",
    "Probed",
    "looks_of",
    "overall",
    "unfit",
]

CLOCK_OFF_S = 2.0
DISK_LEAST = 0.10
WRITE_SLOW_S = 1.0
DEADLINE_LATE_S = 60
NOTICE_LATE_S = 60
BACKUP_OLD_S = int(timedelta(hours=26).total_seconds())
VERIFY_OLD_S = int(timedelta(hours=26).total_seconds())
SEAL_LATE_S = 600
EXCHANGE_OLD_S = int(timedelta(days=3).total_seconds())
"""After so long without anything new from the other platform somebody asks there (assumed)."""


class Level(StrEnum):
    """The colour of a look, and of all of them together."""

    OK = "ok"
    ATTENTION = "attention"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at; ``value`` counts things or, with ``in_s``, seconds."""

    code: str
    level: Level
    value: int | None = None
    in_s: bool = False


@dataclass(frozen=True, slots=True)
class Probed:
    """What was tried just now; None where it could not be.

    ``write_s`` is how long a small write took that was then undone, ``clock_off_s`` how far the
    clock of this machine is from that of the database, ``disk_free`` a share. ``queue_long`` says
    that the turn to write did not come.
    """

    kind: str | None
    step: str | None
    head: str
    answers: bool
    write_s: float | None
    keys_open: bool
    clock_off_s: float | None
    disk_free: float
    queue_long: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and ages that the database tells, in seconds; None where there is none yet."""

    open_by_status: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    oldest_overdue_s: int = 0
    oldest_open_offer_s: int | None = None
    deadlines: Mapping[str, int] = field(default_factory=dict)
    notices: Mapping[str, int] = field(default_factory=dict)
    workers: int = 0
    beat_s: int | None = None
    backup_s: int | None = None
    verify_s: int | None = None
    verify_found: bool = False
    verify_codes: Mapping[str, int] = field(default_factory=dict)
    unsealed_s: int = 0
    exchange_s: int | None = None
    age_s: int = 0


def unfit(probed: Probed) -> tuple[str, ...]:
    """Return why requests should not be sent here; nothing is ready.

    Whether it has the right step, and whether it answers at all, is asked before.
    """
    return tuple(look.code for look in _probes(probed) if look.level is Level.ALARM)


def looks_of(probed: Probed, figures: Figures | None, *, unsigned: int) -> tuple[Look, ...]:
    """Return everything that was looked at; figures are None where the database tells none."""
    rules = _when("rules_unsigned", unsigned > 0, Level.ATTENTION, unsigned)
    if probed.kind is None:
        return (*_probes(probed), rules)
    if figures is None:
        return (*_probes(probed), rules)
    return (*_probes(probed), *_work(figures), *_care(figures), rules)


def overall(looks: Iterable[Look]) -> Level:
    """Return the worst of them."""
    found = {look.level for look in looks}
    return next((one for one in (Level.ALARM, Level.ATTENTION) if one in found), Level.OK)


def _probes(probed: Probed) -> Iterator[Look]:
    if probed.kind is not None:
        yield _when("database_silent", not probed.answers, Level.ALARM)
        if probed.answers:
            yield _when("database_behind", probed.step != probed.head, Level.ALARM)
            yield _when("queue_long", probed.queue_long, Level.ALARM)
            failed = probed.write_s is None and not probed.queue_long
            yield _when("write_failed", failed, Level.ALARM)
            slow = probed.write_s is not None and probed.write_s > WRITE_SLOW_S
            yield _when("write_slow", slow, Level.ALARM)
            off = probed.clock_off_s is not None and abs(probed.clock_off_s) >= CLOCK_OFF_S
            yield _when("clock_off", off, Level.ALARM, round(probed.clock_off_s or 0), in_s=True)
        yield _when("keys_unreadable", not probed.keys_open, Level.ALARM)
    yield _when("disk_low", probed.disk_free < DISK_LEAST, Level.ALARM)


def _work(figures: Figures) -> Iterator[Look]:
    yield _when("worker_silent", figures.workers == 0, Level.ALARM, figures.beat_s, in_s=True)
    late = figures.deadlines.get("oldest_overdue_s", 0)
    yield _when("deadlines_late", late > DEADLINE_LATE_S, Level.ALARM, late, in_s=True)
    dead = figures.deadlines.get("dead", 0)
    yield _when("deadlines_dead", dead > 0, Level.ALARM, dead)
    waits = figures.notices.get("oldest_undelivered_s", 0)
    yield _when("notices_late", waits > NOTICE_LATE_S, Level.ALARM, waits, in_s=True)
    lost = figures.notices.get("dead", 0)
    yield _when("notices_dead", lost > 0, Level.ATTENTION, lost)
    yield _when("referrals_overdue", figures.overdue > 0, Level.ATTENTION, figures.overdue)


def _care(figures: Figures) -> Iterator[Look]:
    """Look at backups, checks and seals; what is young need not have any yet."""
    if figures.backup_s is None:
        level = Level.ALARM if figures.age_s > BACKUP_OLD_S else Level.ATTENTION
        yield Look("backup_none", level)
    else:
        old = figures.backup_s > BACKUP_OLD_S
        yield _when("backup_old", old, Level.ALARM, figures.backup_s, in_s=True)
    yield _when("verify_found", figures.verify_found, Level.ALARM)
    stale = figures.verify_s is None or figures.verify_s > VERIFY_OLD_S
    yield _when("verify_old", stale, Level.ATTENTION, figures.verify_s, in_s=True)
    late = figures.unsealed_s > SEAL_LATE_S
    yield _when("seals_late", late, Level.ATTENTION, figures.unsealed_s, in_s=True)
    if figures.exchange_s is not None:
        silent = figures.exchange_s > EXCHANGE_OLD_S
        yield _when("exchange_silent", silent, Level.ATTENTION, figures.exchange_s, in_s=True)


def _when(
    code: str, wrong: bool, level: Level, value: int | None = None, *, in_s: bool = False
) -> Look:
    return Look(code, level if wrong else Level.OK, value, in_s)
