"""The rows by which a birth is booked: plan of birth, weeks of birth, lodging before labour."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.triage.expression import Node

__all__ = ["PLANS", "BirthPlanRow", "BirthWeeksRow", "BookingRows", "LodgingRow"]

PLANS = ("early_caesarean", "planned_caesarean", "trial_of_labour", "spontaneous")


@dataclass(frozen=True, slots=True)
class BirthPlanRow:
    """A plan of birth; it holds where ``when`` is true, None is always."""

    rule: str
    plan: str
    when: Node | None
    caesarean: bool


@dataclass(frozen=True, slots=True)
class BirthWeeksRow:
    """Share of births by completed week of pregnancy for one plan and colour; sums to 1."""

    rule: str
    plan: str
    colour: str
    shares: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class LodgingRow:
    """Who comes to live near her centre: how far is too far, and by which day of pregnancy.

    It holds where ``when`` is true (None is always) and her colour is at least ``min_colour``
    (None is any); ``required`` says that living further away is no choice (R-SCAR-04).
    """

    rule: str
    when: Node | None
    min_colour: str | None
    over_min: float
    come_by_days: int
    required: bool


@dataclass(frozen=True, slots=True)
class BookingRows:
    """All rows of booking; plans in the order in which they are asked."""

    plans: tuple[BirthPlanRow, ...]
    weeks: tuple[BirthWeeksRow, ...]
    lodging: tuple[LodgingRow, ...]
