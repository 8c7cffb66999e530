"""The places of one kind at all centres, as contiguous arrays."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from facilities.capacity import FRESH_MIN, STALE_MIN

__all__ = ["ASSUMED", "FRESH", "STALE", "PoolColumn"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FRESH, STALE, ASSUMED = 0, 1, 2
_AGES_S = np.array([60.0 * FRESH_MIN, 60.0 * STALE_MIN])


@dataclass(frozen=True, eq=False)
class PoolColumn:
    """One kind of place at F centres.

    Parameters
    ----------
    in_service, free_later : shape (F,)
        Places there are, and those of them that are free from ``free_from_s`` on.
    free_from_s, as_of_s : shape (F,)
        Seconds of the epoch; -inf where they are free now, and where nobody reported them.
    """

    in_service: Ints
    free_later: Ints
    free_from_s: Floats
    as_of_s: Floats

    @cached_property
    def _dated(self) -> bool:
        return bool(np.isfinite(self.free_from_s).any())

    @cached_property
    def _reported(self) -> bool:
        return bool(np.isfinite(self.as_of_s).any())

    @cached_property
    def _usual_use(self) -> Floats:
        return self._share(self.free_later)

    def free_at(self, arrival_s: Floats) -> Ints:
        """Return the places free when somebody arrives; one that empties before counts.

        ``arrival_s`` has shape (F,), seconds of the epoch; infinite where there is no way.
        """
        if not self._dated:
            return self.free_later
        found: Ints = self.free_later * (arrival_s >= self.free_from_s)
        return found

    def in_use(self, free: Ints) -> Floats:
        """Return the share in use; a pool that is not there is full."""
        return self._usual_use if free is self.free_later else self._share(free)

    def trust_at(self, now_s: float) -> Ints:
        """Return how far the figures can be believed (R-TRUST-01): fresh, stale, assumed.

        A report from the future is no report.
        """
        if not self._reported:
            return np.full(len(self.as_of_s), ASSUMED)
        age_s = now_s - self.as_of_s
        trust: Ints = np.searchsorted(_AGES_S, age_s)
        trust[age_s < 0] = ASSUMED
        return trust

    def _share(self, free: Ints) -> Floats:
        there = np.maximum(self.in_service, 1)
        share: Floats = 1.0 - np.minimum(free, self.in_service) / there
        return np.where(self.in_service > 0, share, 1.0)
