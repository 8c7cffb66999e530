"""Referrals as they stand in lists, over HTTP."""

import uuid
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.roads.states import RoadChange

__all__ = [
    "NOT_CONFIRMED",
    "FellDueOut",
    "Model",
    "ReferralLineOut",
    "ReferralsOut",
    "RoadChangedOut",
    "WordOut",
    "WorklistLineOut",
]

NOT_CONFIRMED: list[str] = Field(
    description="Told in the name of the receiving centre and not confirmed by it: the sending "
    "hospital stays responsible (R-DUTY-01)"
)


class Model(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class WordOut(Model):
    """A word that was spoken by telephone."""

    what: str
    said_by: str
    entered_name: str
    entered_at: datetime
    confirm_by: datetime
    confirmed_at: datetime | None


class RoadChangedOut(Model):
    """A road between two neighbours, and what became of it."""

    one: str
    other: str
    change: RoadChange


class FellDueOut(Model):
    """A step whose time has passed: it is done by itself, and where nobody acts, due again."""

    step: str
    at: datetime


class ReferralLineOut(Model):
    """A referral in a list; nothing of it says who she is."""

    id: uuid.UUID
    number: str
    version: int
    status: str
    priority: int
    green_channel: bool
    drill: bool
    patient_kind: str
    county: str
    origin: str | None
    destination: str | None
    requested_at: datetime
    accepted_at: datetime | None = Field(
        description="Since when somebody has said yes; None while a destination is looked for"
    )
    next_step: str | None
    deadline_at: datetime | None
    overdue: bool
    fell_due: list[FellDueOut] = Field(
        description="Steps whose time has passed and that are not done, the first one first. What "
        "is not settled is due again: ``deadline_at`` moves on, what stands here does not"
    )
    owner_org: uuid.UUID | None
    yours: bool
    under_way: bool
    not_confirmed: list[str] = NOT_CONFIRMED
    spoken_yes: WordOut | None = Field(
        description="The yes of the destination, where somebody else entered it by telephone"
    )
    only_by_telephone: list[str] = Field(
        description="Centres whose answer is waited for where nobody has an account: ring them. "
        "Told to who sends, owns or looks after an area, not to a centre that is asked"
    )
    colour: str | None
    roads_changed: list[RoadChangedOut] = Field(
        description="Roads on her way that are not as they were when she was ranked: somebody has "
        "to decide whether she is ranked again. Empty once she has left"
    )


class WorklistLineOut(ReferralLineOut):
    """A referral in a worklist; here ``yours`` says that something waits for your organisation."""

    why: Literal["owner", "asked", "coming", "brings", "sent", "in_sight"] = Field(
        description="The step is yours; an answer of yours is wanted; she is on the way to you; "
        "you are to bring her; "
        "you asked and others act; you see it and nothing is yours to do"
    )


class ReferralsOut(Model):
    """Referrals, page by page."""

    items: list[ReferralLineOut]
    next: str | None
