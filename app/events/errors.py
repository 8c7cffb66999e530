"""What can go wrong with a status.

AppError
  TransitionError   a move that is not allowed from where something stands
"""

from collections.abc import Iterable

from app.errors import AppError

__all__ = ["TransitionError"]


class TransitionError(AppError, ValueError):
    """A move that is not allowed from where a thing of a ``machine`` stands."""

    def __init__(self, machine: str, current: str, wanted: str, *, allowed: Iterable[str]) -> None:
        self.machine = machine
        self.current = current
        self.wanted = wanted
        self.allowed = tuple(str(status) for status in allowed)
        self.told = {
            "machine": machine,
            "current": current,
            "wanted": wanted,
            "allowed": list(self.allowed),
        }
        super().__init__(
            f"the {machine} is {current} and cannot become {wanted}; "
            f"allowed: {', '.join(self.allowed) or 'nothing, it is over'}"
        )
