"""How long somebody waits who keeps giving a wrong password.

The attempt is counted before the password is looked at, and the count is taken back when it was
right: whoever sends a hundred guesses at once has no more of them than one who waits for each
answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["CLIENT", "LOGIN", "RULES", "Counted", "Rule", "counted", "taken_back", "waits_s"]

LOGIN, CLIENT = "login", "client"


@dataclass(frozen=True, slots=True)
class Rule:
    """From the ``limit``-th failure on a wait of ``first``, doubled each time up to ``longest``.

    What lies ``forgotten_after`` back counts no more.
    """

    limit: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta


RULES = {
    LOGIN: Rule(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=24)),
    # A whole hospital may stand behind one address: more is allowed, and nobody waits for long.
    CLIENT: Rule(30, timedelta(seconds=30), timedelta(minutes=2), timedelta(hours=1)),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Failures so far of one name or address; ``wait_until`` None is no wait."""

    failures: int = 0
    last_at: datetime | None = None
    wait_until: datetime | None = None


def waits_s(before: Counted, now: datetime) -> int:
    """Return for how many seconds no attempt is looked at; 0 is none."""
    if before.wait_until is None or before.wait_until <= now:
        return 0
    return int((before.wait_until - now).total_seconds()) + 1


def counted(before: Counted, now: datetime, rule: Rule) -> Counted:
    """Return the count with one attempt more, taken for a failure until it is known better."""
    fresh = before.last_at is not None and now - before.last_at < rule.forgotten_after
    failures = (before.failures if fresh else 0) + 1
    if failures < rule.limit:
        return Counted(failures, now)
    # The exponent is bounded, or a year of failures would be a number without end.
    doubled = rule.first * 2 ** min(failures - rule.limit, 20)
    return Counted(failures, now, now + min(doubled, rule.longest))


def taken_back(after: Counted, kind: str) -> Counted:
    """Return the count after a right password: a name begins anew, an address loses this one."""
    failures = 0 if kind == LOGIN else max(0, after.failures - 1)
    return Counted(failures, after.last_at)
