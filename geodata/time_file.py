"""``times.csv``: travel times that somebody measured or computed elsewhere."""

import math

from geodata.errors import RefusedInputError
from geodata.table import CellReader, Row, Table
from geodata.travel_time import TimeRow

REQUIRED = ("origin_id", "facility_id", "minutes")
OPTIONAL = ("low", "high", "km", "method", "reason")
METHODS = ("estimate", "osm", "measured")
DEFAULT_METHOD = "estimate"
"""Where a file does not say how it knows, it knows no better than an estimate (assumed)."""
LOW_FACTOR = 0.8
HIGH_FACTOR = 1.4
"""Band of stated minutes whose own band is not stated; assumed, as in speed_assumptions.csv."""
MAX_MINUTES = 10_080.0
"""A week: more is a unit mistaken (seconds for minutes)."""


def parse_times(table: Table) -> tuple[TimeRow, ...]:
    """Read the pairs of a table of times.

    Parameters
    ----------
    table : Table
        Columns of :data:`REQUIRED`, any of :data:`OPTIONAL`; ``minutes`` empty needs a
        ``reason``.

    Returns
    -------
    tuple[TimeRow, ...]
        Integer seconds; low rounded down, high rounded up.

    Raises
    ------
    RefusedInputError
        Lists every fault: neither minutes nor reason, both, negative, low above expected,
        expected above high, a pair given twice.
    """
    faults = table.column_faults(required=REQUIRED, optional=OPTIONAL)
    rows: list[TimeRow] = []
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        before = len(faults)
        _check_pair(cells, row, seen)
        time_row = _time_row(cells)
        if len(faults) == before:
            rows.append(time_row)
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(rows)


def _check_pair(cells: CellReader, row: Row, seen: dict[tuple[str, str], int]) -> None:
    """Refuse a pair without two ends or stated twice."""
    pair = (cells.text("origin_id", required=True), cells.text("facility_id", required=True))
    if pair[0] is None or pair[1] is None:
        return
    key = (pair[0], pair[1])
    if key in seen:
        cells.fault("facility_id", "duplicate_pair", f"once; first on line {seen[key]}")
    seen.setdefault(key, row.line)


def _time_row(cells: CellReader) -> TimeRow:
    """Read one row; meaningless where a fault was noted."""
    minutes = cells.number("minutes", low=0, high=MAX_MINUTES)
    low = cells.number("low", low=0, high=MAX_MINUTES)
    high = cells.number("high", low=0, high=MAX_MINUTES)
    km = cells.number("km", low=0, high=5_000)
    method = cells.choice("method", METHODS) or DEFAULT_METHOD
    reason = cells.text("reason", limit=100)
    stated = bool(cells.row["minutes"])
    if stated and reason:
        cells.fault("reason", "time_and_reason", "empty where minutes are given")
    if not stated and not reason:
        cells.fault("minutes", "missing", "minutes, or a reason")
    if not stated and (cells.row["low"] or cells.row["high"]):
        cells.fault("low", "band_without_minutes", "empty where minutes are empty")
    origin, facility = cells.row["origin_id"], cells.row["facility_id"]
    if minutes is None:
        return TimeRow(origin, facility, None, None, None, None, method, reason or "")
    if low is not None and low > minutes:
        cells.fault("low", "low_above_expected", f"<= {minutes:g}")
    if high is not None and high < minutes:
        cells.fault("high", "high_below_expected", f">= {minutes:g}")
    low = minutes * LOW_FACTOR if low is None else low
    high = minutes * HIGH_FACTOR if high is None else high
    expected_s = round(minutes * 60)
    return TimeRow(
        origin,
        facility,
        min(expected_s, math.floor(low * 60)),
        expected_s,
        max(expected_s, math.ceil(high * 60)),
        None if km is None else round(km * 1000),
        method,
        None,
    )
