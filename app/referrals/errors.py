"""What can go wrong with a referral.

AppError
  TransitionError     a move that is not allowed from where it stands
  StaleVersionError   somebody else moved it since it was read
"""

import uuid

from app.errors import AppError
from app.referrals.states import NEXT

__all__ = ["StaleVersionError", "TransitionError"]


class TransitionError(AppError, ValueError):
    """A move that is not allowed from where the referral stands."""

    def __init__(self, current: str, wanted: str) -> None:
        self.current = current
        self.wanted = wanted
        self.allowed = tuple(status.value for status in NEXT[current])
        super().__init__(
            f"a referral that is {current} cannot become {wanted}; "
            f"allowed: {', '.join(self.allowed) or 'nothing, it is over'}"
        )


class StaleVersionError(AppError, ValueError):
    """Somebody else moved the referral since it was read."""

    def __init__(self, referral_id: uuid.UUID, *, read: int, now: int) -> None:
        self.referral_id = referral_id
        self.read = read
        self.now = now
        super().__init__(
            f"referral {referral_id} was read at version {read} and is at {now}; read it again"
        )
