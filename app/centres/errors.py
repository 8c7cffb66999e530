"""What can go wrong with places.

AppError
  DiversionOpenError   the centre asks already to be passed over for these places
  NotYoursError        the actor may not speak for that facility or division
  PlaceLostError       a seat has no free place at that centre any more
  ReportRefusedError   what was reported cannot be
"""

from collections.abc import Sequence

from app.errors import AppError

__all__ = ["DiversionOpenError", "NotYoursError", "PlaceLostError", "ReportRefusedError"]


class DiversionOpenError(AppError, ValueError):
    """A centre asks already to be passed over, as a whole or for this ``kind`` of place."""

    def __init__(self, facility_id: str, kind: str) -> None:
        self.facility_id = facility_id
        self.kind = kind
        self.told = {"facility_id": facility_id, "kind": kind or None}
        super().__init__(
            f"{facility_id} asks already to be passed over ({kind or 'all places'}); "
            "lift that first to say something else"
        )


class NotYoursError(AppError, PermissionError):
    """The actor may not speak for a facility or division, ``code``."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.told = {"code": code}
        super().__init__(f"you may not speak for {code}; its own staff or its duty officer may")


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
    """What was reported cannot be; ``faults`` lists every reason, nothing was changed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(faults)}
        super().__init__(f"the report cannot be: {', '.join(faults)}; correct it and send it again")
