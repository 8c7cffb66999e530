"""Places of a facility: how many there are, how many are free, and how old that figure is."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FRESH_MIN = 120
STALE_MIN = 1440
"""R-TRUST-01: up to these ages a report is fresh, then stale, then no better than assumed."""

DEFAULT_FREE_SHARE = 0.3
"""Share of places assumed free where no profile says so; that of every profile (assumed)."""


class PlaceKind(StrEnum):
    """Kinds of places, as in ``capacity.csv``."""

    OB_RESCUE_BED = "OB_RESCUE_BED"
    AICU = "AICU"
    LABOUR = "LABOUR"
    NEO_L2A = "NEO_L2A"
    NEO_L2B = "NEO_L2B"
    NEO_L3A = "NEO_L3A"
    NEO_L3B = "NEO_L3B"
    NEO_L3C = "NEO_L3C"
    NEO_VENT = "NEO_VENT"
    NEO_COOLING = "NEO_COOLING"

    @property
    def capability(self) -> str:
        """The capability without which there can be no such place."""
        return "OB_DELIVERY" if self is PlaceKind.LABOUR else self.value


WARD_PLACES = (
    PlaceKind.NEO_L2A,
    PlaceKind.NEO_L2B,
    PlaceKind.NEO_L3A,
    PlaceKind.NEO_L3B,
    PlaceKind.NEO_L3C,
)
"""In rising order; there is no place of kind L1: it is the cot beside the mother."""


class PlaceTrust(StrEnum):
    """How far a number of free places can be believed, R-TRUST-01."""

    FRESH = "fresh"
    STALE = "stale"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Pool:
    """Places of one kind at one facility, shared by everybody who is sent there.

    Parameters
    ----------
    in_service, free : int
        Places that are staffed; those of them that are free.
    free_from : datetime | None
        None means now; otherwise the free places count from then on.
    as_of : datetime | None
        When that was so; None where nobody said.
    assumed : bool
        The number of free places comes from an assumption, not from a report.
    """

    facility_id: str
    kind: PlaceKind
    in_service: int
    free: int
    free_from: datetime | None
    as_of: datetime | None
    source: str
    assumed: bool

    def trust(self, now: datetime) -> PlaceTrust:
        """Return how far the figure can be believed (R-TRUST-01).

        A report from the future is no report: one of two clocks is wrong.
        """
        age_min = self.age_min(now)
        if self.assumed or age_min is None or age_min > STALE_MIN:
            return PlaceTrust.ASSUMED
        return PlaceTrust.FRESH if age_min <= FRESH_MIN else PlaceTrust.STALE

    def age_min(self, now: datetime) -> int | None:
        """Return the age of the report, rounded up; None without a report or from the future."""
        if self.as_of is None or self.as_of > now:
            return None
        return math.ceil((now - self.as_of).total_seconds() / 60)

    def free_at(self, moment: datetime) -> int:
        """Return the places free at a moment.

        With ``free_from`` they count from then on, and at least one does: whoever reports
        "0 free, next at 14:00" means one at 14:00.
        """
        if self.free_from is None:
            return self.free
        if moment < self.free_from:
            return 0
        return min(self.in_service, max(1, self.free))


def assumed_free(in_service: int, free_share: float) -> int:
    """Return the places assumed free: at least one where any is in service, half rounded up.

    Examples
    --------
    >>> assumed_free(0, 0.3), assumed_free(2, 0.3), assumed_free(5, 0.3), assumed_free(20, 0.3)
    (0, 1, 2, 6)
    """
    if in_service <= 0:
        return 0
    # 0.3 x 5 is a hair under or over 1.5 in binary; nine decimals settle it
    return min(in_service, max(1, math.floor(round(in_service * free_share, 9) + 0.5)))
