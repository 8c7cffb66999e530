"""What can go wrong with a repeated command.

AppError
  KeyReusedError   a key that was used for another command
"""

from app.errors import AppError

__all__ = ["KeyReusedError"]


class KeyReusedError(AppError, ValueError):
    """A key that was used for another command; nothing was done."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"key {key!r} was used for another command; make a new key for each command and keep "
            "it when you repeat the same one"
        )
