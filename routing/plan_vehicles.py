"""Vehicles as resources: which can be there for a transfer, and how much later she leaves.

An *ambulance* carries her from where she is; the sender's own stands at her hospital, any other
(120, a neighbour) drives there first. A *team* (``ob_team``, ``neo_team``) belongs to the centre at
which it stands and fetches her to that centre, or meets a newborn on the way. Vehicles of one kind
that stand at one place and are free at one moment are alike and form a *pack*.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from geodata.travel_time import NO_TIME, TravelTimes
from routing.centres import Flags, Floats, Ints
from routing.request_values import Vehicle, VehicleKind
from routing.triage.case import PatientKind

if TYPE_CHECKING:
    from routing.joined_ways import JoinedWays

__all__ = ["Fleet", "Pack", "Reach"]

INSTEAD_MIN = 0.1
"""What an ambulance in place of a listed team costs: the team goes where it can."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Vehicles that are alike; ``free_after_min`` counts from now."""

    at: str
    kind: VehicleKind
    free_after_min: float
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """All vehicles of a plan.

    Parameters
    ----------
    leave_team_min : float
        Minutes to leave of a team (R-COST-03).
    reach_min : float
        A vehicle that is not with her by then cannot be there. A team that has to fetch her
        anyway is measured by when it is free.
    row, wait_min, ambulance, for_newborn : shape (P,)
        Facility of each pack, when it is free, and what it is.
    """

    packs: tuple[Pack, ...]
    leave_team_min: float
    reach_min: float
    row: Ints
    wait_min: Floats
    ambulance: Flags
    for_newborn: Flags

    @classmethod
    def of(
        cls,
        vehicles: Iterable[Vehicle],
        *,
        now: datetime,
        row_of: Mapping[str, int],
        leave_team_min: float,
        reach_min: float,
    ) -> "Fleet":
        """Group the vehicles."""
        found: dict[tuple[str, VehicleKind, float], list[str]] = {}
        for vehicle in vehicles:
            wait = 0.0
            if vehicle.free_from is not None:
                wait = max(0.0, (vehicle.free_from - now).total_seconds() / 60)
            found.setdefault((vehicle.at_facility_id, vehicle.kind, wait), []).append(vehicle.id)
        packs = tuple(
            Pack(at, kind, wait, tuple(sorted(ids)))
            for (at, kind, wait), ids in sorted(found.items())
        )
        return cls(
            packs,
            leave_team_min,
            reach_min,
            row=np.array([row_of[pack.at] for pack in packs], dtype=np.int64),
            wait_min=np.array([pack.free_after_min for pack in packs], dtype=np.float64),
            ambulance=np.array([p.kind is VehicleKind.AMBULANCE for p in packs], dtype=np.bool_),
            for_newborn=np.array([p.kind is VehicleKind.NEO_TEAM for p in packs], dtype=np.bool_),
        )

    @property
    def size(self) -> int:
        """P, the number of packs."""
        return len(self.packs)

    def reach(
        self, ways: "JoinedWays", patients: Sequence[PatientKind], times: Sequence[TravelTimes]
    ) -> "Reach":
        """Return which packs can be there for each request.

        Parameters
        ----------
        patients : sequence of length R
            Whose requests these are.
        times : sequence of length R
            From where each is to every facility; a vehicle is taken to need as long to her.
        """
        seconds = np.stack([one.expected_s[0, self.row] for one in times])
        there = self.wait_min + np.where(seconds == NO_TIME, np.inf, seconds / 60)
        drives = np.where(self.ambulance & (there <= self.reach_min), there, np.inf)
        near = np.argsort(drives, axis=1, kind="stable")
        count = np.isfinite(drives).sum(axis=1)
        most = int(count.max(initial=0))
        there_min = np.take_along_axis(drives, near, axis=1)
        there_min = np.append(there_min, np.full((len(times), 1), np.inf), axis=1)
        way, pack = self._fetched(ways, np.array([one == "newborn" for one in patients]))
        by_team, begins = ways.by_team[way], there[ways.request[way], pack]
        meant = np.zeros(ways.size, dtype=np.bool_)
        meant[way[by_team]] = True
        waits = np.where(by_team, self.wait_min[pack], begins + self.leave_team_min)
        late = np.where(by_team, waits, waits - ways.planned_min[way])
        comes = (waits <= self.reach_min) & np.isfinite(begins)
        return Reach(
            ways=ways,
            packs=self.size,
            near=near[:, :most],
            there_min=there_min[:, : most + 1],
            count=count,
            instead_min=np.where(meant, INSTEAD_MIN, 0.0),
            team_way=way[comes],
            team_pack=pack[comes],
            team_delay_min=np.maximum(0.0, late[comes]),
        )

    def _fetched(self, ways: "JoinedWays", newborn: Flags) -> tuple[Ints, Ints]:
        """Return (way, pack) for every team that stands where a way goes, for its patients."""
        team = np.flatnonzero(~self.ambulance)
        here = np.flatnonzero(np.isin(ways.row, self.row[team]))
        child = newborn[ways.request[here]]
        same = ways.row[here, None] == self.row[team]
        at, mine = np.nonzero(same & (child[:, None] == self.for_newborn[team]))
        return here[at], team[mine]


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Which packs of vehicles can be there for each of R requests with W ways, and when.

    Parameters
    ----------
    packs : int
        P, the number of packs of vehicles.
    near, there_min : shape (R, N) and (R, N + 1)
        Packs of ambulances, the first to be with her first, and when; of no meaning beyond
        ``count``, where the time is infinite.
    count : shape (R,)
        How many packs of ambulances can be there.
    instead_min : shape (W,)
        What an ambulance costs instead of the team that the way is meant for.
    team_way, team_pack, team_delay_min : shape (T,)
        The ways that a team can go, and how much later she leaves.

    Notes
    -----
    With an ambulance she leaves when both are ready. A fetching team that is still out leaves
    later by as much; one that fetches a mother who could have left by herself counts from
    its own start. By a way meant for a team an ambulance alone may go as well, so that nobody
    waits beside one for a team that is out; it gains nothing and gives way to the team.
    """

    ways: "JoinedWays"
    packs: int
    near: Ints
    there_min: Floats
    count: Ints
    instead_min: Floats
    team_way: Ints
    team_pack: Ints
    team_delay_min: Floats

    def delay_min(self, way: Ints, nth: Ints) -> Floats:
        """Return how much later she leaves by ways with the nth of her packs of ambulances."""
        there = self.there_min[self.ways.request[way], nth]
        late: Floats = np.maximum(0.0, there - self.ways.planned_min[way]) + self.instead_min[way]
        return late

    def without(self) -> Flags:
        """Return the requests for which no vehicle at all can be there, shape (R,)."""
        alone: Flags = self.count == 0
        alone[self.ways.request[self.team_way]] = False
        return alone
