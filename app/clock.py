"""The only reader of the wall clock; the libraries are given the time."""

from datetime import UTC, datetime, timedelta, timezone

__all__ = ["LOCAL", "exact_now", "local_now", "stamp"]

LOCAL = timezone(timedelta(hours=8), "UTC+08:00")


def local_now() -> datetime:
    """Return the time in Yunnan, to the second."""
    return datetime.now(LOCAL).replace(microsecond=0)


def exact_now() -> datetime:
    """Return the time of this machine as exactly as it knows it."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Return RFC 3339 with offset."""
    return moment.isoformat()
