"""What can go wrong with what is said of roads.

AppError
  NotYourRoadError    neither end lies in the area of who speaks
  RoadRefusedError    what was said cannot be so
"""

from collections.abc import Iterable

from app.errors import AppError

__all__ = ["NotYourRoadError", "RoadRefusedError"]


class NotYourRoadError(AppError, PermissionError):
    """Neither end of the road lies in the area of who speaks of it."""

    def __init__(self) -> None:
        super().__init__("neither end of this road lies in your area; ask the office above you")


class RoadRefusedError(AppError, ValueError):
    """What was said of a road cannot be so; ``codes`` says why."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = tuple(codes)
        self.told = {"codes": list(self.codes)}
        super().__init__(f"this cannot be said of a road: {', '.join(self.codes)}")
