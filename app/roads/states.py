"""What may be said of a road between two neighbours."""

from enum import StrEnum

__all__ = ["MOST_DAYS", "RoadReason", "RoadState"]

MOST_DAYS = 30
"""Nothing is closed for longer at once: who knows then still says so again."""


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
