"""Times between sites and facilities, computed once and kept per site and conditions.

They depend on where things are and on the roads, on nothing that a hospital reports: networks of
one installation whose facilities stand at the same places share them.
"""

from functools import lru_cache

import numpy as np

from geodata.conditions import Conditions
from geodata.estimate import RoadEstimate
from geodata.legs import with_leg
from geodata.road_tables import NeighbourHub
from geodata.site import Site, SiteKind
from geodata.travel_time import NO_TIME, NOT_IN_TABLE, TravelTimes
from routing.centres import Floats
from routing.stated_times import aligned, with_closures
from routing.time_rows import Journey, journeys_of, one_row, stacked

__all__ = ["NetworkTimes"]

_CACHED_ORIGINS = 4096
_CACHED_JOURNEYS = 512
_CACHED_CONDITIONS = 64


class NetworkTimes:
    """How long from any site to F facilities; what each method returns is said by the network.

    Parameters
    ----------
    sites : tuple[Site, ...]
        Where the facilities stand: the columns of every table of times.
    table : TravelTimes | None
        Stated times in place of the estimate; a pair that is not in it is never filled from it.
    """

    def __init__(
        self, sites: tuple[Site, ...], estimate: RoadEstimate, table: TravelTimes | None
    ) -> None:
        self.sites = sites
        self.estimate = estimate
        self.table = table
        self.ids = tuple(site.site_id for site in sites)
        self.row_of = {facility_id: i for i, facility_id in enumerate(self.ids)}
        self.from_site = lru_cache(maxsize=_CACHED_ORIGINS)(self._compute_from)
        self.journeys = lru_cache(maxsize=_CACHED_JOURNEYS)(self._compute_journeys)
        self.between = lru_cache(maxsize=_CACHED_CONDITIONS)(self._compute_between)
        self.between_min = lru_cache(maxsize=_CACHED_CONDITIONS)(self._compute_between_min)
        self.to_hubs = lru_cache(maxsize=_CACHED_ORIGINS)(self._compute_hubs)

    def _compute_from(self, site: Site, conditions: Conditions) -> TravelTimes:
        if self.table is not None:
            stated = aligned(self.table, site, self.ids)
            if site.site_id not in self.table.origins:
                # she goes by the row of her county, which speaks of its seat
                stated = with_leg(stated, self.estimate.leg_to_seat(site, conditions))
            return with_closures(stated, self.estimate, site, self.sites, conditions)
        row = self.row_of.get(site.site_id)
        if site.kind is SiteKind.FACILITY and row is not None and self.sites[row] == site:
            return one_row(self.between(conditions), row)
        return self.estimate.travel_times([site], self.sites, conditions)

    def _compute_journeys(self, site: Site, conditions: Conditions) -> tuple[Journey, ...]:
        times = self.from_site(site, conditions)
        metres = times.distance_m[0]
        if ((metres == NO_TIME) & (times.reason[0] == 0)).any():
            roads = self.estimate.travel_times([site], self.sites, conditions).distance_m[0]
            metres = np.where(metres == NO_TIME, np.maximum(0, roads), metres)
        return journeys_of(times, metres)

    def _compute_between(self, conditions: Conditions) -> TravelTimes:
        if self.table is None:
            return self.estimate.travel_times(self.sites, self.sites, conditions)
        return stacked([self.from_site(site, conditions) for site in self.sites], self.ids)

    def _compute_between_min(self, conditions: Conditions) -> Floats:
        times = self.between(conditions)
        minutes = np.where(times.reason == 0, times.expected_s / 60, np.inf)
        if NOT_IN_TABLE in times.reasons:
            absent = times.reason == times.reasons.index(NOT_IN_TABLE)
            minutes = np.where(absent, minutes.T, minutes)
        minutes.flags.writeable = False
        return minutes

    def _compute_hubs(
        self, site: Site, conditions: Conditions
    ) -> tuple[tuple[NeighbourHub, int], ...]:
        hubs = self.estimate.hubs
        if not hubs:
            return ()
        times = self.estimate.travel_times([site], [hub.site() for hub in hubs], conditions)
        reached = [
            (hub, int(seconds))
            for hub, seconds in zip(hubs, times.expected_s[0], strict=True)
            if seconds != NO_TIME
        ]
        return tuple(sorted(reached, key=lambda pair: (pair[1], pair[0].hub_id)))
