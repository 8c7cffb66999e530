"""The network of counties and facilities: how long from anywhere to every facility, and by where.

Times come from the estimate of ``geodata`` (all pairs, kept per conditions) or from a table
that takes its place; the networkx graph is the same network in a form that can be read and walked.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cached_property, lru_cache

import networkx as nx
import numpy as np

from facilities.capability import Groups
from facilities.capacity import Pool
from facilities.catchment import CatchmentKind
from facilities.registry import Registry
from geodata.conditions import Conditions
from geodata.estimate import RoadEstimate
from geodata.road_tables import NeighbourHub
from geodata.site import Site
from geodata.travel_time import TravelTimes
from routing.abilities import Abilities, Label
from routing.centres import Centres, Floats, Ints
from routing.local_time import LOCAL_TIME
from routing.network_times import NetworkTimes
from routing.time_rows import Journey
from routing.triage.case import PatientKind

__all__ = ["LOCAL_TIME", "FacilityNetwork", "conditions_for"]

NIGHT_FROM_H, NIGHT_UNTIL_H = 19, 7
"""Dark hours of the clock of Beijing in Yunnan, where the sun is an hour later (assumed)."""

_CACHED_CATCHMENTS = 4096
_CACHED_NEEDS = 256


def conditions_for(
    now: datetime,
    closed: Collection[frozenset[str]] = (),
    slowed: Collection[tuple[frozenset[str], int]] = (),
) -> Conditions:
    """Return month and darkness of an aware moment in Yunnan, with the closed and slowed roads."""
    local = now.astimezone(LOCAL_TIME)
    night = local.hour >= NIGHT_FROM_H or local.hour < NIGHT_UNTIL_H
    return Conditions(
        month=local.month, night=night, closed=frozenset(closed), slowed=frozenset(slowed)
    )


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
        sites = tuple(f.site() for f in registry.facilities)
        self._stand_at(registry, NetworkTimes(sites, estimate, table))
        self._know()

    def _stand_at(self, registry: Registry, times: NetworkTimes) -> None:
        self.registry = registry
        self.times = times
        self.estimate = times.estimate
        self.table = times.table
        self.sites = times.sites
        self.ids = times.ids
        self.row_of = times.row_of

    def _know(self) -> None:
        self._catchment = lru_cache(maxsize=_CACHED_CATCHMENTS)(self._compute_catchment)
        self._abilities = lru_cache(maxsize=_CACHED_NEEDS)(self._compute_abilities)
        self._phones = lru_cache(maxsize=2)(self._compute_phones)

    def with_registry(self, registry: Registry) -> "FacilityNetwork":
        """Return the network of a registry; times are shared where its facilities stand the same.

        What one of the two looks up later, the other knows as well.
        """
        if tuple(f.site() for f in registry.facilities) != self.sites:
            return FacilityNetwork(registry, self.estimate, table=self.table)
        made = FacilityNetwork.__new__(FacilityNetwork)
        made._stand_at(registry, self.times)
        made._know()
        return made

    def with_pools(self, pools: Iterable[Pool]) -> "FacilityNetwork":
        """Return the network with these figures in place of those of their facility and kind.

        Times, names, numbers, catchments and what meets a need are shared: only places differ.
        """
        made = FacilityNetwork.__new__(FacilityNetwork)
        made._stand_at(self.registry.with_capacity(pools), self.times)
        made._catchment, made._abilities, made._phones = (
            self._catchment,
            self._abilities,
            self._phones,
        )
        made.__dict__["labels"] = self.labels
        made.__dict__["centres"] = self.centres.with_places(made.registry)
        return made

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
        return self.times.from_site(site, conditions)

    def journeys(self, site: Site, conditions: Conditions) -> tuple[Journey, ...]:
        """Return the times from a site as an answer shows them, one per facility.

        Where a table states minutes only, the kilometres are the estimate's.
        """
        return self.times.journeys(site, conditions)

    def between(self, conditions: Conditions) -> TravelTimes:
        """Return the times between all facilities, shape (F, F)."""
        return self.times.between(conditions)

    def between_min(self, conditions: Conditions) -> Floats:
        """Return expected minutes between all facilities, shape (F, F), infinite without a time.

        A table states pairs in one direction; where it does not hold the other, the same counts.
        """
        return self.times.between_min(conditions)

    def hub_times(self, site: Site, conditions: Conditions) -> tuple[tuple[NeighbourHub, int], ...]:
        """Return the hubs outside that can be reached, nearest first, with expected seconds."""
        return self.times.to_hubs(site, conditions)

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
