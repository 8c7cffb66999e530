"""Whether an early warning still stands: readings of a mother one after another (R-MEWC-10)."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from routing.triage.rows import ScoreRow
from routing.triage.scores import Mewc

__all__ = ["Reading", "read_warnings", "standing"]

Reading: TypeAlias = Mapping[str, bool]
"""By row of the score whether its threshold is crossed; what the facts leave open is absent."""


def read_warnings(rows: Sequence[ScoreRow], found: Mewc) -> Reading:
    """Return what one set of vital signs says of each row of the score."""
    reading = {}
    for row in rows:
        names = {*row.condition.names(), *(row.unless.names() if row.unless else ())}
        if row.info.id in found.rules:
            reading[row.info.id] = True
        elif not names & {*found.missing}:
            reading[row.info.id] = False
    return reading


def standing(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the rows by which a warning still stands after these readings, the last one last.

    A row stands where the last two readings that say anything of it cross its threshold: what was
    not measured takes nothing back. Two readings running that cross any threshold, the one and the
    other, stand as well, by the rows of the later one.
    """
    rows = dict.fromkeys(name for reading in readings for name in reading)
    said = {name: [one[name] for one in readings if name in one] for name in rows}
    found = [name for name, values in said.items() if values[-2:] == [True, True]]
    last = [[name for name, crossed in one.items() if crossed] for one in readings[-2:]]
    if len(last) > 1 and all(last):
        found += last[-1]
    return tuple(sorted(set(found)))
