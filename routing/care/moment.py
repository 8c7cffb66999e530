"""One pregnancy at one instant: what is on record by then, and what follows from it at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from routing.care.days import day_begins
from routing.care.opening import Opening, reasons_to_open
from routing.care.pregnancy import Event, Pregnancy, Standing
from routing.care.rows import CareRules, EventKind, Until, labels_of
from routing.triage.completion import complete
from routing.triage.expression import Known

__all__ = ["BIRTH", "FILE_ENDS", "Moment", "moment_of", "standing_labels"]

BIRTH = (EventKind.DELIVERED, EventKind.PREGNANCY_LOST, EventKind.TERMINATED)
FILE_ENDS = (
    EventKind.CLOSED_42D,
    EventKind.PREGNANCY_LOST,
    EventKind.TERMINATED,
    EventKind.MATERNAL_DEATH,
    EventKind.MOVED_AWAY,
)
"""Losing sight of her is not among them: what is due stays due until she is found."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The record up to ``now`` in order of time, with facts filled in and reasons for a file.

    ``labels`` stand now. ``begins`` is the first instant of 0+0 weeks, None while nobody knows.
    ``over`` tells when what holds until birth or the end of the file became void.
    """

    care: CareRules
    record: Pregnancy
    known: Known
    opening: Opening
    now: datetime
    labels: tuple[str, ...]
    begins: datetime | None
    over: Mapping[Until, datetime | None]
    by_kind: Mapping[EventKind, Sequence[Event]]

    def labels_before(self, at: datetime) -> tuple[str, ...]:
        """Return the labels that stood just before an instant."""
        before = [standing for standing in self.record.standings if standing.at < at]
        return standing_labels(before[-1] if before else None)

    def events(self, kinds: Iterable[EventKind]) -> list[Event]:
        """Return the events of some kinds in order of time; at one instant, of the kinds."""
        found = [event for kind in kinds for event in self.by_kind.get(kind, ())]
        return sorted(found, key=lambda event: event.at)


def standing_labels(standing: Standing | None) -> tuple[str, ...]:
    """Return the labels of a standing; nobody has assessed her while there is none."""
    if standing is None:
        return labels_of(None, purple=False)
    return labels_of(standing.colour, purple=standing.purple)


def moment_of(care: CareRules, pregnancy: Pregnancy, now: datetime) -> Moment:
    """Return the pregnancy at ``now``; what lies later does not count.

    Raises
    ------
    ValueError
        ``now`` has no offset.
    """
    if now.tzinfo is None:
        raise ValueError("now needs an offset; give an aware datetime")
    record = pregnancy.until(now)
    standing = record.standings[-1] if record.standings else None
    return Moment(
        care=care,
        record=record,
        known=complete(care.rules, record.facts, patient="maternal").known,
        opening=reasons_to_open(
            care,
            standing.colour if standing else None,
            record.facts,
            purple=standing is not None and standing.purple,
        ),
        now=now,
        labels=standing_labels(standing),
        begins=None if record.day_zero is None else day_begins(record.day_zero),
        over={
            Until.BIRTH: _when(record.first(*BIRTH, *FILE_ENDS)),
            Until.END: _when(record.first(*FILE_ENDS)),
            Until.NEVER: None,
        },
        by_kind=_by_kind(record.events),
    )


def _when(event: Event | None) -> datetime | None:
    return None if event is None else event.at


def _by_kind(events: Iterable[Event]) -> Mapping[EventKind, Sequence[Event]]:
    found: dict[EventKind, list[Event]] = {}
    for event in events:
        found.setdefault(event.kind, []).append(event)
    return found
