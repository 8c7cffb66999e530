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


def anchors_of(row: DueRow, moment: Moment, visits: Sequence[FollowUp]) -> Sequence[Anchor]:
    """Return every place from which a row counts; only those that may concern her."""
    if row.anchor == COLOURED:
        return list(_steps_into(row, moment.record.standings))
    if row.anchor == MISSED:
        found = [
            Anchor(visit.item.due, visit.item.about, _applies(row, moment, visit.labels))
            for visit in visits
            if visit.missed
        ]
        found += _events(row, moment, EventKind.VISIT_MISSED)
        return [one for one in found if one.applies is not False]
    if row.anchor == GESTATION:
        applies = _applies(row, moment, moment.labels)
        return [] if applies is False else [Anchor(moment.begins, GESTATION, applies)]
    return _events(row, moment, EventKind(row.anchor))


def _events(row: DueRow, moment: Moment, kind: EventKind) -> list[Anchor]:
    events = moment.by_kind.get(kind, ())
    applies = _applies(row, moment, moment.labels) if events else False
    return [] if applies is False else [Anchor(one.at, one.ref, applies) for one in events]


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
