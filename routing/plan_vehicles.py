"""Vehicles as resources: which can be there for a transfer, and how much later she leaves.

An *ambulance* carries her from where she is; the sender's own stands at her hospital, any other
(120, a neighbour) drives there first. A *team* (``ob_team``, ``neo_team``) belongs to the centre at
which it stands and fetches her to that centre, or meets a newborn on the way. Vehicles of one kind
that stand at one place and are free at one moment are alike and form a *pack*.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from geodata.travel_time import NO_TIME, TravelTimes
from routing.centres import Flags, Floats, Ints
from routing.request_values import Vehicle, VehicleKind
from routing.triage.case import PatientKind

if TYPE_CHECKING:
    from routing.plan_ways import WayTable

__all__ = ["Fleet", "Pack"]

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

    def _there(self, times: TravelTimes) -> Floats:
        """Return when each pack is with her, shape (P,)."""
        seconds = times.expected_s[0, self.row]
        there: Floats = self.wait_min + np.where(seconds == NO_TIME, np.inf, seconds / 60)
        return there

    def near(self, times: TravelTimes) -> Ints:
        """Return the packs of ambulances that can be with her, the first to be there first."""
        there = self._there(times)
        order = np.argsort(there, kind="stable")
        return order[(self.ambulance & (there <= self.reach_min))[order]]

    def served(
        self, ways: "WayTable", patient: PatientKind, times: TravelTimes, *, most: int | None = None
    ) -> tuple[Ints, Ints, Floats, bool]:
        """Return which pack can serve which way, and how much later she leaves.

        Parameters
        ----------
        times : TravelTimes
            From where she is to every facility; a vehicle is taken to need as long to her.
        most : int | None
            Only so many packs of ambulances, those that are with her first; None is all.

        Returns
        -------
        tuple
            Way, pack and delay in minutes, shape (n,) each, in the order of the ways; and whether
            ``most`` has left any out.

        Notes
        -----
        With an ambulance she leaves when both are ready. A fetching team that is still out leaves
        later by as much; one that fetches a mother who could have left by herself counts from
        its own start. By a way meant for a team an ambulance alone may go as well, so that nobody
        waits beside one for a team that is out; it gains nothing and gives way to the team.
        """
        there = self._there(times)
        team = np.flatnonzero(~self.ambulance & (self.for_newborn == (patient == "newborn")))
        way, mine = np.nonzero(ways.row[:, None] == self.row[team])
        mine = team[mine]
        by_team, fetched = ways.by_team[way], there[mine] + self.leave_team_min
        comes = np.where(by_team, self.wait_min[mine], fetched) <= self.reach_min
        comes &= np.isfinite(there[mine])
        late = np.where(by_team, self.wait_min[mine], fetched - ways.planned_min[way])
        # An ambulance goes by every way; where a listed team is meant for it, only instead of it.
        meant = np.zeros(ways.size, dtype=np.bool_)
        meant[way[by_team]] = True
        near = self.near(times)
        cut = most is not None and near.size > most
        near = near[:most]
        goes = np.arange(ways.size)
        number = np.append(np.repeat(goes, near.size), way[comes])
        pack = np.append(np.tile(near, goes.size), mine[comes])
        waits = np.maximum(0.0, there[near] - ways.planned_min[goes, None])
        waits += np.where(meant, INSTEAD_MIN, 0.0)[:, None]
        delay = np.append(waits.reshape(-1), np.maximum(0.0, late[comes]))
        order = np.argsort(number, kind="stable")
        return number[order], pack[order], delay[order], cut
