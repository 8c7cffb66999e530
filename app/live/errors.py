"""What can go wrong with the live view.

AppError
  TooManyListenersError   as many screens listen as the setting allows
"""

from app.errors import AppError

__all__ = ["TooManyListenersError"]


class TooManyListenersError(AppError, RuntimeError):
    """As many screens as allowed listen; ask again after ``retry_s`` seconds, or look by hand."""

    def __init__(self, retry_s: int) -> None:
        self.retry_s = retry_s
        super().__init__(f"as many screens as allowed listen; retry in {retry_s} s")
