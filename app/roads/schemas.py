"""What goes in and out over HTTP of closed and slowed roads."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.roads.states import RoadReason, RoadState

__all__ = [
    "RoadClosureIn",
    "RoadClosureOut",
    "RoadClosuresOut",
    "RoadOut",
    "RoadSaidOut",
    "RoadsOut",
]

Code = Field(min_length=1, max_length=20, pattern=r"^(\d{6}|OUT-[A-Z]+)$")


class RoadClosureIn(BaseModel):
    """What is said of a road; ``longer_min`` of a slowed one, and of no other."""

    model_config = ConfigDict(extra="forbid")

    one: str = Code
    other: str = Code
    state: RoadState
    longer_min: int | None = Field(None, ge=1, le=1440)
    reason: RoadReason
    source: str = Field(min_length=1, max_length=200, pattern=r"\S")
    from_at: AwareDatetime | None = Field(None, description="null: from now on")
    until_at: AwareDatetime


class RoadClosureOut(BaseModel):
    """A road that is closed or slowed, who said so, and when it ends or was ended."""

    id: uuid.UUID
    one: str
    other: str
    state: RoadState
    longer_min: int | None
    reason: RoadReason
    source: str
    from_at: datetime
    until_at: datetime
    declared_at: datetime
    by_name: str
    by_org: uuid.UUID
    ended_at: datetime | None


class RoadClosuresOut(BaseModel):
    """A page of them; ``next`` is the cursor of the following one."""

    items: Sequence[RoadClosureOut]
    next: str | None


class RoadOut(BaseModel):
    """A road between two counties, or a county and a city outside the province."""

    one: str
    other: str


class RoadsOut(BaseModel):
    """Every road that something can be said of."""

    items: Sequence[RoadOut]


class RoadSaidOut(BaseModel):
    """What an answer says of a road that is not as usual: until when, and by which office."""

    one: str
    other: str
    state: RoadState
    longer_min: int | None
    reason: RoadReason
    until: datetime
    by_org: str | None
