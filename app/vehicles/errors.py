"""What can go wrong with vehicles.

AppError
  VehicleGoneError   somebody else has taken it, or it is out of service
  StaleVehicleError  something became of it since it was read
  NotYoursError      (of centres) the actor may not speak for its organisation
"""

import uuid
from collections.abc import Mapping

from app.errors import AppError, StaleError

__all__ = ["StaleVehicleError", "VehicleGoneError"]


class VehicleGoneError(AppError, LookupError):
    """A vehicle cannot be taken: it is away or out of service. ``cover`` is what is left, by kind.

    That is what the sender needs next, so the refusal brings it along (R-ESC-03).
    """

    def __init__(self, label: str, state: str, cover: Mapping[str, int]) -> None:
        self.label = label
        self.state = state
        self.cover = dict(cover)
        self.told = {"label": label, "state": state, "cover": dict(cover)}
        super().__init__(f"{label} is {state}; take another vehicle or ring 120")


class StaleVehicleError(StaleError):
    """It was sent out, came home or was taken out of service since it was read."""

    def __init__(self, vehicle_id: uuid.UUID, *, read: int, now: int) -> None:
        super().__init__("vehicle", vehicle_id, read=read, now=now)
