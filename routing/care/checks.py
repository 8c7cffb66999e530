"""Whether the rows of care fit together: no gap and no overlap of weeks, every end once."""

from collections.abc import Iterable, Sequence

from geodata.check import Fault
from routing.care.rows import END_KINDS, EndRow, FollowUpRow

__all__ = ["table_faults"]


def table_faults(*, follow_up: Sequence[FollowUpRow], ends: Sequence[EndRow]) -> list[Fault]:
    """List what is wrong with tables as a whole; each row by itself is right already."""
    return [*_week_faults(follow_up), *_end_faults(ends)]


def _week_faults(rows: Sequence[FollowUpRow]) -> Iterable[Fault]:
    """List labels whose weeks do not follow each other from the first to no end."""
    for label in dict.fromkeys(row.label for row in rows):
        of_label = sorted((row for row in rows if row.label == label), key=lambda r: r.from_days)
        edges = [0, *(edge for row in of_label for edge in (row.from_days, row.until_days))]
        fits = all(a == b for a, b in zip(edges[::2], edges[1::2], strict=False))
        if not fits or edges[-1] is not None:
            yield Fault("follow_up.csv", None, "label", label, "gap", "all weeks, each once")


def _end_faults(rows: Sequence[EndRow]) -> Iterable[Fault]:
    found = [row.end for row in rows]
    for end in END_KINDS:
        if found.count(end) != 1:
            yield Fault("ends.csv", None, "end", end.value, "disagrees", "each end once")
