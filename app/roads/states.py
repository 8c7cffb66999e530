"""What may be said of a road between two neighbours."""

from enum import StrEnum

__all__ = ["BEGINS", "ENDS", "MOST_DAYS", "RoadChange", "RoadReason", "RoadState"]

MOST_DAYS = 30
"""Nothing is closed for longer at once: who knows then still says so again."""


BEGINS, ENDS = "road_begins", "road_ends"
"""Deadlines of a line: from then on the road is not as usual, and from then on it is again."""


class RoadState(StrEnum):
    """``closed``: nobody drives there; ``slowed``: it takes so many minutes longer."""

    CLOSED = "closed"
    SLOWED = "slowed"


class RoadReason(StrEnum):
    """Why."""

    LANDSLIDE = "landslide"
    FLOOD = "flood"
    SNOW_OR_ICE = "snow_or_ice"
    FOG = "fog"
    EARTHQUAKE = "earthquake"
    ACCIDENT = "accident"
    ROADWORKS = "roadworks"
    TRAFFIC = "traffic"
    CONTROL = "control"
    OTHER = "other"


class RoadChange(StrEnum):
    """What became of a road since somebody was ranked by it."""

    CLOSED = "closed"
    SLOWED = "slowed"
    OPENED = "opened"
