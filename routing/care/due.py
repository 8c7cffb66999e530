"""One thing that is due: until when, since when it is warned of, what settled it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from routing.care.days import day_begins, day_of
from routing.care.rows import EventKind, Unit
from routing.triage.rows import RowInfo

__all__ = ["FROM_FACTS", "DueItem", "DueState", "instant"]

FOLLOW_UP = "follow_up"
VISITS = "R-FOLLOW-01"
FROM_FACTS = "facts"
"""Stands for the record that settled an item where a known fact did."""


class DueState(StrEnum):
    """Whether something is still to be done."""

    OPEN = "open"
    DONE = "done"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something that is due in one pregnancy; ``key`` names it as long as the file lives.

    ``due`` is the first instant at which it is late, ``day`` the last day on time where it is
    counted in days; both None while nobody knows how far the pregnancy is. ``ask`` are the facts
    that would tell whether it applies at all: until then it stands as if it did. ``about`` is the
    record that it hangs on. A void item hung on a pregnancy or a file that is over.
    """

    info: RowInfo
    kind: EventKind
    about: str
    due: datetime | None
    day: date | None
    warn_from: datetime | None
    state: DueState
    warned: bool
    overdue: bool
    done_by: str | None = None
    done_at: datetime | None = None
    void_at: datetime | None = None
    ask: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The row that asks for it."""
        return self.info.id

    @property
    def key(self) -> tuple[str, str]:
        """Row and record; two items of one pregnancy never share it.

        A visit is named by the rule, since its row changes with colour and week.
        """
        return VISITS if self.info.table == FOLLOW_UP else self.info.id, self.about

    @property
    def late(self) -> bool:
        """Whether it was done too late, or was overdue when it became void."""
        settled = self.done_at or self.void_at
        return settled is not None and self.due is not None and settled >= self.due


def instant(anchor: datetime, amount: int, unit: Unit) -> datetime:
    """Return the instant ``amount`` units after an anchor, as the unit counts."""
    match unit:
        case Unit.HOURS:
            return anchor + timedelta(hours=amount)
        case Unit.DAYS:
            return anchor + timedelta(days=amount)
        case Unit.DAY_BEGINS:
            return _days_after(anchor, amount)
        case Unit.DAY_ENDS:
            return _days_after(anchor, amount + 1)


@lru_cache(maxsize=4_096)
def _days_after(anchor: datetime, days: int) -> datetime:
    """Return the first instant of a later day; much counts from the same few days."""
    return day_begins(day_of(anchor) + timedelta(days=days))
