"""What goes in and out of bookings over HTTP."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.bookings.sight import BookingSight
from app.bookings.states import (
    ClosureReason,
    DeclineReason,
    LodgingReply,
    LodgingSource,
    WithdrawReason,
)
from app.roads.schemas import RoadSaidOut
from facilities.capacity import PlaceKind

__all__ = [
    "WEEKS",
    "WEEKS_MOST",
    "AcceptBookingsIn",
    "AcceptedBookingsOut",
    "BookingBesideOneOut",
    "BookingBesideOut",
    "BookingBesidesOut",
    "BookingByHandIn",
    "BookingDeclineIn",
    "BookingElsewhereOut",
    "BookingElsewheresOut",
    "BookingLoadsOut",
    "BookingOut",
    "BookingRunIn",
    "BookingRunOut",
    "BookingRunUnderWayOut",
    "BookingSpokenIn",
    "BookingWithdrawIn",
    "BookingsOut",
    "LodgingAnswerIn",
    "LodgingAnswerOut",
    "LodgingPlacesIn",
    "LodgingPlacesListOut",
    "LodgingPlacesOut",
    "WardClosureIn",
    "WardClosureOut",
    "WardClosuresOut",
]

Why = Annotated[str, StringConstraints(min_length=4, max_length=500, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Division = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
Whole = Annotated[int, Field(ge=0, le=10_000)]
MOST_AT_ONCE = 200
WEEKS, WEEKS_MOST = 24, 52


class Sent(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """Read from a row."""

    model_config = ConfigDict(from_attributes=True)


class BookingRunIn(Sent):
    """For whom to book; nothing has to be said."""

    division: Division | None = Field(None, description="Your area where none is named")
    weeks: Annotated[int, Field(ge=1, le=WEEKS_MOST)] = WEEKS
    rethink: bool = Field(
        False,
        description="True lets places change that are somebody's, where that pays for itself",
    )


class BookingBesideOut(BaseModel):
    """How many pregnancies of a reason were in no row of a run, when it was made."""

    reason: str
    women: int


class BookingRunOut(BaseModel):
    """A run; ``id`` in the answer is the key of a file."""

    id: uuid.UUID
    division: str
    status: str
    proven: bool
    objective_min: float
    bound_min: float | None
    women: int
    unbooked: int
    set_aside: int
    weeks: int
    rule_set: str
    made_at: datetime
    nightly: bool
    pending: bool = Field(description="Proposals of it are still being written")
    beside: list[BookingBesideOut] = Field(
        description="Others of your area that the files called pregnant; read by reason, paged"
    )
    roads: list[RoadSaidOut] = Field(
        description="Roads that are not as usual in the weeks of somebody, and were counted"
    )
    answer: dict[str, object]


class BookingBesideOneOut(Shown):
    """A pregnancy that is in no row of a run; ``id`` is the key of her file."""

    id: uuid.UUID
    county: str
    reason: str


class BookingBesidesOut(BaseModel):
    """A page of them, as they are now; ``next`` is the cursor of the following one."""

    items: list[BookingBesideOneOut]
    next: str | None


class BookingRunUnderWayOut(Shown):
    """A run that the worker is making; it will have this ``id``."""

    id: uuid.UUID
    division: str
    weeks: int


class BookingElsewhereOut(Shown):
    """Another centre; with no reason against it, it may be chosen by hand."""

    facility_id: str
    minutes: int
    by_open_roads: int | None = Field(
        description="Minutes by the roads that are open in her weeks; null where none leads there"
    )
    why_not: list[str]


class BookingElsewheresOut(Shown):
    """The nearest other centres; none where not all of her booking is seen."""

    by_open_roads: int | None = Field(
        description="Minutes to hers by the roads that are open in her weeks; null where none does"
    )
    roads: list[RoadSaidOut] = Field(
        description="Roads that are closed or slowed in her weeks and lengthen one of these ways"
    )
    items: list[BookingElsewhereOut]


class BookingOut(BaseModel):
    """A booking; before its consent a centre sees the minimum of it."""

    id: uuid.UUID
    sight: BookingSight
    file_id: uuid.UUID | None
    file_number: str
    run_id: uuid.UUID | None
    facility_id: str
    status: str
    version: int
    come_by: date | None
    lodging: bool
    minutes: int
    cost_min: float | None
    why: list[str]
    kinds: list[str]
    colour: str | None
    purple: bool
    residence_county: str
    edd: date
    over_limit: bool = Field(
        description="More is expected in a week of hers than the centre holds, and that is known"
    )
    chosen_because: str | None
    asked_at: datetime | None
    booked_at: datetime | None
    consent_said_by: str | None = Field(
        description="Who of the centre consented by telephone, where somebody else entered it"
    )
    confirmed_at: datetime | None
    next_due_at: datetime | None
    next_step: str | None
    reason: str | None
    reopened_for: list[str]
    replaced_by: uuid.UUID | None


class BookingsOut(BaseModel):
    """Bookings in sight, in the order in which they were made."""

    items: list[BookingOut]
    next: str | None


class AcceptOneIn(Sent):
    """A proposal, as it was read."""

    id: uuid.UUID
    version: Annotated[int, Field(ge=1)]


class AcceptBookingsIn(Sent):
    """Proposals to accept together, each with an answer of its own."""

    bookings: Annotated[Sequence[AcceptOneIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class AcceptedOneOut(BaseModel):
    """What became of one: it is asked for now, or the problem that kept it from being."""

    id: uuid.UUID
    booking: BookingOut | None
    problem: dict[str, object] | None


class AcceptedBookingsOut(BaseModel):
    """An answer for each."""

    items: list[AcceptedOneOut]


class BookingByHandIn(Sent):
    """A centre that you choose, and why."""

    facility_id: Code
    come_by: date | None = None
    lodging: bool = False
    because: Why


class BookingDeclineIn(Sent):
    """Why your centre does not take her."""

    reason: DeclineReason


class BookingSpokenIn(Sent):
    """Who of the centre said yes on the telephone."""

    said_by: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class BookingWithdrawIn(Sent):
    """Why it is taken back."""

    reason: WithdrawReason


class LodgingAnswerIn(Sent):
    """What she said; without a time it is now."""

    answer: LodgingReply
    happened_at: AwareDatetime | None = None


class LodgingAnswerOut(Shown):
    """What she said."""

    id: uuid.UUID
    file_id: uuid.UUID
    answer: str
    happened_at: datetime
    entered_at: datetime


class LodgingPlacesIn(Sent):
    """Places to live near a centre; the last word on a day counts."""

    facility_id: Code
    places: Whole
    from_day: date
    to_day: date | None = None
    source: LodgingSource
    assumed: bool = False


class LodgingPlacesOut(Shown):
    """Places to live near a centre."""

    id: uuid.UUID
    facility_id: str
    places: int
    from_day: date
    to_day: date | None
    source: str
    assumed: bool
    declared_at: datetime


class LodgingPlacesListOut(BaseModel):
    """All that was said of a centre, the last word last."""

    items: list[LodgingPlacesOut]


class WardClosureIn(Sent):
    """A ward that takes no bookings for some days, both ends included."""

    facility_id: Code
    kind: PlaceKind
    from_day: date
    to_day: date
    reason: ClosureReason


class WardClosureOut(Shown):
    """A closed ward."""

    id: uuid.UUID
    facility_id: str
    kind: str
    from_day: date
    to_day: date
    reason: str
    declared_at: datetime
    lifted_at: datetime | None


class WardClosuresOut(BaseModel):
    """Closed wards of a centre that are not over."""

    items: list[WardClosureOut]


class BookingLoadOut(Shown):
    """Expected load of one kind of place in one week beside its limit, in bed-days."""

    facility_id: str
    week: str
    kind: str
    places: int
    load: float
    limit: float
    assumed: bool


class BookingLoadsOut(BaseModel):
    """Weeks of centres in which somebody is expected."""

    items: list[BookingLoadOut]
