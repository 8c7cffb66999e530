"""The part of a trip inside a county: from where somebody is to the road point and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geodata.assumptions import Assumptions
from geodata.conditions import Conditions
from geodata.distance import crow_m, crow_many_m, disc_radius_m
from geodata.divisions import Divisions
from geodata.site import Site, SiteKind
from geodata.travel_time import NO_TIME, IntArray, TravelTimes

FloatArray = npt.NDArray[np.float64]
Leg = tuple[int, int, int, int]
"""Low, expected, high seconds and metres."""
NO_LEG: Leg = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Legs:
    """One leg per site: ``node`` in the county times, ``figures`` of shape (4, n).

    ``spread`` marks sites that are somewhere in their county, ``stated`` those with stated
    minutes; both have no exact point for a trip inside the county.
    """

    node: IntArray
    figures: IntArray
    lon: FloatArray
    lat: FloatArray
    spread: npt.NDArray[np.bool_]
    stated: npt.NDArray[np.bool_]


class LegMaker:
    """Gives the legs of sites by the stated assumptions.

    ``points`` holds the road point of every county, and of every hub the hub itself.
    """

    def __init__(
        self,
        divisions: Divisions,
        points: Mapping[str, tuple[float, float]],
        assumptions: Assumptions,
    ) -> None:
        self._divisions = divisions
        self._points = points
        self._assumptions = assumptions

    def legs(self, sites: Sequence[Site], nodes: Sequence[int], conditions: Conditions) -> Legs:
        """Return the legs of all sites, in their order; ``nodes`` are theirs in county times."""
        figures = [self.leg(site, conditions) for site in sites]
        points = [self._point(site) for site in sites]
        return Legs(
            np.array(nodes, np.int32),
            np.array(figures, np.int32).reshape(len(sites), 4).T,
            np.array([point[0] for point in points], np.float64),
            np.array([point[1] for point in points], np.float64),
            np.array([site.kind is SiteKind.COUNTY for site in sites], np.bool_),
            np.array([site.minutes_to_seat is not None for site in sites], np.bool_),
        )

    def access(self, metres: float, conditions: Conditions) -> Leg:
        """Return the leg for a straight line off the network."""
        road = metres * self._assumptions.of("access").straight_line_factor
        return self._banded("access", road, conditions)

    def access_many(self, metres: FloatArray, conditions: Conditions) -> IntArray:
        """Return the legs for many straight lines, shape (4, n)."""
        kind = self._assumptions.of("access")
        road = metres * kind.straight_line_factor
        slower = kind.slower(night=conditions.night, rain=conditions.rain)
        seconds = np.rint(road * 3.6 / kind.kph * slower)
        parts = [np.rint(seconds * kind.low), seconds, np.rint(seconds * kind.high), np.rint(road)]
        return np.stack(parts).astype(np.int32)

    def leg(self, site: Site, conditions: Conditions) -> Leg:
        """Return the leg of one site; a hub is its own road point."""
        if site.kind is SiteKind.HUB:
            return NO_LEG
        if site.kind is SiteKind.COUNTY:
            share = self._assumptions.number("inside_county_share")
            radius = disc_radius_m(self._divisions.get(site.county).area_km2)
            factor = self._assumptions.of("inside_county").straight_line_factor
            return self._banded("inside_county", radius * share * factor, conditions)
        if site.minutes_to_seat is not None:
            return self._stated(site.county, site.minutes_to_seat, conditions)
        return self.access(crow_m(*self._point(site), *self._points[site.county]), conditions)

    def _stated(self, county: str, minutes: float, conditions: Conditions) -> Leg:
        """Return stated minutes to the seat, and on to the road point where that is elsewhere."""
        kph = self._assumptions.of("stated_minutes").kph
        to_seat = self._banded("stated_minutes", minutes / 60 * kph * 1000, conditions)
        onward = crow_m(*self._seat(county), *self._points[county])
        onward_leg = self.access(onward, conditions)
        low, expected, high, metres = (a + b for a, b in zip(to_seat, onward_leg, strict=True))
        return low, expected, high, metres

    def _seat(self, county: str) -> tuple[float, float]:
        """Return the seat of a county; a city outside is its own."""
        if county not in self._divisions:
            return self._points[county]
        seat = self._divisions.get(county)
        return seat.seat_lon, seat.seat_lat

    def _banded(self, name: str, road_m: float, conditions: Conditions) -> Leg:
        """Return the leg of a road length by the band of a class."""
        kind = self._assumptions.of(name)
        seconds = kind.seconds(road_m) * kind.slower(night=conditions.night, rain=conditions.rain)
        parts = (kind.low, kind.expected, kind.high)
        low, expected, high = (round(seconds * part) for part in parts)
        return low, expected, high, round(road_m * kind.expected)

    def _point(self, site: Site) -> tuple[float, float]:
        """Return where a site is; its county's road point where nothing better is known."""
        if site.lon is not None and site.lat is not None:
            return site.lon, site.lat
        return (0.0, 0.0) if site.kind is SiteKind.HUB else self._points[site.county]


def local_figures(
    origins: Legs, destinations: Legs, at: tuple[IntArray, IntArray], direct: IntArray
) -> IntArray:
    """Return figures of trips that stay inside one county, before the least local time.

    Parameters
    ----------
    origins, destinations : Legs
        The legs of both ends.
    at : tuple[IntArray, IntArray]
        Index of origin and of destination of each of n trips.
    direct : IntArray
        Figures of the straight way between the points, shape (4, n).

    Returns
    -------
    IntArray
        Shape (4, n): the longer leg where one end is anywhere in the county, both legs
        through the seat where minutes to the seat are stated, else the straight way.
    """
    rows, columns = at
    out, back = origins.figures[:, rows], destinations.figures[:, columns]
    spread = origins.spread[rows] | destinations.spread[columns]
    stated = origins.stated[rows] | destinations.stated[columns]
    chosen: IntArray = np.where(spread, np.maximum(out, back), np.where(stated, out + back, direct))
    return chosen


def straight_m(origins: Legs, destinations: Legs, at: tuple[IntArray, IntArray]) -> FloatArray:
    """Return the straight lines between the points of n trips."""
    rows, columns = at
    return crow_many_m(
        origins.lon[rows], origins.lat[rows], destinations.lon[columns], destinations.lat[columns]
    )


def with_leg(times: TravelTimes, leg: Leg) -> TravelTimes:
    """Return the times with a leg added to every way that there is.

    For somebody who lives off the place whose stated times are taken for hers: a village that
    goes by the row of its county in ``times.csv``. A pair without a time stays without one, a
    site stays at nothing from itself, and unknown metres stay unknown.
    """
    same = np.array(times.origins)[:, None] == np.array(times.destinations)[None, :]
    driven = (times.reason == 0) & ~same

    def longer(figure: IntArray, more: int) -> IntArray:
        added: IntArray = np.where(driven & (figure != NO_TIME), figure + more, figure)
        return added.astype(np.int32)

    low, expected, high, metres = leg
    return replace(
        times,
        low_s=longer(times.low_s, low),
        expected_s=longer(times.expected_s, expected),
        high_s=longer(times.high_s, high),
        distance_m=longer(times.distance_m, metres),
    )
