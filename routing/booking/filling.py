"""A booking that grows woman by woman: what is left of every week, and what still fits."""

import numpy as np
import numpy.typing as npt

from routing.booking.problem import NO_OPTION, BookingPlan, BookingProblem

__all__ = ["Filling"]

Ints = npt.NDArray[np.int64]


class Filling:
    """A plan that grows; ``left`` is what it leaves of every row."""

    def __init__(self, problem: BookingProblem) -> None:
        self.problem, self.taken = problem, dict[int, int]()
        self.room, self.lodging = problem.room.copy(), problem.lodging.copy()

    @classmethod
    def of(cls, problem: BookingProblem, plan: BookingPlan) -> "Filling":
        """Return a plan that can grow further."""
        filling, width = cls(problem), problem.centres
        keys = (plan.group * 2 + plan.lodged) * width + plan.centre
        for key, women in zip(keys.tolist(), plan.women.tolist(), strict=True):
            filling.put(key, women)
        return filling

    def put(self, key: int, women: int) -> None:
        """Give so many women an option, or take them out where negative."""
        centres = self.problem.centres
        group, rest = divmod(key, 2 * centres)
        lodged, centre = divmod(rest, centres)
        self.taken[key] = self.taken.get(key, 0) + women
        load = self.problem.load[self.problem.shape[group]]
        for kind in np.flatnonzero(load.any(axis=1)).tolist():
            self.room[centre, self.problem.serves[kind, centre]] -= women * load[kind]
        if lodged:
            self.lodging[centre] -= women * self.problem.held[self.problem.span[group]]

    def value(self, cost: Ints, dear: int) -> int:
        """Return what the plan costs, ``dear`` for each woman without a place."""
        key = np.array(list(self.taken), dtype=np.int64)
        women = np.array(list(self.taken.values()), dtype=np.int64)
        left = self.problem.women - int(women.sum())
        return int(cost.reshape(-1)[key] @ women) + dear * left

    def fits(self, group: int) -> Ints:
        """Return how many of a group fit each option, shape (2, F); 0 where it is none."""
        problem = self.problem
        load = problem.load[problem.shape[group]]
        most = np.full(problem.centres, problem.women)
        every = np.arange(problem.centres)
        for kind in np.flatnonzero(load.any(axis=1)).tolist():
            weeks = np.flatnonzero(load[kind])
            left = self.room[every, problem.serves[kind]][:, weeks] // load[kind, weeks]
            most = np.minimum(most, left.min(axis=1))
        held = np.flatnonzero(problem.held[problem.span[group]])
        beds = self.lodging[:, held].min(axis=1, initial=problem.women)
        found = np.stack([most, np.minimum(most, beds)])
        return np.where(self.problem.cost[group] < NO_OPTION, np.maximum(found, 0), 0)

    def fill(self, waiting: Ints, priced: Ints) -> None:
        """Give those waiting (G,) what fits and costs least by ``priced`` (G, 2, F)."""
        open_to = (self.problem.cost < NO_OPTION).reshape(waiting.size, -1).sum(axis=1)
        groups = np.flatnonzero(waiting)
        for group in groups[np.lexsort((groups, open_to[groups]))].tolist():
            left = int(waiting[group])
            while left:
                fits = self.fits(group).reshape(-1)
                possible = np.flatnonzero(fits)
                if not possible.size:
                    break
                at = int(possible[priced[group].reshape(-1)[possible].argmin()])
                women = min(left, int(fits[at]))
                self.put(group * 2 * self.problem.centres + at, women)
                left -= women
