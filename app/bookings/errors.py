"""What can go wrong with a booking.

AppError
  BookingRefusedError    it cannot be done so; every reason is listed
  BookingOvertakenError  something has changed since it was proposed
  NotYourBookingError    it is seen, and another party has to do it
  StaleBookingError      something became of it since it was read
"""

import uuid
from collections.abc import Iterable

from app.errors import AppError, StaleError

__all__ = [
    "BookingOvertakenError",
    "BookingRefusedError",
    "NotYourBookingError",
    "StaleBookingError",
]


class BookingRefusedError(AppError, ValueError):
    """It cannot be done so; ``faults`` lists every reason, nothing was kept."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(self.faults)}
        super().__init__(f"this cannot be booked so: {', '.join(self.faults)}; choose again")


class BookingOvertakenError(AppError, ValueError):
    """What a proposal rests on has changed since; ``faults`` say how. Nobody was asked."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(self.faults)}
        super().__init__(f"the proposal is overtaken ({', '.join(self.faults)}); have it made anew")


class NotYourBookingError(AppError, PermissionError):
    """It may be seen, and somebody else has to do it; ``who`` is that."""

    def __init__(self, who: str) -> None:
        self.told = {"allowed": [who]}
        super().__init__(f"this is for the {who} to do; ring them")


class StaleBookingError(StaleError):
    """Something became of the booking since it was read."""

    def __init__(self, booking_id: uuid.UUID, *, read: int, now: int) -> None:
        super().__init__("booking", booking_id, read=read, now=now)
