"""The follow-up visits of one pregnancy, each asked for by the last time she was seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from routing.care.days import day_begins, day_of
from routing.care.due import DueItem, DueState
from routing.care.follow_up import next_of
from routing.care.moment import Moment
from routing.care.pregnancy import Event
from routing.care.rows import EventKind, Until

__all__ = ["SEEN", "FollowUp", "visits_of"]

SEEN = (
    EventKind.REGISTERED,
    EventKind.VISIT,
    EventKind.ASSESSMENT,
    EventKind.ASSESSMENT_INCOMPLETE,
)
"""Somebody has seen her: the interval to the next visit runs from here."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One visit that was or is due, and the labels that asked for it."""

    item: DueItem
    labels: tuple[str, ...]
    missed: bool


def visits_of(moment: Moment) -> tuple[FollowUp, ...]:
    """Return every follow-up visit that her labels asked for, in order of time (R-FOLLOW-01).

    The interval is that of the labels which stood until she was seen again, or stand now. After the
    birth nothing new is asked for.
    """
    over = moment.over[Until.BIRTH]
    seen = [event for event in moment.events(SEEN) if over is None or event.at < over]
    return tuple(_each(moment, seen, over))


def _each(moment: Moment, seen: Sequence[Event], over: datetime | None) -> Iterator[FollowUp]:
    for place, event in enumerate(seen):
        following = seen[place + 1] if place + 1 < len(seen) else None
        ends = following.at if following else over
        labels = moment.labels if ends is None else moment.labels_before(ends)
        found = _item(moment, event, labels)
        if found is not None:
            yield _ended(found, labels, following, over)


def _item(moment: Moment, seen: Event, labels: tuple[str, ...]) -> DueItem | None:
    day = day_of(seen.at)
    visit = next_of(moment.care, labels, ga_days=moment.record.days_on(day), last_visit=day)
    if visit is None:
        return None
    due = day_begins(visit.day + timedelta(days=1))
    warn_from = day_begins(visit.day)
    return DueItem(
        info=visit.row.info,
        kind=EventKind.VISIT,
        about=seen.ref,
        due=due,
        day=visit.day,
        warn_from=warn_from,
        state=DueState.OPEN,
        warned=moment.now >= warn_from,
        overdue=moment.now >= due,
    )


def _ended(
    item: DueItem, labels: tuple[str, ...], following: Event | None, over: datetime | None
) -> FollowUp:
    """Return the visit as it stands: done by the next time she was seen, void, or open."""
    if following is not None:
        done = replace(
            item,
            state=DueState.DONE,
            warned=False,
            overdue=False,
            done_by=following.ref,
            done_at=following.at,
        )
        return FollowUp(done, labels, missed=done.late)
    if over is not None:
        void = replace(item, state=DueState.VOID, warned=False, overdue=False, void_at=over)
        return FollowUp(void, labels, missed=void.late)
    return FollowUp(item, labels, missed=item.overdue)
