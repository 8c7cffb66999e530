"""What goes into and comes out of booking, for the documents of the interface."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from app.calculators.schemas import FactValue, Model, OriginIn, ReserveIn

__all__ = ["BookingsOut", "BookingsRequest"]

Plan = Literal["early_caesarean", "planned_caesarean", "trial_of_labour", "spontaneous"]
WEEK = Field(examples=["2026-W49"], description="ISO week in Yunnan")


class DeclinedIn(Model):
    """A centre that is not to be hers: who said no, when and why."""

    facility_id: str
    by: Literal["woman", "centre"]
    at: date
    reason: str


class PregnancyIn(Model):
    """One pregnancy; a fact that is missing is unknown, never normal."""

    id: str
    origin: OriginIn
    due_date: date
    colour: Literal["green", "yellow", "orange", "red"] | None = None
    purple: bool | None = None
    facts: dict[str, FactValue] | None = None
    plan: Plan | None = Field(None, description="planned way of birth; else it follows from facts")
    booked_facility_id: str | None = None
    booked_lodging: bool | None = None
    refuses_lodging: bool | None = None
    frozen: bool | None = None
    aid_group: str | None = Field(None, description="reported on, never an input of the choice")
    declined: list[DeclinedIn] | None = Field(
        None, description="hers only where there is nothing else, and then said"
    )
    closed_roads: list[tuple[str, str]] | None = Field(
        None, description="roads that are closed in some of her weeks; they count in all of them"
    )
    slowed_roads: list[tuple[str, str, int]] | None = None


class RoomIn(Model):
    """Places of one kind that may be booked in one week."""

    facility_id: str
    week: str = WEEK
    kind: str
    places: int


class LodgingIn(Model):
    """Lodging places near a facility in one week."""

    facility_id: str
    week: str = WEEK
    places: int


class BookingsRequest(Model):
    """All pregnancies to look at, and what there is for them."""

    pregnancies: list[PregnancyIn]
    room: list[RoomIn] | None = None
    lodging: list[LodgingIn] | None = None
    reserve: list[ReserveIn] | None = None
    weeks: int | None = Field(None, ge=1, le=52)
    now: AwareDatetime | None = None


class BookedOut(BaseModel):
    """Where one woman gives birth, and by when she comes to live near it."""

    id: str
    facility_id: str
    come_by: date | None
    lodging: bool
    cost_min: float | None
    time_to_care_min: float | None
    due_week: str
    plan: Plan
    kinds: list[str]
    why: list[str]
    declined: list[DeclinedIn]


class BlockOut(BaseModel):
    """A week that is full; ``kind`` null is lodging."""

    code: str
    facility_id: str | None
    week: str | None
    kind: str | None


class AddedOut(BaseModel):
    """Places of a kind more in one week of one centre."""

    code: str
    facility_id: str
    week: str
    kind: str | None
    n: int


class ReliefOut(BaseModel):
    """What, added together, gives one woman more a place; verified."""

    added: list[AddedOut]
    facility_id: str | None


class UnbookedOut(BaseModel):
    """A woman without a booked place."""

    id: str
    blocking: list[BlockOut]
    relief: list[ReliefOut]


class SetAsideOut(BaseModel):
    """A pregnancy that is not booked here."""

    id: str
    reason: Literal["with_county", "unassessed", "delivered", "beyond_horizon"]
    facility_id: str | None


class TotalsOut(BaseModel):
    """What was reached, in minutes."""

    booked: int
    unbooked: int
    unbooked_bound: int
    objective: float
    bound: float | None
    gap: float | None
    moved: int


class RuleOut(BaseModel):
    """What a simple rule reaches with the same room."""

    booked: int
    unbooked: int
    objective: float


class TimeOfOut(BaseModel):
    """Expected time to care of the women of a county or an aid group."""

    booked: int
    unbooked: int
    mean_min: float | None
    longest_min: float | None


class FullWeekOut(BaseModel):
    """A centre-week that decided something."""

    facility_id: str
    week: str
    kind: str | None
    places: int
    load: float
    limit: float
    assumed: bool


class BookingsOut(BaseModel):
    """Every pregnancy stands once: in ``bookings``, ``unbooked`` or ``set_aside``."""

    status: Literal["optimal", "feasible", "fallback_greedy"]
    proven: bool
    totals: TotalsOut
    seed: int
    bookings: list[BookedOut]
    unbooked: list[UnbookedOut]
    set_aside: list[SetAsideOut]
    full_weeks: list[FullWeekOut]
    by_county: dict[str, TimeOfOut]
    by_aid_group: dict[str, TimeOfOut]
    against: dict[str, RuleOut]
    rule_set: str
    unsigned_rules: int
    solve_ms: float
