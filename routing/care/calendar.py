"""All that is due in one pregnancy, worked out from what is on record (decision 0019).

Each item comes from a row of ``rules/due.csv``, visits from ``rules/follow_up.csv``. Nothing is
stored here: the same record and the same ``now`` give the same items, and an earlier ``now`` gives
what was due then.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from routing.care.anchors import Anchor, anchors_of
from routing.care.days import day_of
from routing.care.due import FROM_FACTS, DueItem, DueState, instant
from routing.care.knowing import open_names, truth_of
from routing.care.moment import Moment, moment_of
from routing.care.pregnancy import Event, Pregnancy
from routing.care.rows import CASE_FILE, CareRules, DueRow, Unit
from routing.care.visits import visits_of

__all__ = ["DATING", "due_items"]

DATING = "gestational_age_weeks"
"""Asked for where nobody knows how far the pregnancy is."""


def due_items(care: CareRules, pregnancy: Pregnancy, *, now: datetime) -> tuple[DueItem, ...]:
    """Return everything that is due, was done or became void in one pregnancy.

    Parameters
    ----------
    care
        The rules in force.
    pregnancy
        The record; what lies after ``now`` does not count.
    now
        An instant with offset. Days are days in China, whatever the offset.

    Returns
    -------
    tuple of DueItem
        What nobody can date first, then the earliest due. What only an unknown fact keeps from
        being certain stands among them, with what to ask.

    Raises
    ------
    ValueError
        ``now`` has no offset.
    """
    moment = moment_of(care, pregnancy, now)
    visits = visits_of(moment)
    items = [visit.item for visit in visits]
    for row in care.due:
        anchors = anchors_of(row, moment, visits)
        when = truth_of(row.when, moment.known) if anchors else False
        if when is not False:
            for anchor in anchors:
                certain = when is True and anchor.applies is True
                items.append(_item(row, moment, anchor, certain=certain))
    return tuple(sorted(items, key=_order))


def _order(item: DueItem) -> tuple[bool, float, str, str]:
    due = item.due
    return due is not None, due.timestamp() if due else 0.0, item.rule, item.about


def _item(row: DueRow, moment: Moment, anchor: Anchor, *, certain: bool) -> DueItem:
    done, undone = _settled(row, moment, anchor)
    by_facts = done is None and _seen_in_facts(row, moment)
    if done is not None or by_facts:
        state = DueState.DONE
    else:
        state = DueState.OPEN if moment.over[row.until] is None else DueState.VOID
    is_open = state is DueState.OPEN
    due, warn_from = _times(row, anchor, undone)
    return DueItem(
        info=row.info,
        kind=row.done_by[0],
        about=anchor.about,
        due=due,
        day=_last_day(row, due),
        warn_from=warn_from,
        state=state,
        warned=is_open and (warn_from is None or moment.now >= warn_from),
        overdue=is_open and due is not None and moment.now >= due,
        done_by=FROM_FACTS if by_facts else done.ref if done else None,
        done_at=done.at if done else None,
        void_at=moment.over[row.until] if state is DueState.VOID else None,
        ask=_ask(row, moment, anchor, certain=certain),
    )


def _seen_in_facts(row: DueRow, moment: Moment) -> bool:
    settled = row.settled_when
    return settled is not None and truth_of(settled, moment.known) is True


def _settled(row: DueRow, moment: Moment, anchor: Anchor) -> tuple[Event | None, Event | None]:
    """Return what settled an item, and what took it back last.

    Nothing settles what counts from a week only, while nobody knows the week. What was taken back
    and done again at one instant was handed over, and is done.
    """
    events = moment.events((*row.undone_by, *row.done_by))
    if not events:
        return None, None
    over = moment.over[row.until]
    counts = None if row.counts_from is None else _from(row, anchor, row.counts_from)
    if row.counts_from is not None and counts is None:
        return None, None
    fitting = [
        event
        for event in events
        if (counts is None or event.at >= counts)
        and (over is None or event.at < over)
        and event.about in (None, anchor.about)
    ]
    undone = next((e for e in reversed(fitting) if e.kind in row.undone_by), None)
    later = fitting if undone is None else fitting[fitting.index(undone) + 1 :]
    return next(iter(later), None), undone


def _from(row: DueRow, anchor: Anchor, amount: int) -> datetime | None:
    """Return the instant from which something counts or is warned of, never before the anchor."""
    if anchor.at is None:
        return None
    unit = Unit.DAY_BEGINS if row.unit is Unit.DAY_ENDS else row.unit
    return max(anchor.at, instant(anchor.at, amount, unit))


def _times(
    row: DueRow, anchor: Anchor, undone: Event | None
) -> tuple[datetime | None, datetime | None]:
    """Return when an item is late and from when it is warned of; taken back, it is due anew."""
    opens = _from(row, anchor, row.opens)
    if anchor.at is None or opens is None:
        return None, None
    due = instant(anchor.at, row.due, row.unit)
    if undone is not None:
        due = max(due, undone.at)
    if not row.warn_share:
        return due, opens
    return due, opens + row.warn_share * max(timedelta(), due - opens)


def _last_day(row: DueRow, due: datetime | None) -> date | None:
    """Return the last day on time of what is counted in days of the calendar."""
    if due is None or row.unit not in (Unit.DAY_BEGINS, Unit.DAY_ENDS):
        return None
    return day_of(due - timedelta(microseconds=1))


def _ask(row: DueRow, moment: Moment, anchor: Anchor, *, certain: bool) -> tuple[str, ...]:
    """Return what would tell whether it applies, and when."""
    names: Sequence[str] = () if certain else open_names(row.when, moment.known)
    if not certain and CASE_FILE in row.labels:
        names = (*names, *moment.opening.ask)
    if anchor.at is None:
        names = (*names, DATING)
    return tuple(dict.fromkeys(names))
