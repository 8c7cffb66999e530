"""What can go wrong with deadlines.

AppError
  NoDeadLetterError   no dead letter under this key in this province
"""

from app.errors import AppError

__all__ = ["NoDeadLetterError"]


class NoDeadLetterError(AppError, LookupError):
    """No dead letter ``key``; it may have been revived, moved or called off meanwhile."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"no dead letter {key!r}; list them to see which there are")
