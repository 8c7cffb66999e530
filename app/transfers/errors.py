"""What can go wrong on a journey.

AppError
  JourneyRefusedError   it cannot be done so
"""

from collections.abc import Iterable

from app.errors import AppError

__all__ = ["JourneyRefusedError"]


class JourneyRefusedError(AppError, ValueError):
    """It cannot be done so; ``faults`` lists every reason, nothing was changed."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(self.faults)}
        super().__init__(f"this cannot be done so: {', '.join(self.faults)}; correct it")
