"""Days of the calendar in China, and weeks of pregnancy counted on them."""

from datetime import UTC, date, datetime, time, timedelta, timezone

__all__ = ["CHINA", "PREGNANCY_DAYS", "day_begins", "day_of", "day_zero_of"]

_OFFSET = timedelta(hours=8)
CHINA = timezone(_OFFSET, "UTC+08:00")
"""All of China keeps one time and no summer time; a day is a day there, whatever ``now`` says."""

PREGNANCY_DAYS = 280
"""From the first day of the last menstrual period to the due date."""


def day_of(moment: datetime) -> date:
    """Return the day of an instant."""
    return (moment.astimezone(UTC) + _OFFSET).date()


def day_begins(day: date) -> datetime:
    """Return the first instant of a day, in UTC."""
    return datetime.combine(day, time(), UTC) - _OFFSET


def day_zero_of(due_date: date) -> date:
    """Return the day on which the pregnancy is 0+0 weeks old, as the due date says."""
    return due_date - timedelta(days=PREGNANCY_DAYS)
