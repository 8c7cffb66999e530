"""Travel times without a road file: a graph of neighbouring counties and stated assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geodata.assumptions import Assumptions
from geodata.conditions import Conditions
from geodata.county_graph import CountyRoad, RoadSources, county_roads, figures
from geodata.county_times import CountyTimes, county_times
from geodata.crs import CRS, to_wgs84
from geodata.divisions import Divisions
from geodata.ends import Ends, node_of
from geodata.errors import OutsideDataError, UnknownRoadError, UnknownSiteError
from geodata.legs import NO_LEG, Leg, LegMaker, Legs, local_figures, straight_m
from geodata.road_tables import NeighbourHub, Pair
from geodata.site import Site, SiteKind
from geodata.travel_time import NO_TIME, IntArray, TravelTimes

if TYPE_CHECKING:
    import networkx as nx

METHOD = "estimate"
NO_OPEN_ROAD = "no_open_road"
_CACHED_CONDITIONS = 64
_CACHED_ENDS = 256

_USUAL = Conditions()


class RoadEstimate:
    """Estimated times between counties, facilities, villages, points and hubs outside.

    Parameters
    ----------
    sources : RoadSources
        Divisions, borders, barriers, assumptions and road points.
    hubs : Sequence[NeighbourHub]
        Cities outside the network: trips may begin and end there, at the city or at a facility
        whose county is the hub's id; none passes through.
    """

    def __init__(self, sources: RoadSources, *, hubs: Sequence[NeighbourHub] = ()) -> None:
        self.divisions: Divisions = sources.divisions
        self.assumptions: Assumptions = sources.assumptions
        self.hubs = tuple(hubs)
        self.roads: tuple[CountyRoad, ...] = county_roads(sources)
        self._points = dict(sources.points)
        self._points |= {hub.hub_id: (hub.lon, hub.lat) for hub in self.hubs}
        self._legs = LegMaker(sources.divisions, self._points, sources.assumptions)
        self._known_pairs = frozenset(border.pair for border in sources.borders) | frozenset(
            frozenset((road.county, hub.hub_id)) for hub in self.hubs for road in hub.roads
        )
        self._nodes = [county.adcode for county in self.divisions.counties]
        self._nodes += [hub.hub_id for hub in self.hubs]
        self._all_pairs = lru_cache(maxsize=_CACHED_CONDITIONS)(self._compute)
        self._ends = lru_cache(maxsize=_CACHED_ENDS)(self._compute_ends)

    @property
    def known_pairs(self) -> frozenset[Pair]:
        """Pairs that may be closed: neighbouring counties, and a hub with its counties."""
        return self._known_pairs

    def graph(self, conditions: Conditions = _USUAL) -> "nx.Graph":
        """Return the counties and the roads open under ``conditions`` as a networkx graph.

        Edges carry ``low_s``, ``expected_s``, ``high_s``, ``distance_m``, ``road_class`` and
        ``doubtful``. Raises :class:`UnknownRoadError` for a closure of no road.
        """
        import networkx as nx  # slow to load; who needs no graph should not wait for it

        graph = nx.Graph()
        graph.add_nodes_from(county.adcode for county in self.divisions.counties)
        for road in self._open_roads(conditions):
            now = figures(road, conditions, self.assumptions)
            graph.add_edge(
                road.county,
                road.other,
                low_s=now.low_s,
                expected_s=now.expected_s,
                high_s=now.high_s,
                distance_m=now.distance_m,
                road_class=road.road_class,
                doubtful=road.doubtful,
            )
        return graph

    def all_pairs(self, conditions: Conditions = _USUAL) -> CountyTimes:
        """Return the times between all counties and hubs; kept for the last conditions asked.

        Raises :class:`UnknownRoadError` for a closure of no road.
        """
        return self._all_pairs(conditions)

    def site_at(
        self, lon: float, lat: float, *, crs: CRS = CRS.WGS84, site_id: str = "point"
    ) -> Site:
        """Return a bare point as a site; :class:`OutsideDataError` outside every county."""
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise OutsideDataError(lon, lat)
        wgs_lon, wgs_lat = to_wgs84(lon, lat, crs)
        county = self.divisions.county_at(wgs_lon, wgs_lat)
        if county is None:
            raise OutsideDataError(wgs_lon, wgs_lat)
        return Site(site_id, SiteKind.POINT, county, wgs_lon, wgs_lat)

    def county_site(self, adcode: str) -> Site:
        """Return "somewhere in this county" as a site; its code is its id."""
        county = self.divisions.get(adcode)
        return Site(adcode, SiteKind.COUNTY, county.adcode, None, None)

    def leg_to_seat(self, site: Site, conditions: Conditions = _USUAL) -> Leg:
        """Return the leg from a site to the seat of its county, for a row of stated times.

        Parameters
        ----------
        site : Site
            A village goes by its stated minutes, else by its point. "Somewhere in the county"
            and a hub have no leg: their row of stated times speaks of them already.
        conditions : Conditions
            Darkness and rain; a closure inside a county is not known.

        Returns
        -------
        Leg
            Low, expected and high seconds, and metres. It ends at the road point of the county,
            which is the seat unless ``road_points`` says otherwise, and of a city outside at
            the hub.

        Raises
        ------
        UnknownDivisionError, UnknownSiteError
            A county or hub that is not in the data.
        """
        self._check_sites([site])
        return NO_LEG if site.kind is SiteKind.COUNTY else self._legs.leg(site, conditions)

    def doubtful_roads(self, path: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Return the steps of a path that have a listed barrier or a penalty: a wider band."""
        doubtful = {road.pair for road in self.roads if road.doubtful}
        return tuple(step for step in pairwise(path) if frozenset(step) in doubtful)

    def travel_times(
        self,
        origins: Sequence[Site],
        destinations: Sequence[Site],
        conditions: Conditions = _USUAL,
    ) -> TravelTimes:
        """Estimate the times from every origin to every destination.

        Parameters
        ----------
        origins, destinations : Sequence[Site]
            O and D sites, ids without repetition in each.
        conditions : Conditions
            Month, darkness, rain, closures.

        Returns
        -------
        TravelTimes
            Shape (O, D). Where no open road leads, the reason is ``no_open_road``.

        Raises
        ------
        UnknownDivisionError, UnknownSiteError
            A county or hub that is not in the data.
        UnknownRoadError
            A closure of no road.

        Notes
        -----
        A trip is the leg to the road point of the county, the quickest way over the graph,
        and the leg at the other end; inside one county it is local. Two different sites in
        one county or at one point are never nearer than the stated least local time. A city
        outside with its hospitals is like a county whose road point is the hub.
        """
        times = self.all_pairs(conditions)
        out = self._ends(tuple(origins), conditions.night, conditions.rain)
        back = self._ends(tuple(destinations), conditions.night, conditions.rain)
        total = _over_graph(times, out.legs, back.legs)
        self._set_local(total, out.legs, back.legs, conditions)
        _set_same(total, out, back)
        reason = (total[1] == NO_TIME).astype(np.int32)
        return TravelTimes(
            out.ids,
            back.ids,
            low_s=total[0],
            expected_s=total[1],
            high_s=total[2],
            distance_m=total[3],
            method=np.zeros(reason.shape, np.int32),
            methods=(METHOD,),
            reason=reason,
            reasons=("", NO_OPEN_ROAD),
            finder=_SitePaths(times, out.nodes, back.nodes),
        )

    def _open_roads(self, conditions: Conditions) -> list[CountyRoad]:
        unknown = sorted(tuple(sorted(pair)) for pair in conditions.touched - self._known_pairs)
        if unknown:
            raise UnknownRoadError(unknown)
        return [road for road in self.roads if road.is_open(conditions)]

    def _compute(self, conditions: Conditions) -> CountyTimes:
        return county_times(
            [county.adcode for county in self.divisions.counties],
            [
                (road, figures(road, conditions, self.assumptions))
                for road in self._open_roads(conditions)
            ],
            self.hubs,
            conditions=conditions,
            hub_class=self.assumptions.of("hub"),
        )

    def _compute_ends(self, sites: tuple[Site, ...], night: bool, rain: bool) -> Ends:
        """Check sites and give them their legs: darkness and rain lengthen a leg, nothing else."""
        self._check_sites(sites)
        index = {code: i for i, code in enumerate(self._nodes)}
        nodes = [index[node_of(site)] for site in sites]
        return Ends.of(sites, self._legs.legs(sites, nodes, Conditions(night=night, rain=rain)))

    def _check_sites(self, sites: Sequence[Site]) -> None:
        """Refuse counties and hubs we do not know; only a facility may be in a city outside."""
        hubs = {hub.hub_id for hub in self.hubs}
        for site in sites:
            if site.kind is SiteKind.HUB and site.site_id not in hubs:
                raise UnknownSiteError(site.site_id, known=len(hubs))
            if site.kind is SiteKind.HUB:
                continue
            outside = site.county in hubs and site.kind is not SiteKind.FACILITY
            if outside or site.county not in self._points:
                self.divisions.get(site.county)
                raise UnknownSiteError(site.county, known=len(self._points))

    def _set_local(self, total: IntArray, out: Legs, back: Legs, conditions: Conditions) -> None:
        """Replace trips inside one county, or between equal points, by local ones."""
        one_county = out.node[:, None] == back.node[None, :]
        one_point = (out.lon[:, None] == back.lon[None, :]) & (
            out.lat[:, None] == back.lat[None, :]
        )
        rows, columns = np.nonzero(one_county | one_point)
        if not len(rows):
            return
        at = rows.astype(np.int32), columns.astype(np.int32)
        direct = self._legs.access_many(straight_m(out, back, at), conditions)
        found = local_figures(out, back, at, direct)
        least = np.array([*self.assumptions.of("same_county_or_touching").local_s, 0], np.int32)
        total[:, rows, columns] = np.maximum(found, least[:, None])


@dataclass(frozen=True, slots=True)
class _SitePaths:
    """Finds the counties between two sites of one table of times."""

    times: CountyTimes
    origins: Mapping[str, str]
    destinations: Mapping[str, str]

    def path(self, origin: str, destination: str) -> tuple[str, ...]:
        """Return the counties passed, both ends included."""
        return self.times.path(self.origins[origin], self.destinations[destination])


def _over_graph(times: CountyTimes, out: Legs, back: Legs) -> IntArray:
    """Return leg + way + leg for every pair, shape (4, O, D)."""
    at = out.node[:, None], back.node[None, :]
    ways = (times.low_s, times.expected_s, times.high_s, times.distance_m)
    between = np.stack([way[at] for way in ways])
    total = between + out.figures[:, :, None] + back.figures[:, None, :]
    result: IntArray = np.where(between == NO_TIME, NO_TIME, total).astype(np.int32)
    return result


def _set_same(total: IntArray, out: Ends, back: Ends) -> None:
    """Set the time between a site and itself to nothing; somewhere in a county is no site."""
    for i, site in enumerate(out.sites):
        j = back.position.get(site.site_id)
        if j is not None and back.sites[j] == site and site.kind is not SiteKind.COUNTY:
            total[:, i, j] = 0
