"""What goes in and out of joint plans over HTTP."""

import uuid
from datetime import datetime

from pydantic import Field

from app.calculators.schemas import PlanOut, ReserveIn
from app.referrals.line_schemas import Model
from app.referrals.schemas import County, Why
from app.referrals.states import ChoiceReason

__all__ = ["JointPlanOut", "JointPlansOut", "PlanEditIn", "PlanIn", "RejectIn"]

MOST_CHANGED = 300


class PlanIn(Model):
    """For whom to plan; nothing has to be said."""

    division: County | None = Field(None, description="Your area where none is named")
    drill: bool = False
    with_vehicles: bool = Field(
        True, description="False takes as many vehicles to be there as are needed"
    )
    closed_roads: list[tuple[str, str]] = Field(default_factory=list)
    reserve: list[ReserveIn] = Field(default_factory=list)


class SentIn(Model):
    """Somebody who is to go to one centre and no other."""

    referral_id: uuid.UUID
    facility_id: str


class PlanEditIn(Model):
    """What is changed in a plan; the rest is planned around it.

    Everything that is to differ from a plan by the engine alone is named, also what the plan that
    is changed had changed itself.
    """

    because: ChoiceReason
    left_out: list[uuid.UUID] = Field(default_factory=list, max_length=MOST_CHANGED)
    sent: list[SentIn] = Field(default_factory=list, max_length=MOST_CHANGED)


class PlanEditOut(Model):
    """What somebody changed in the plan ``of``."""

    of: uuid.UUID
    because: str
    left_out: list[uuid.UUID]
    sent: dict[uuid.UUID, str]


class RejectIn(Model):
    """Why a plan is not followed."""

    reason: Why


class PlannedOut(Model):
    """A referral of a plan, by its number; nothing of it says who she is."""

    referral_id: uuid.UUID
    number: str
    version: int
    kept_at: str | None = Field(description="Where her places are held already")
    left_out: str | None = Field(description="Why the plan cannot speak of her")
    frozen_to: str | None = Field(description="Where she goes whatever the plan says")
    asked: list[str] = Field(description="Centres that are asked for her now")
    choices: list[str] = Field(description="Where she may be sent by hand: of her ranking")


class JointPlanOut(Model):
    """One plan for all who wait in an area. ``request_id`` in it is ``referral_id``."""

    id: uuid.UUID
    division: str
    drill: bool
    status: str
    made_at: datetime
    decided_at: datetime | None
    reason: str | None
    edit: PlanEditOut | None = Field(description="What somebody changed in another plan")
    referrals: list[PlannedOut]
    nobody_signed_up: list[str] = Field(
        description="Centres of the plan where nobody has an account: to be rung"
    )
    plan: PlanOut


class JointPlanLineOut(Model):
    """A plan in a list."""

    id: uuid.UUID
    division: str
    drill: bool
    status: str
    made_at: datetime
    decided_at: datetime | None


class JointPlansOut(Model):
    """Plans of an area, the last one first."""

    items: list[JointPlanLineOut]
    next: str | None
