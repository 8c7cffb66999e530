"""Rows that say who may decide, by which criteria, and who belongs to a group of aid."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from facilities.centre import Grade
from routing.triage.expression import Node
from routing.triage.rows import RowInfo

__all__ = ["Act", "ActRow", "AidGroup", "Rank", "TrialKind", "TrialRow"]


class Act(StrEnum):
    """What only some may do."""

    ASSESS = "assess"
    PLAN = "plan"
    JUDGE_CONTINUATION = "judge_continuation"
    END_PREGNANCY = "end_pregnancy"


class Rank(StrEnum):
    """Professional rank of a physician, rising: 住院, 主治, 副主任, 主任医师."""

    RESIDENT = "resident"
    ATTENDING = "attending"
    DEPUTY_CHIEF = "deputy_chief"
    CHIEF = "chief"

    @property
    def order(self) -> int:
        """Place among the ranks."""
        return tuple(Rank).index(self)


@dataclass(frozen=True, slots=True)
class ActRow:
    """Who may do something for a woman of these labels, and who has a part in it."""

    info: RowInfo
    act: Act
    labels: tuple[str, ...]
    min_grade: Grade
    capabilities: tuple[str, ...]
    min_rank: Rank | None
    higher_centre: bool
    woman_informed: bool


class TrialKind(StrEnum):
    """What a row says of a trial of labour: needed, forbidding, or shown as risk or comfort."""

    NEEDS = "needs"
    FORBIDS = "forbids"
    RAISES = "raises"
    LOWERS = "lowers"


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One criterion of a trial of labour after a caesarean (R-SCAR-02, 03, 08)."""

    info: RowInfo
    kind: TrialKind
    condition: Node


@dataclass(frozen=True, slots=True)
class AidGroup:
    """A group of medical aid with the days on which it is one; None is no bound (R-PAY-03)."""

    info: RowInfo
    code: str
    valid_from: date | None
    valid_to: date | None
