"""What can go wrong with vehicles.

AppError
  VehicleGoneError   somebody else has taken it, or it is out of service
  NotYoursError      (of centres) the actor may not speak for its organisation
"""

from collections.abc import Mapping

from app.errors import AppError

__all__ = ["VehicleGoneError"]


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
