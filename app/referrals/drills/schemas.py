"""What goes out of the figures of exercises over HTTP."""

from datetime import datetime

from pydantic import Field

from app.referrals.line_schemas import Model

__all__ = ["DrillOut", "DrillsOut"]


class DrillOut(Model):
    """One exercise: counts, minutes since the request, and which centres answered."""

    county: str
    number: str
    requested_at: datetime
    priority: int
    status: str
    asked: int
    declined: int
    silent: int
    minutes_to_offer: float | None
    minutes_to_answer: float | None
    minutes_to_accept: float | None
    minutes_to_hand_over: float | None
    answered_by: tuple[str, ...]
    accepted_by: str | None


class DrillsOut(Model):
    """The exercises of a month, and the counties without one (R-DRILL-01)."""

    month: str
    drill: bool = Field(description="Always true: nothing here is real")
    items: list[DrillOut]
    counties_without: list[str]
