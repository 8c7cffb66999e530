"""What can go wrong with clinical sign-off.

AppError
  NotSignedError     a signature is taken back that nobody gave
  WordingMovedError  a row has another wording than the one that was read
"""

from collections.abc import Iterable

from app.errors import AppError

__all__ = ["NotSignedError", "WordingMovedError"]


class NotSignedError(AppError, LookupError):
    """Rows that this person has not signed in their present wording."""

    def __init__(self, rules: Iterable[str]) -> None:
        self.rules = tuple(rules)
        self.told = {"rules": list(self.rules)}
        super().__init__(f"not signed by that name as they stand: {', '.join(self.rules)}")


class WordingMovedError(AppError, ValueError):
    """A row that does not stand any more as it was read; nothing was signed."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.told = {"rules": [rule]}
        super().__init__(f"{rule} has another wording by now; read it again")
