"""What goes in and out of joint plans over HTTP."""

import uuid
from datetime import datetime

from pydantic import Field

from app.calculators.schemas import PlanOut, ReserveIn
from app.referrals.schemas import County, Model, Why

__all__ = ["JointPlanOut", "JointPlansOut", "PlanIn", "RejectIn"]


class PlanIn(Model):
    """For whom to plan; nothing has to be said."""

    division: County | None = Field(None, description="Your area where none is named")
    drill: bool = False
    with_vehicles: bool = Field(
        True, description="False takes as many vehicles to be there as are needed"
    )
    closed_roads: list[tuple[str, str]] = Field(default_factory=list)
    reserve: list[ReserveIn] = Field(default_factory=list)


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


class JointPlanOut(Model):
    """One plan for all who wait in an area. ``request_id`` in it is ``referral_id``."""

    id: uuid.UUID
    division: str
    drill: bool
    status: str
    made_at: datetime
    decided_at: datetime | None
    reason: str | None
    referrals: list[PlannedOut]
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
