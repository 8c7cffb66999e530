"""One request set against the network: times, clock and prices, before anything is decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from geodata.conditions import Conditions
from geodata.travel_time import TravelTimes
from routing.centres import Centres, Flags, Floats
from routing.network import LOCAL_TIME, FacilityNetwork, conditions_for
from routing.prices import Prices
from routing.request_values import Request
from routing.triage.need import RoutingNeed

__all__ = ["NOWHERE", "Question"]

NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Everything about one request that is the same for every way of serving it.

    Parameters
    ----------
    expected_min, high_min : shape (F,)
        Travel minutes from the origin, infinite where there is no time; ``spread_min`` is high
        less expected, 0 where there is none.
    timed : shape (F,)
        Where there is a time.
    silent : shape (F,)
        Centres whose line did not answer in the last hour; ``some_silent`` if there is one.
    origin_row : int
        Column of the facility she is in, :data:`NOWHERE` if it is none of the registry.
    elapsed_min : float
        Minutes since the decision to refer.
    """

    network: FacilityNetwork
    prices: Prices
    request: Request
    conditions: Conditions
    times: TravelTimes
    expected_min: Floats
    high_min: Floats
    spread_min: Floats
    timed: Flags
    silent: Flags
    some_silent: bool
    origin_row: int
    elapsed_min: float

    @classmethod
    def of(
        cls,
        network: FacilityNetwork,
        prices: Prices,
        request: Request,
        *,
        silent_lines: Collection[str] = (),
    ) -> "Question":
        """Look up the times of a request."""
        conditions = conditions_for(request.case.now, request.closed, request.slowed)
        times = network.times_from(request.origin, conditions)
        timed = times.reason[0] == 0
        silent = np.zeros(len(network.ids), np.bool_)
        for facility_id in silent_lines:
            if facility_id in network.row_of:
                silent[network.row_of[facility_id]] = True
        return cls(
            network=network,
            prices=prices,
            request=request,
            conditions=conditions,
            times=times,
            expected_min=np.where(timed, times.expected_s[0] / 60, np.inf),
            high_min=np.where(timed, times.high_s[0] / 60, np.inf),
            spread_min=(times.high_s[0] - times.expected_s[0]) / 60,
            timed=timed,
            silent=silent,
            some_silent=bool(silent.any()),
            origin_row=network.row_of.get(request.origin_facility or "", NOWHERE),
            elapsed_min=request.case.elapsed_s / 60,
        )

    @property
    def centres(self) -> Centres:
        """The registry as arrays."""
        return self.network.centres

    @property
    def now(self) -> datetime:
        """The moment of the question."""
        return self.request.case.now

    @property
    def day(self) -> date:
        """The day in Yunnan."""
        return self.now.astimezone(LOCAL_TIME).date()

    def remaining_min(self, need: RoutingNeed) -> float:
        """Return what is left of the hard limit (R-COST-01); infinite without one."""
        return np.inf if need.hard_s is None else need.hard_s / 60 - self.elapsed_min
