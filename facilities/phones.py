"""Telephone numbers of facilities and of the duty officers of a division."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

PatientKind = Literal["maternal", "newborn"]


class PhoneRole(StrEnum):
    """Who answers."""

    DUTY = "duty"
    OBSTETRIC = "obstetric"
    NEONATAL = "neonatal"
    COORDINATOR = "coordinator"
    EMS120 = "ems120"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Phone:
    """One number of a facility, or of a division's duty officer; ``hours`` empty = always."""

    facility_id_or_adcode: str
    role: PhoneRole
    phone: str
    hours: str = ""

    @property
    def always(self) -> bool:
        """Whether somebody answers at any hour."""
        return self.hours.casefold().replace(" ", "") in _ALWAYS


_ALWAYS = ("", "24h", "24小时", "0-24", "00:00-24:00", "24/7", "24x7")
_LINES: dict[PatientKind, tuple[PhoneRole, ...]] = {
    "maternal": (PhoneRole.OBSTETRIC, PhoneRole.DUTY, PhoneRole.COORDINATOR),
    "newborn": (PhoneRole.NEONATAL, PhoneRole.DUTY, PhoneRole.COORDINATOR),
}
_COORDINATOR = (PhoneRole.COORDINATOR, PhoneRole.DUTY)


def line_of(phones: Iterable[Phone], patient: PatientKind) -> str | None:
    """Return the number to ring for a patient: her specialty, then duty, then coordinator."""
    return _best(phones, _LINES[patient])


def coordinator_of(phones: Iterable[Phone]) -> str | None:
    """Return the number of a division's duty coordinator, None if none is recorded."""
    return _best(phones, _COORDINATOR)


def any_of(phones: Iterable[Phone]) -> str | None:
    """Return a number of last resort: any but the ambulance's, which is not the hospital's."""
    return _best(phones, (PhoneRole.OBSTETRIC, PhoneRole.NEONATAL, PhoneRole.OTHER))


def _best(phones: Iterable[Phone], roles: tuple[PhoneRole, ...]) -> str | None:
    """Return the number of the first role there is, one that always answers before others."""
    found = [phone for phone in phones if phone.role in roles]
    if not found:
        return None
    return min(found, key=lambda phone: (roles.index(phone.role), not phone.always)).phone
