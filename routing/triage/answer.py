"""The answer of an assessment, field by field as the interface writes it (contract.md 2.1)."""

from dataclasses import dataclass

from routing.triage.deadlines import Deadline
from routing.triage.need import Seat
from routing.triage.scores import Scores

__all__ = ["Assessment", "Condition", "Need", "PlannedDelivery", "Presumed"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A true row of the colour table."""

    rule: str
    name_zh: str
    status: str


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """Where her colours are delivered (R-MGMT)."""

    min_institution_grade: int
    preferred_institution_grade: int
    min_maternal_level: str


@dataclass(frozen=True, slots=True)
class Presumed:
    """A row that counts until what is asked is answered (R-DATA-01b)."""

    row: str
    ask: tuple[str, ...]
    stated: bool


@dataclass(frozen=True, slots=True)
class Need:
    """What the destination must have; a null time is no limit."""

    capabilities: tuple[str, ...]
    preferred: tuple[str, ...]
    min_maternal_level: str | None
    min_neonatal_level: str | None
    places: tuple[Seat, ...]
    target_max_min: float | None
    hard_max_min: float | None
    escort: str | None
    never_bypass: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """What this patient needs, and whether she may move."""

    colour: str | None
    purple: bool
    labels: tuple[str, ...]
    incomplete: bool
    undetermined: tuple[str, ...]
    ask_next: tuple[str, ...]
    conditions: tuple[Condition, ...]
    case_file: bool | None
    planned_delivery: PlannedDelivery | None
    emergencies: tuple[str, ...]
    presumed: tuple[Presumed, ...]
    priority: int
    need: Need
    decision: str
    holds: tuple[str, ...]
    first_actions: tuple[str, ...]
    scores: Scores
    deadlines: tuple[Deadline, ...]
    rule_set: str
    unsigned_rules: int
    cooling_window_missed: bool
