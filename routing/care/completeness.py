"""How well one case file is kept: the line of R-IND-09 that it gives."""

from collections.abc import Collection, Iterable
from datetime import datetime

from routing.care.calendar import due_items
from routing.care.closing import LAST_CHECK
from routing.care.due import DueItem, DueState
from routing.care.indicators import FileKept
from routing.care.pregnancy import Pregnancy
from routing.care.rows import CareRules, EventKind
from routing.triage.expression import Truth

__all__ = ["file_kept", "kept_by"]


def file_kept(care: CareRules, pregnancy: Pregnancy, *, now: datetime) -> FileKept:
    """Return what one file of an orange, red or purple woman has, as of ``now``.

    Returns
    -------
    FileKept
        Reported and seen in time: false once any was late or is overdue, true once nothing more can
        come, else still to be said. Closed: by the assessment at 42 days in time and the closing;
        to be said only of a file whose pregnancy came to a birth.
    """
    closed = pregnancy.until(now).first(EventKind.CLOSED_42D) is not None
    return kept_by(due_items(care, pregnancy, now=now), closed=closed)


def kept_by(items: Collection[DueItem], *, closed: bool) -> FileKept:
    """Return the same from the items, where somebody has worked them out already."""
    return FileKept(
        clinician_named=_named(items),
        reported_in_time=_in_time(item for item in items if item.kind is EventKind.REPORT),
        seen_in_time=_in_time(item for item in items if item.kind is EventKind.VISIT),
        closed_at_42_days=_closed([item for item in items if item.rule == LAST_CHECK], closed),
    )


def _named(items: Iterable[DueItem]) -> Truth:
    """Tell whether somebody is responsible now; of a file that was never opened nobody can say."""
    found = [item for item in items if item.kind is EventKind.CLINICIAN_NAMED]
    return all(item.state is DueState.DONE for item in found) if found else None


def _in_time(items: Iterable[DueItem]) -> Truth:
    found = tuple(items)
    if any(item.late or item.overdue for item in found):
        return False
    return None if any(item.state is DueState.OPEN for item in found) else True


def _closed(checks: list[DueItem], closed: bool) -> Truth:
    if not checks:
        return None
    if any(item.late or item.overdue for item in checks):
        return False
    return True if closed else None
