"""The network of counties and facilities: how long from anywhere to every facility, and by where.

Times come from the estimate of ``geodata`` (all pairs, kept per conditions) or from a table
that takes its place; the networkx graph is the same network in a form that can be read and walked.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta, timezone
from functools import cached_property, lru_cache

import networkx as nx
import numpy as np

from facilities.capability import Groups
from facilities.catchment import CatchmentKind
from facilities.registry import Registry
from geodata.conditions import Conditions
from geodata.estimate import RoadEstimate
from geodata.legs import with_leg
from geodata.road_tables import NeighbourHub
from geodata.site import Site, SiteKind
from geodata.travel_time import NO_TIME, NOT_IN_TABLE, TravelTimes
from routing.abilities import Abilities, Label
from routing.centres import Centres, Floats, Ints
from routing.stated_times import aligned, with_closures
from routing.time_rows import Journey, journeys_of, one_row, stacked
from routing.triage.case import PatientKind

__all__ = ["FacilityNetwork", "conditions_for"]

LOCAL_TIME = timezone(timedelta(hours=8))
NIGHT_FROM_H, NIGHT_UNTIL_H = 19, 7
"""Dark hours of the clock of Beijing in Yunnan, where the sun is an hour later (assumed)."""

_CACHED_ORIGINS = 4096
_CACHED_JOURNEYS = 512
_CACHED_CONDITIONS = 64
_CACHED_NEEDS = 256


def conditions_for(now: datetime, closed: Collection[frozenset[str]] = ()) -> Conditions:
    """Return month and darkness of an aware moment in Yunnan, with the closed roads."""
    local = now.astimezone(LOCAL_TIME)
    night = local.hour >= NIGHT_FROM_H or local.hour < NIGHT_UNTIL_H
    return Conditions(month=local.month, night=night, closed=frozenset(closed))


class FacilityNetwork:
    """Counties, facilities and the times between them; immutable, shared by all requests.

    Parameters
    ----------
    registry : Registry
        F facilities in the order of their ids: the columns of every table of times.
    estimate : RoadEstimate
        Times between counties, and the counties a way passes.
    table : TravelTimes | None
        Stated times in place of the estimate. A pair that is not in it has no time, and
        says so; it is never filled from the estimate.
    """

    def __init__(
        self, registry: Registry, estimate: RoadEstimate, *, table: TravelTimes | None = None
    ) -> None:
        self.registry = registry
        self.estimate = estimate
        self.table = table
        self.sites: tuple[Site, ...] = tuple(f.site() for f in registry.facilities)
        self.ids: tuple[str, ...] = tuple(f.facility_id for f in registry.facilities)
        self.row_of = {facility_id: i for i, facility_id in enumerate(self.ids)}
        self._times_from = lru_cache(maxsize=_CACHED_ORIGINS)(self._compute_from)
        self._journeys = lru_cache(maxsize=_CACHED_JOURNEYS)(self._compute_journeys)
        self._between = lru_cache(maxsize=_CACHED_CONDITIONS)(self._compute_between)
        self._between_min = lru_cache(maxsize=_CACHED_CONDITIONS)(self._compute_between_min)
        self._catchment = lru_cache(maxsize=_CACHED_ORIGINS)(self._compute_catchment)
        self._abilities = lru_cache(maxsize=_CACHED_NEEDS)(self._compute_abilities)
        self._phones = lru_cache(maxsize=2)(self._compute_phones)
        self._hub_times = lru_cache(maxsize=_CACHED_ORIGINS)(self._compute_hubs)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Every facility as an answer names it."""
        return tuple(Label.of(facility) for facility in self.registry.facilities)

    @cached_property
    def centres(self) -> Centres:
        """The registry as arrays, in the order of the columns."""
        return Centres.of(self.registry)

    def phones(self, patient: PatientKind) -> tuple[str | None, ...]:
        """Return the number to ring at every facility; None where none is recorded."""
        return self._phones(patient)

    def abilities(self, required: Groups, preferred: Groups) -> Abilities:
        """Return what every facility has and lacks of a need."""
        return self._abilities(required, preferred)

    def times_from(self, site: Site, conditions: Conditions) -> TravelTimes:
        """Return the times from a site to every facility, shape (1, F)."""
        return self._times_from(site, conditions)

    def journeys(self, site: Site, conditions: Conditions) -> tuple[Journey, ...]:
        """Return the times from a site as an answer shows them, one per facility.

        Where a table states minutes only, the kilometres are the estimate's.
        """
        return self._journeys(site, conditions)

    def between(self, conditions: Conditions) -> TravelTimes:
        """Return the times between all facilities, shape (F, F)."""
        return self._between(conditions)

    def between_min(self, conditions: Conditions) -> Floats:
        """Return expected minutes between all facilities, shape (F, F), infinite without a time.

        A table states pairs in one direction; where it does not hold the other, the same counts.
        """
        return self._between_min(conditions)

    def hub_times(self, site: Site, conditions: Conditions) -> tuple[tuple[NeighbourHub, int], ...]:
        """Return the hubs outside that can be reached, nearest first, with expected seconds."""
        return self._hub_times(site, conditions)

    def prefecture_of(self, county: str) -> str:
        """Return the prefecture of a county, empty for a hub outside and for no county."""
        divisions = self.registry.divisions
        return divisions.prefecture_of(county) if divisions.is_county(county) else ""

    def catchment(
        self, county: str, kind: CatchmentKind, day: date
    ) -> tuple[tuple[Ints, bool], ...]:
        """Return the catchment of a county by rank: columns of its centres, whether assumed."""
        return self._catchment(county, kind, day)

    def path(self, origin: Site, facility_id: str, conditions: Conditions) -> tuple[str, ...]:
        """Return the counties on the way, both ends included; empty where no road is known."""
        destination = self.registry.get(facility_id)
        return self.estimate.all_pairs(conditions).path(origin.county, destination.county)

    def meeting_county(
        self, origin: Site, facility_id: str, conditions: Conditions, *, share: float
    ) -> str | None:
        """Return the county, or hub outside, where that share of the journey is behind her.

        None where the counties on the way are not known.
        """
        path = self.path(origin, facility_id, conditions)
        if not path:
            return None
        # the path leaves a city outside out; the way begins and ends there all the same
        ends = origin.county, self.registry.get(facility_id).county
        steps = tuple(dict.fromkeys((ends[0], *path, ends[1])))
        pairs = self.estimate.all_pairs(conditions)
        start = pairs.index(ends[0])
        passed = [int(pairs.expected_s[start, pairs.index(code)]) for code in steps]
        wanted = share * passed[-1]
        ways = zip(steps, passed, strict=True)
        return min(ways, key=lambda step: (abs(step[1] - wanted), step))[0]

    def graph(self, conditions: Conditions) -> "nx.Graph":
        """Return counties and facilities as a networkx graph of roads that are open.

        A facility hangs on its county by the leg to the county's road point, so a shortest
        path between two counties' facilities takes as long as :meth:`between` says. Nodes
        carry ``kind``; edges ``expected_s``. Two facilities of one county have no edge: the
        way between them is local, not through the road point. Hospitals outside the province
        are left out: no way leads through a city there, which edges alone cannot say.
        """
        graph = self.estimate.graph(conditions)
        nx.set_node_attributes(graph, "county", "kind")
        for facility, site in zip(self.registry.facilities, self.sites, strict=True):
            if not facility.out_of_province:
                _, leg_s, _, _ = self.estimate.leg_to_seat(site, conditions)
                graph.add_node(facility.facility_id, kind="facility")
                graph.add_edge(facility.county, facility.facility_id, expected_s=leg_s)
        return graph

    def _compute_abilities(self, required: Groups, preferred: Groups) -> Abilities:
        return Abilities.of(self.centres, required, preferred)

    def _compute_phones(self, patient: PatientKind) -> tuple[str | None, ...]:
        return tuple(self.registry.phone_of(facility_id, patient) for facility_id in self.ids)

    def _compute_catchment(
        self, county: str, kind: CatchmentKind, day: date
    ) -> tuple[tuple[Ints, bool], ...]:
        ranks: dict[int, list[int]] = {}
        assumed: dict[int, bool] = {}
        for row in self.registry.catchments.ranked(county, kind, day):
            if row.facility_id in self.row_of:
                ranks.setdefault(row.rank, []).append(self.row_of[row.facility_id])
                assumed[row.rank] = row.assumed
        return tuple((np.array(ranks[rank], np.int64), assumed[rank]) for rank in sorted(ranks))

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
        times = self.times_from(site, conditions)
        metres = times.distance_m[0]
        if ((metres == NO_TIME) & (times.reason[0] == 0)).any():
            roads = self.estimate.travel_times([site], self.sites, conditions).distance_m[0]
            metres = np.where(metres == NO_TIME, np.maximum(0, roads), metres)
        return journeys_of(times, metres)

    def _compute_between(self, conditions: Conditions) -> TravelTimes:
        if self.table is None:
            return self.estimate.travel_times(self.sites, self.sites, conditions)
        return stacked([self.times_from(site, conditions) for site in self.sites], self.ids)

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
