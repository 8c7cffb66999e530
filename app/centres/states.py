"""What a centre may say of itself for a while, and in which words."""

from enum import StrEnum

from facilities.phones import PhoneRole

__all__ = [
    "BLOOD_GROUPS",
    "COMPONENTS",
    "DIVERSION_REASONS",
    "DUTY_ROLES",
    "LEVELS",
    "WHOLE",
    "CentreKind",
    "PlaceState",
    "Settled",
]

WHOLE = ""
"""Stands for the whole facility where a kind of place may stand."""

DIVERSION_REASONS = (
    "full",
    "no_theatre",
    "no_anaesthetist",
    "no_staff",
    "no_blood",
    "equipment_down",
    "building_closed",
    "ward_outbreak",
    "disaster",
)
"""Inability to pay, infection of the patient and residence elsewhere are none (R-REF-04)."""


class CentreKind(StrEnum):
    """What a facility is designated as."""

    MATERNAL = "maternal"
    NEWBORN = "newborn"


LEVELS = {
    CentreKind.MATERNAL: ("M0", "M1", "M2", "M3"),
    CentreKind.NEWBORN: ("N1", "N2", "N3"),
}

DUTY_ROLES = tuple(
    role.value for role in PhoneRole if role not in (PhoneRole.EMS120, PhoneRole.OTHER)
)

COMPONENTS = ("red_cells", "plasma", "platelets", "cryoprecipitate", "whole_blood")
BLOOD_GROUPS = ("O+", "A+", "B+", "AB+", "O-", "A-", "B-", "AB-")


class PlaceState(StrEnum):
    """What a place is like just now."""

    FREE = "free"
    HELD = "held"
    OCCUPIED = "occupied"
    BLOCKED = "blocked"
    OUT_OF_SERVICE = "out_of_service"


class Settled(StrEnum):
    """How a contradiction between a hospital and the ledger came to its end."""

    FIGURES_AGREE = "figures_agree"
    COUNTED_AGAIN = "counted_again"
    REPORT_WAS_WRONG = "report_was_wrong"
    PATIENT_NOT_IN_LEDGER = "patient_not_in_ledger"
    PLACE_OUT_OF_USE = "place_out_of_use"
