"""Travel times from every origin to every destination; where there is none, the reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from geodata.errors import BrokenTimesError, UnknownSiteError

NO_TIME = -1
"""Stands in the arrays where there is no figure; :meth:`TravelTimes.between` gives None."""
NOT_IN_TABLE = "not_in_table"
SAME_SITE = "same_site"

IntArray = npt.NDArray[np.int32]


class PathFinder(Protocol):
    """Whoever can tell the counties between two sites on demand."""

    def path(self, origin: str, destination: str) -> tuple[str, ...]:
        """Return the counties passed, both ends included."""
        ...


@dataclass(frozen=True, slots=True)
class TravelTime:
    """The way from one origin to one destination.

    Seconds are None, all three, exactly where ``reason`` says why there is no time;
    ``distance_m`` may also be None where a table gives minutes only.
    """

    low_s: int | None
    expected_s: int | None
    high_s: int | None
    distance_m: int | None
    method: str
    path: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One pair as a file states it; seconds None with a reason, metres None if not stated."""

    origin: str
    destination: str
    low_s: int | None
    expected_s: int | None
    high_s: int | None
    distance_m: int | None
    method: str
    reason: str | None


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Seconds from every origin to every destination, shape (O, D).

    Parameters
    ----------
    origins, destinations : tuple[str, ...]
        Site ids, each without repetition; the order of rows and columns.
    low_s, expected_s, high_s : IntArray
        Integer seconds, shape (O, D), :data:`NO_TIME` where there is no time.
    distance_m : IntArray
        Metres, :data:`NO_TIME` where unknown.
    method, reason : IntArray
        Index into ``methods`` and ``reasons``, shape (O, D). ``reasons[0]`` is empty and
        means that there is a time.
    methods, reasons : tuple[str, ...]
        The names the indices stand for.
    finder : PathFinder | None
        Rebuilds the counties of a way when asked; None where no ways are known.

    Raises
    ------
    BrokenTimesError
        Shapes differ, a figure is no integer, an id repeats, a pair has neither time nor
        reason or both, or not low <= expected <= high.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    low_s: IntArray
    expected_s: IntArray
    high_s: IntArray
    distance_m: IntArray
    method: IntArray
    methods: tuple[str, ...]
    reason: IntArray
    reasons: tuple[str, ...]
    finder: PathFinder | None = None
    _rows: dict[str, int] = field(init=False, repr=False)
    _columns: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", {code: i for i, code in enumerate(self.origins)})
        object.__setattr__(self, "_columns", {code: i for i, code in enumerate(self.destinations)})
        _check(self)
        for array in _arrays(self):
            array.flags.writeable = False

    def row(self, origin: str) -> int:
        """Return the row of an origin, for use with the arrays."""
        try:
            return self._rows[origin]
        except KeyError:
            raise UnknownSiteError(origin, known=len(self._rows)) from None

    def column(self, destination: str) -> int:
        """Return the column of a destination, for use with the arrays."""
        try:
            return self._columns[destination]
        except KeyError:
            raise UnknownSiteError(destination, known=len(self._columns)) from None

    def between(self, origin: str, destination: str) -> TravelTime:
        """Return the way of one pair, with the counties it passes.

        Raises
        ------
        UnknownSiteError
            One of the two is not in this table.
        """
        at = self.row(origin), self.column(destination)
        method = self.methods[int(self.method[at])]
        if self.reason[at]:
            reason = self.reasons[int(self.reason[at])]
            return TravelTime(None, None, None, None, method, (), reason)
        path = self.finder.path(origin, destination) if self.finder else ()
        metres = int(self.distance_m[at])
        return TravelTime(
            int(self.low_s[at]),
            int(self.expected_s[at]),
            int(self.high_s[at]),
            None if metres == NO_TIME else metres,
            method,
            path,
            None,
        )

    @classmethod
    def from_table(
        cls,
        rows: Iterable[TimeRow],
        *,
        origins: Sequence[str] | None = None,
        destinations: Sequence[str] | None = None,
    ) -> "TravelTimes":
        """Build from stated pairs; a pair nobody stated has the reason ``not_in_table``.

        Parameters
        ----------
        rows : Iterable[TimeRow]
            One row per pair; a pair counts in the direction stated only.
        origins, destinations : Sequence[str] | None
            Ids of the table; None takes those of the rows in the order they appear. Rows
            about others are left out.

        Returns
        -------
        TravelTimes
            A site and itself are 0 seconds apart unless a row says otherwise.

        Raises
        ------
        BrokenTimesError
            A pair is stated twice, or with neither time nor reason.
        """
        rows = tuple(rows)
        _check_once(rows)
        row_ids = tuple(dict.fromkeys(r.origin for r in rows) if origins is None else origins)
        column_ids = tuple(
            dict.fromkeys(r.destination for r in rows) if destinations is None else destinations
        )
        methods = tuple(dict.fromkeys(["", SAME_SITE, *(r.method for r in rows)]))
        reasons = tuple(dict.fromkeys(["", NOT_IN_TABLE, *(r.reason or "" for r in rows)]))
        shape = (len(row_ids), len(column_ids))
        low, expected, high, metres = (np.full(shape, NO_TIME, np.int32) for _ in range(4))
        method, reason = np.zeros(shape, np.int32), np.ones(shape, np.int32)
        at_row = {code: i for i, code in enumerate(row_ids)}
        at_column = {code: i for i, code in enumerate(column_ids)}
        for code in at_row.keys() & at_column.keys():
            at = at_row[code], at_column[code]
            low[at] = expected[at] = high[at] = metres[at] = reason[at] = 0
            method[at] = methods.index(SAME_SITE)
        for r in rows:
            if r.origin not in at_row or r.destination not in at_column:
                continue
            at = at_row[r.origin], at_column[r.destination]
            low[at], expected[at], high[at], metres[at] = (
                NO_TIME if figure is None else figure
                for figure in (r.low_s, r.expected_s, r.high_s, r.distance_m)
            )
            method[at], reason[at] = methods.index(r.method), reasons.index(r.reason or "")
        return cls(
            row_ids, column_ids, low, expected, high, metres, method, methods, reason, reasons
        )


