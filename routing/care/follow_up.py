"""When she is to be seen again, by colour and week (R-FOLLOW-01)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from routing.care.rows import CareRules, FollowUpRow, labels_of
from routing.triage.rows import Colour

__all__ = ["NextVisit", "next_of", "next_visit"]


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The last day on which the next visit is in time, and the row that says so."""

    day: date
    row: FollowUpRow


def next_visit(
    care: CareRules,
    colour: Colour | None,
    *,
    purple: bool,
    ga_days: int | None,
    last_visit: date,
) -> NextVisit | None:
    """Return the earliest day on which any of her labels asks for another visit.

    Parameters
    ----------
    ga_days
        Gestational age on the day of the last visit; None is unknown.
    last_visit
        The day she was seen last.

    Returns
    -------
    NextVisit or None
        The first day by which as long has passed as the interval of that day's week says. Weeks
        unknown: the shortest interval of each label. None where no row speaks of her labels.

    Examples
    --------
    Orange, seen at 35+0: 14 days would be 37+0, but from 36+0 on it is 7, and 7 have passed.
    """
    labels = labels_of(colour, purple=purple)
    return next_of(care, labels, ga_days=ga_days, last_visit=last_visit)


def next_of(
    care: CareRules, labels: Collection[str], *, ga_days: int | None, last_visit: date
) -> NextVisit | None:
    """Return the same for labels as they stand."""
    rows = [row for row in care.follow_up if row.label in labels]
    found = [(_days_after(row, ga_days), row) for row in rows]
    due = [(days, row) for days, row in found if days is not None]
    if not due:
        return None
    days, row = min(due, key=lambda one: (one[0], one[1].info.id))
    return NextVisit(last_visit + timedelta(days=days), row)


def _days_after(row: FollowUpRow, ga_days: int | None) -> int | None:
    """Return after how many days this row asks for a visit, None where its weeks are over."""
    if ga_days is None:
        return row.interval_days
    days = max(row.interval_days, row.from_days - ga_days)
    over = row.until_days is not None and ga_days + days >= row.until_days
    return None if over else days
