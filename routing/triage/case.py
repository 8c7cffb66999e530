"""One patient as the triage sees her: facts, the place she is in, the time of the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from facilities.capability import Trust
from facilities.centre import Grade, MaternalLevel, NeonatalLevel
from routing.triage.expression import Value

__all__ = ["NO_SENDER", "Case", "Eta", "PatientKind", "Sender"]

PatientKind: TypeAlias = Literal["maternal", "newborn"]


@dataclass(frozen=True, slots=True)
class Sender:
    """The hospital she is in: what the request says, else what the registry knows (R-DEST-05).

    ``capabilities`` carries a trust each and holds every ward code up to the ward there is;
    ``stated_capabilities`` tells that the request itself listed them.
    """

    facility_id: str | None
    given: bool
    maternal_level: MaternalLevel | None
    grade: Grade | None
    neonatal_level: NeonatalLevel | None
    capabilities: Mapping[str, Trust]
    stated_capabilities: bool


NO_SENDER = Sender(
    facility_id=None,
    given=False,
    maternal_level=None,
    grade=None,
    neonatal_level=None,
    capabilities=MappingProxyType({}),
    stated_capabilities=False,
)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known when the question is asked; ``facts`` are stored values (weeks in days)."""

    patient: PatientKind
    facts: Mapping[str, Value]
    sender: Sender
    decided_at: datetime
    now: datetime

    @property
    def elapsed_s(self) -> int:
        """Seconds since the decision to refer, never below 0 (R-COST-01)."""
        return max(0, int((self.now - self.decided_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Eta:
    """Minutes from now to the first destination; ``cooling_min``: soonest care with cooling."""

    expected_min: float
    high_min: float
    cooling_min: float | None
