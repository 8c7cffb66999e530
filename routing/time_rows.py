"""Tables of times by row: one taken out, many put together, one as an answer shows it."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from geodata.travel_time import IntArray, TravelTimes
from routing.answer import Minutes

__all__ = ["Journey", "journeys_of", "one_row", "stacked"]


class Journey(NamedTuple):
    """The way to one facility; without a time its figures mean nothing."""

    minutes: Minutes
    km: float
    method: str


def journeys_of(times: TravelTimes, metres: IntArray) -> tuple[Journey, ...]:
    """Return the ways of the one origin of a table; ``metres`` has shape (D,)."""
    return tuple(
        Journey(
            Minutes(low // 60, round(expected / 60), -(-high // 60)),
            round(length / 1000, 1),
            times.methods[method],
        )
        for low, expected, high, length, method in zip(
            times.low_s[0].tolist(),
            times.expected_s[0].tolist(),
            times.high_s[0].tolist(),
            metres.tolist(),
            times.method[0].tolist(),
            strict=True,
        )
    )


def one_row(times: TravelTimes, row: int) -> TravelTimes:
    """Return one origin of a table as a table of its own."""
    at = slice(row, row + 1)

    def of(array: IntArray) -> IntArray:
        return array[at].copy()

    return replace(
        times,
        origins=times.origins[at],
        low_s=of(times.low_s),
        expected_s=of(times.expected_s),
        high_s=of(times.high_s),
        distance_m=of(times.distance_m),
        method=of(times.method),
        reason=of(times.reason),
    )


def stacked(rows: list[TravelTimes], destinations: tuple[str, ...]) -> TravelTimes:
    """Return tables of one origin each, with the same destinations, as one table."""
    methods = tuple(dict.fromkeys(name for row in rows for name in row.methods)) or ("",)
    reasons = tuple(dict.fromkeys(["", *(name for row in rows for name in row.reasons)]))
    shape = (len(rows), len(destinations))

    def of(name: str) -> IntArray:
        parts = [getattr(row, name) for row in rows]
        return np.concatenate(parts).astype(np.int32) if parts else np.zeros(shape, np.int32)

    def renamed(name: str, names: tuple[str, ...], before: str) -> IntArray:
        index = np.zeros(shape, np.int32)
        for i, row in enumerate(rows):
            new = np.array([names.index(old) for old in getattr(row, before)], np.int32)
            index[i] = new[getattr(row, name)[0]]
        return index

    return TravelTimes(
        tuple(row.origins[0] for row in rows),
        destinations,
        low_s=of("low_s"),
        expected_s=of("expected_s"),
        high_s=of("high_s"),
        distance_m=of("distance_m"),
        method=renamed("method", methods, "methods"),
        methods=methods,
        reason=renamed("reason", reasons, "reasons"),
        reasons=reasons,
    )
