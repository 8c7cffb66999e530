"""What the destination must have, as routing works with it (R-DEST-01, 01b, 02b, R-LEVEL-01b)."""

from dataclasses import dataclass
from typing import Literal

from facilities.capacity import PlaceKind
from facilities.centre import WardLevel
from routing.triage.case import PatientKind
from routing.triage.rows import Groups, LevelAlternative

__all__ = ["LevelFloor", "RoutingNeed", "Seat"]


@dataclass(frozen=True, slots=True)
class Seat:
    """One place that one patient takes: ``mother``, ``newborn_1`` and so on."""

    seat: str
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class LevelFloor:
    """The administrative level one row asks for; an alternative satisfies it outright."""

    maternal: int | None
    neonatal: int | None
    alternatives: tuple[LevelAlternative, ...]


@dataclass(frozen=True, slots=True)
class RoutingNeed:
    """What routing works with; the public ``Need`` is made from it.

    ``floor`` holds the groups whose absence excludes a centre: all that is required, for
    never-bypass rows the theatre only (R-DEST-01b), nothing during cardiac arrest (R-HOLD-09).
    ``level_is_floor`` is true for planned care only (R-LEVEL-01b). ``target_s`` and ``hard_s``
    count from the decision to refer; None is no limit. With ``cooling`` the same newborn may
    always go by ``without_cooling`` (R-ROUTE-09).
    """

    patient: PatientKind
    required: Groups
    floor: Groups
    preferred: Groups
    levels: tuple[LevelFloor, ...]
    level_is_floor: bool
    min_grade: int | None
    ward: WardLevel | None
    seats: tuple[Seat, ...]
    target_s: int | None
    hard_s: int | None
    escort: str | None
    never_bypass: bool
    suppressed: bool
    cooling: bool
    without_cooling: "RoutingNeed | None"
    first_stop: Literal["mother", "newborn"] | None
    rows: tuple[str, ...]
