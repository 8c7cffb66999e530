"""What can go wrong with clinical sign-off.

AppError
  NotSignedError   a signature is taken back that nobody gave
"""

from collections.abc import Iterable

from app.errors import AppError

__all__ = ["NotSignedError"]


class NotSignedError(AppError, LookupError):
    """Rows that this person has not signed in their present wording."""

    def __init__(self, rules: Iterable[str]) -> None:
        self.rules = tuple(rules)
        self.told = {"rules": list(self.rules)}
        super().__init__(f"not signed by that name as they stand: {', '.join(self.rules)}")
