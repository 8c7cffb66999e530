"""What can go wrong with a referral.

AppError
  DeclineRefusedError   a no without one of the reasons that there are
  TransitionError       a move that is not allowed from where it stands
  StaleVersionError     somebody else moved it since it was read
"""

import uuid
from collections.abc import Iterable

from app.errors import AppError
from app.referrals.states import DECLINE_CODES, MACHINES

__all__ = ["DeclineRefusedError", "StaleVersionError", "TransitionError"]


class TransitionError(AppError, ValueError):
    """A move that is not allowed from where a referral or an offer stands."""

    def __init__(
        self, machine: str, current: str, wanted: str, *, allowed: Iterable[str] | None = None
    ) -> None:
        self.machine = machine
        self.current = current
        self.wanted = wanted
        self.allowed = tuple(
            str(status) for status in (MACHINES[machine][current] if allowed is None else allowed)
        )
        self.told = {"current": current, "wanted": wanted, "allowed": list(self.allowed)}
        super().__init__(
            f"the {machine} is {current} and cannot become {wanted}; "
            f"allowed: {', '.join(self.allowed) or 'nothing, it is over'}"
        )


class StaleVersionError(AppError, ValueError):
    """Somebody else moved the referral since it was read."""

    def __init__(self, referral_id: uuid.UUID, *, read: int, now: int) -> None:
        self.referral_id = referral_id
        self.read = read
        self.now = now
        self.told = {"read": read, "now": now}
        super().__init__(
            f"referral {referral_id} was read at version {read} and is at {now}; read it again"
        )


class DeclineRefusedError(AppError, ValueError):
    """A no without one of the reasons that there are (R-REF-02)."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.told = {"allowed": list(DECLINE_CODES)}
        super().__init__(
            f"{code!r} is no reason to decline; a rescue centre may say only: "
            f"{', '.join(DECLINE_CODES)}"
        )
