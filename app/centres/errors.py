"""What can go wrong with places.

AppError
  PlaceLostError   a seat has no free place at that centre any more
"""

from app.errors import AppError

__all__ = ["PlaceLostError"]


class PlaceLostError(AppError, LookupError):
    """A seat has no free place at a centre: somebody else was first, or it was closed."""

    def __init__(self, facility_id: str, seat: str, kind: str) -> None:
        self.facility_id = facility_id
        self.seat = seat
        self.kind = kind
        super().__init__(
            f"no free {kind} at {facility_id} for {seat} any more; go on to the next centre"
        )
