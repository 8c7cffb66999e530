"""How a newborn fared on the way by its transport score (R-TRIPS): call, departure, arrival."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["RISE", "Course", "course"]

RISE = 10
"""A rise by so much between call and arrival is looked at afterwards; it is no verdict."""
AT_THE_DOOR = timedelta(minutes=15)
"""What was measured so long before the arrival was written down was measured at it (assumed)."""


@dataclass(frozen=True, slots=True)
class Course:
    """The score at three moments; None where it was not made."""

    call: int | None
    departure: int | None
    arrival: int | None

    @property
    def rise(self) -> int | None:
        """Return by how much it rose from call to arrival."""
        if self.call is None or self.arrival is None:
            return None
        return self.arrival - self.call

    @property
    def quality_flag(self) -> bool | None:
        """Tell whether it rose so much that the journey is looked at; None where nobody knows."""
        return None if self.rise is None else self.rise >= RISE


def course(
    *,
    called: int | None,
    scored: Sequence[tuple[datetime, int]],
    times: Mapping[str, datetime],
) -> Course:
    """Return the course of a journey.

    Parameters
    ----------
    called
        The score of the request.
    scored
        When and how a newborn was scored on the way, in the order of time.
    times
        When each step of the journey was.
    """
    left, there = times.get("departed"), times.get("arrived")
    if left is None:
        return Course(called, None, None)
    before = [score for at, score in scored if at <= left + AT_THE_DOOR]
    after = [] if there is None else [s for at, s in scored if at >= there - AT_THE_DOOR]
    return Course(called, before[0] if before else None, after[0] if after else None)
