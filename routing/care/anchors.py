"""From where a row of ``rules/due.csv`` counts in one pregnancy, and whether it speaks of her."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from routing.care.moment import Moment, standing_labels
from routing.care.pregnancy import Standing
from routing.care.rows import ANY, CASE_FILE, COLOURED, GESTATION, MISSED, DueRow, EventKind
from routing.care.visits import FollowUp
from routing.triage.expression import Truth

__all__ = ["Anchor", "anchors_of"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where one item begins; ``at`` is None while nobody knows how far the pregnancy is.

    ``about`` names the record that it hangs on; ``applies`` tells whether the row speaks of her.
    """

    at: datetime | None
    about: str
    applies: Truth


def anchors_of(row: DueRow, moment: Moment, visits: Sequence[FollowUp]) -> Iterator[Anchor]:
    """Yield every place from which a row counts; only those that may concern her."""
    for anchor in _anchors(row, moment, visits):
        if anchor.applies is not False:
            yield anchor


def _anchors(row: DueRow, moment: Moment, visits: Sequence[FollowUp]) -> Iterator[Anchor]:
    if row.anchor == COLOURED:
        yield from _steps_into(row, moment.record.standings)
    elif row.anchor == GESTATION:
        yield Anchor(moment.begins, GESTATION, _applies(row, moment, moment.labels))
    elif row.anchor == MISSED:
        for visit in visits:
            if visit.missed:
                applies = _applies(row, moment, visit.labels)
                yield Anchor(visit.item.due, visit.item.about, applies)
        yield from _events(row, moment, EventKind.VISIT_MISSED)
    else:
        yield from _events(row, moment, EventKind(row.anchor))


def _events(row: DueRow, moment: Moment, kind: EventKind) -> Iterator[Anchor]:
    for event in moment.events([kind]):
        yield Anchor(event.at, event.ref, _applies(row, moment, moment.labels))


def _steps_into(row: DueRow, standings: Sequence[Standing]) -> Iterator[Anchor]:
    """Yield each time that her labels came into those of the row from outside."""
    inside = False
    for standing in standings:
        enters = bool(set(row.labels) & set(standing_labels(standing)))
        if enters and not inside:
            yield Anchor(standing.at, standing.ref, True)
        inside = enters


def _applies(row: DueRow, moment: Moment, labels: Sequence[str]) -> Truth:
    """Tell whether a row speaks of labels; whether she has a case file may still be open."""
    if ANY in row.labels or set(row.labels) & set(labels):
        return True
    if CASE_FILE not in row.labels:
        return False
    return True if EventKind.CASE_OPENED in moment.by_kind else moment.opening.opens
