"""What can go wrong with places.

AppError
  PlaceLostError       a seat has no free place at that centre any more
  ReportRefusedError   a report of places that cannot be
"""

from collections.abc import Sequence

from app.errors import AppError

__all__ = ["PlaceLostError", "ReportRefusedError"]


class PlaceLostError(AppError, LookupError):
    """A seat has no free place at a centre: somebody else was first, or it was closed."""

    def __init__(self, facility_id: str, seat: str, kind: str) -> None:
        self.facility_id = facility_id
        self.seat = seat
        self.kind = kind
        self.told = {"facility_id": facility_id, "seat": seat, "kind": kind}
        super().__init__(
            f"no free {kind} at {facility_id} for {seat} any more; go on to the next centre"
        )


class ReportRefusedError(AppError, ValueError):
    """A report of places that cannot be; ``faults`` lists every reason, nothing was changed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(faults)}
        super().__init__(f"the report cannot be: {', '.join(faults)}; correct it and send it again")
