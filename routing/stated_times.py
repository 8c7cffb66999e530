"""Times stated in a table in place of the estimate: whose row counts, what a closure changes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geodata.conditions import Conditions
from geodata.estimate import NO_OPEN_ROAD, RoadEstimate
from geodata.site import Site
from geodata.travel_time import NO_TIME, IntArray, TimeRow, TravelTimes

__all__ = ["aligned", "with_closures"]


def aligned(table: TravelTimes, site: Site, facility_ids: Sequence[str]) -> TravelTimes:
    """Return the times of one site to the facilities, shape (1, F).

    The row of the site itself counts, else that of its county. A pair the table does not hold
    has the reason ``not_in_table``; a facility is 0 seconds from itself.
    """
    origin = site.site_id if site.site_id in table.origins else site.county
    rows = []
    if origin in table.origins:
        for facility_id in facility_ids:
            if facility_id in table.destinations:
                rows.append(_row(table, origin, facility_id, site.site_id))
    return TravelTimes.from_table(rows, origins=[site.site_id], destinations=facility_ids)


def _row(table: TravelTimes, origin: str, facility_id: str, name: str) -> TimeRow:
    found = table.between(origin, facility_id)
    return TimeRow(
        name,
        facility_id,
        found.low_s,
        found.expected_s,
        found.high_s,
        found.distance_m,
        found.method,
        found.reason,
    )


def with_closures(
    stated: TravelTimes,
    estimate: RoadEstimate,
    site: Site,
    destinations: Sequence[Site],
    conditions: Conditions,
) -> TravelTimes:
    """Add to stated times what closed and slowed roads of a request lengthen the way by.

    A table was made with open roads. The estimate says how much longer the way round is, and
    where there is none the pair has the reason ``no_open_road``: a closed road is never driven.
    """
    if not conditions.touched:
        return stated
    usual = estimate.travel_times(
        [site], destinations, replace(conditions, closed=frozenset(), slowed=frozenset())
    )
    now = estimate.travel_times([site], destinations, conditions)
    cut = (now.expected_s == NO_TIME) & (usual.expected_s != NO_TIME) & (stated.reason == 0)
    reasons = tuple(dict.fromkeys([*stated.reasons, NO_OPEN_ROAD]))

    def longer(name: str) -> IntArray:
        before, figure = getattr(usual, name), getattr(stated, name)
        more = np.maximum(0, getattr(now, name) - before)
        added = np.where((stated.reason == 0) & (before != NO_TIME), figure + more, figure)
        return np.where(cut, NO_TIME, added).astype(np.int32)

    low, expected, high = longer("low_s"), longer("expected_s"), longer("high_s")
    return replace(
        stated,
        low_s=np.minimum(low, expected),
        expected_s=expected,
        high_s=np.maximum(high, expected),
        distance_m=np.where(cut, NO_TIME, stated.distance_m).astype(np.int32),
        reason=np.where(cut, reasons.index(NO_OPEN_ROAD), stated.reason).astype(np.int32),
        reasons=reasons,
    )
