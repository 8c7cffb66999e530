"""What can go wrong with an installation as a whole.

AppError
  NotFitError   requests should not be sent here; ``reasons`` are codes with words
"""

from app.errors import AppError

__all__ = ["NotFitError"]


class NotFitError(AppError, RuntimeError):
    """What would be asked of this process could not be done."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        self.told = {"reasons": list(reasons)}
        super().__init__(f"not fit for requests: {', '.join(reasons)}; /statusz says more")