def _arrays(times: TravelTimes) -> tuple[IntArray, ...]:
    return (
        times.low_s,
        times.expected_s,
        times.high_s,
        times.distance_m,
        times.method,
        times.reason,
    )


def _check_once(rows: Sequence[TimeRow]) -> None:
    """Raise :class:`BrokenTimesError` where a pair is stated twice: one would be dropped."""
    count = Counter((row.origin, row.destination) for row in rows)
    twice = [pair for pair, times in count.items() if times > 1]
    if twice:
        raise BrokenTimesError("a pair is stated twice", pairs=twice)


def _check(times: TravelTimes) -> None:
    """Raise :class:`BrokenTimesError` unless every pair has a sane time or a reason."""
    shape = (len(times.origins), len(times.destinations))
    if any(array.shape != shape for array in _arrays(times)):
        raise BrokenTimesError(f"every array must have shape {shape}")
    if not all(np.issubdtype(array.dtype, np.integer) for array in _arrays(times)):
        raise BrokenTimesError("seconds, metres and indices are integers")
    if (len(times._rows), len(times._columns)) != shape:
        raise BrokenTimesError("an origin or a destination is given twice")
    if not times.reasons or times.reasons[0] != "" or "" in times.reasons[1:]:
        raise BrokenTimesError("reasons[0] must be the only empty one")
    for index, names in ((times.method, times.methods), (times.reason, times.reasons)):
        if index.size and not (int(index.min()) >= 0 and int(index.max()) < len(names)):
            raise BrokenTimesError("an index points at no method or reason")
    _check_pairs(times)


def _check_pairs(times: TravelTimes) -> None:
    """Raise unless each pair has either three ordered times or a reason."""
    has_reason = times.reason > 0
    seconds = np.stack([times.low_s, times.expected_s, times.high_s])
    empty = (seconds == NO_TIME).all(axis=0)
    ordered = (
        (times.low_s >= 0) & (times.low_s <= times.expected_s) & (times.expected_s <= times.high_s)
    )
    wrong = np.where(has_reason, ~empty, ~ordered) | (times.distance_m < NO_TIME)
    if wrong.any():
        raise BrokenTimesError(
            "a pair needs low <= expected <= high in seconds, or a reason and no time",
            pairs=[(times.origins[i], times.destinations[j]) for i, j in np.argwhere(wrong)[:5]],
        )
