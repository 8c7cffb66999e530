"""What moves patients, and where it is."""

from enum import StrEnum

__all__ = ["FREE", "VehicleKind", "VehicleState"]


class VehicleKind(StrEnum):
    """An ambulance, a team that fetches, or an incubator that goes along with either.

    The first three are what a joint plan sends; an incubator is taken like them.
    """

    AMBULANCE = "ambulance"
    OB_TEAM = "ob_team"
    NEO_TEAM = "neo_team"
    INCUBATOR = "incubator"


class VehicleState(StrEnum):
    """Whether it can be sent now; ``away`` it is with a patient or on the way back."""

    AVAILABLE = "available"
    AWAY = "away"
    OUT_OF_SERVICE = "out_of_service"


FREE = VehicleState.AVAILABLE.value
