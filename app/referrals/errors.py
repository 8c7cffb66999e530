"""What can go wrong with a referral.

AppError
  DeclineRefusedError   a no without one of the reasons that there are
  NotYoursError         it is seen, and another one has to do it
  OpenReferralError     she is referred already, by somebody else or by the same hospital
  OverAlreadyError      it was closed or taken back before, by whom and when is said
  PlanDecidedError      a joint plan that was applied or rejected before
  PlanMovedError        a joint plan for what no longer stands
  PlanOvertakenError    a joint plan that does not know of another one for the same people
  RequestRefusedError   it cannot be asked so
  TransitionError       a move that is not allowed from where it stands
  StaleVersionError     somebody else moved it since it was read
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from app.errors import AppError, StaleError
from app.events.errors import TransitionError
from app.referrals.states import DECLINE_CODES, MACHINES

__all__ = [
    "DeclineRefusedError",
    "NotYoursError",
    "OpenReferralError",
    "OverAlreadyError",
    "PlanDecidedError",
    "PlanMovedError",
    "PlanOvertakenError",
    "RequestRefusedError",
    "StaleVersionError",
    "TransitionError",
    "not_allowed",
]


class StaleVersionError(StaleError):
    """Somebody else moved a referral, an offer or a transfer since it was read."""

    def __init__(self, key: uuid.UUID, *, read: int, now: int, what: str = "referral") -> None:
        super().__init__(what, key, read=read, now=now)


class DeclineRefusedError(AppError, ValueError):
    """A no without one of the reasons that there are (R-REF-02)."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.told = {"allowed": list(DECLINE_CODES)}
        super().__init__(
            f"{code!r} is no reason to decline; a rescue centre may say only: "
            f"{', '.join(DECLINE_CODES)}"
        )


class RequestRefusedError(AppError, ValueError):
    """It cannot be asked so; ``faults`` lists every reason, nothing was kept."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(self.faults)}
        super().__init__(f"this cannot be asked so: {', '.join(self.faults)}; correct it")


class OpenReferralError(AppError, ValueError):
    """She is referred already: who did it, and what it takes to do it in their place."""

    def __init__(self, number: str, facility_id: str | None, status: str) -> None:
        self.number = number
        self.told = {"number": number, "origin": facility_id, "current": status}
        super().__init__(
            f"referral {number} of this patient is open ({status}); if it was raised by mistake "
            "and she has not left, send this one again with takes_over and a reason"
        )


class OverAlreadyError(AppError, ValueError):
    """It is over: whoever ended it was first, or it is the same command under another key."""

    def __init__(
        self, status: str, *, at: datetime, by_org: uuid.UUID, by_role: str | None, why: str | None
    ) -> None:
        self.status = status
        self.told = {
            "codes": [f"{status}_already"],
            "current": status,
            "at": at.isoformat(),
            "by_org": str(by_org),
            "by_role": by_role,
            "reason": why,
        }
        super().__init__(f"the referral is {status} since {at.isoformat()} ({why}); nothing to do")


class NotYoursError(AppError, PermissionError):
    """It may be seen, and somebody else has to do it; ``allowed`` says as what."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.told = {"allowed": [str(one) for one in allowed]}
        super().__init__("this is for another party of the referral to do; ring them")


class PlanDecidedError(AppError, ValueError):
    """It was applied or rejected before; who wants another one makes another one."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.told = {"current": status}
        super().__init__(f"the plan is {status}; make a new one of what stands now")


class PlanOvertakenError(AppError, ValueError):
    """Another plan for some of the same people was applied since this one was made."""

    def __init__(self, plan_id: uuid.UUID) -> None:
        self.plan_id = plan_id
        self.told = {"applied": str(plan_id)}
        super().__init__(f"plan {plan_id} was applied since; make a new one of what stands now")


class PlanMovedError(AppError, ValueError):
    """What a joint plan was made from no longer stands; nothing of it was applied.

    ``moved`` names each referral with what it stood at and what it stands at.
    """

    def __init__(self, moved: Iterable[Mapping[str, object]]) -> None:
        self.moved = tuple(moved)
        self.told = {"moved": list(self.moved)}
        numbers = ", ".join(str(one["number"]) for one in self.moved)
        super().__init__(f"moved since the plan was made: {numbers}; nothing of it was applied")


def not_allowed(machine: str, current: str, wanted: str) -> TransitionError:
    """Return what says that a referral or an offer cannot go from here to there."""
    return TransitionError(machine, current, wanted, allowed=MACHINES[machine][current])
