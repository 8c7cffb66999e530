"""What has changed of the roads between two moments, pair by pair; a pure comparison."""

from collections.abc import Iterable, Mapping

from app.roads.states import RoadChange, RoadState

__all__ = ["Pair", "changes"]

Pair = tuple[str, str]
"""The two ends of a road, the lower code first."""
Row = Mapping[str, object]


def changes(before: Iterable[Row], after: Iterable[Row]) -> Mapping[Pair, RoadChange]:
    """Return what became of each road that is not as it was: closed, slowed, or open again.

    Rows are those of an answer (``Roads.said``). A road that is slowed by other minutes than before
    is slowed; of several lines on one road the gravest counts.
    """
    then, now = _by_pair(before), _by_pair(after)
    return {pair: _said(now.get(pair)) for pair in then | now if then.get(pair) != now.get(pair)}


def _by_pair(rows: Iterable[Row]) -> dict[Pair, tuple[bool, int]]:
    """Return whether each road is closed, and otherwise how many minutes longer it takes."""
    found: dict[Pair, tuple[bool, int]] = {}
    for row in rows:
        one, other = sorted((str(row["one"]), str(row["other"])))
        longer = row.get("longer_min")
        closed = row["state"] == RoadState.CLOSED
        stands = (closed, longer if isinstance(longer, int) and not closed else 0)
        found[one, other] = max(found.get((one, other), stands), stands)
    return found


def _said(now: tuple[bool, int] | None) -> RoadChange:
    if now is None:
        return RoadChange.OPENED
    return RoadChange.CLOSED if now[0] else RoadChange.SLOWED
