"""Joint plans over HTTP."""

import json
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.accounts.signed_up import nobody_at
from app.answers import takes
from app.body import sent
from app.calculators.schemas import PlanOut
from app.deps import ActorDep, PlanDep, TrainingDep
from app.keys.words import document, told
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep
from app.referrals.plans import planning
from app.referrals.plans import schemas as plan_schemas
from app.referrals.plans.request import Edit, PlanWish
from app.referrals.plans.tables import JointPlan
from app.referrals.store_lines import waited_for
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["plans"])

CREATED = 201


@router.post(
    "/plans",
    status_code=CREATED,
    response_model=plan_schemas.JointPlanOut,
    openapi_extra=takes(plan_schemas.PlanIn),
)
def make_plan(
    asked: Annotated[plan_schemas.PlanIn, Depends(sent(plan_schemas.PlanIn))],
    actor: ActorDep,
    make: PlanDep,
    training: TrainingDep,
    perform: PerformDep,
) -> Response:
    """Plan for all who wait in your area at once; who is under way keeps where she goes."""
    made = make(
        PlanWish(
            division=planning.area_within(actor, asked.division),
            drill=asked.drill or training,
            with_vehicles=asked.with_vehicles,
            closed_roads=asked.closed_roads,
            reserve=[one.model_dump() for one in asked.reserve],
        )
    )
    return perform(lambda work: Done(plan_out(work, planning.keep(work, made)), CREATED))


@router.get("/plans", response_model=plan_schemas.JointPlansOut)
def list_plans(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List the plans of your area, the last one first, page by page."""

    def act(work: Work) -> Done:
        before = None if cursor is None else decode(cursor, uuid.UUID)
        found = planning.of_area(work, before=before, most=limit + 1)
        shown, following = cut(found, lambda one: str(one.id), limit)
        lines = [_line(work, row) for row in shown]
        return Done(plan_schemas.JointPlansOut(items=lines, next=following))

    return see(act)


@router.get("/plans/{plan_id:uuid}", response_model=plan_schemas.JointPlanOut)
def show_plan(plan_id: uuid.UUID, see: LookDep) -> Response:
    """Show a plan beside what two simpler ways would have come to."""
    return see(lambda work: Done(plan_out(work, planning.plan_of(work, plan_id))))


@router.post(
    "/plans/{plan_id}/edit",
    status_code=CREATED,
    response_model=plan_schemas.JointPlanOut,
    openapi_extra=takes(plan_schemas.PlanEditIn),
)
def edit_plan(
    plan_id: uuid.UUID,
    asked: Annotated[plan_schemas.PlanEditIn, Depends(sent(plan_schemas.PlanEditIn))],
    make: PlanDep,
    see: LookDep,
    perform: PerformDep,
) -> Response:
    """Plan again with what you change: who is left out, who goes where. It is a plan of its own."""
    if (again := perform.known()) is not None:
        return again
    edit = Edit(
        of=plan_id,
        because=asked.because,
        left_out=frozenset(asked.left_out),
        sent={one.referral_id: one.facility_id for one in asked.sent},
    )
    made = make(see.read(lambda work: planning.changed(work, edit)))
    return perform(lambda work: Done(plan_out(work, planning.keep(work, made)), CREATED))


@router.post("/plans/{plan_id}/apply", response_model=plan_schemas.JointPlanOut)
def apply_plan(plan_id: uuid.UUID, perform: PerformDep) -> Response:
    """Ask the planned centres, all at once. 412 names who has moved; then nobody was asked."""
    return perform(lambda work: Done(plan_out(work, planning.apply(work, plan_id))))


@router.post(
    "/plans/{plan_id}/reject",
    response_model=plan_schemas.JointPlanOut,
    openapi_extra=takes(plan_schemas.RejectIn),
)
def reject_plan(
    plan_id: uuid.UUID,
    why: Annotated[plan_schemas.RejectIn, Depends(sent(plan_schemas.RejectIn))],
    perform: PerformDep,
) -> Response:
    """Say that a plan is not followed, and why."""
    return perform(lambda work: Done(plan_out(work, planning.reject(work, plan_id, why.reason))))


def plan_out(work: Work, row: JointPlan) -> plan_schemas.JointPlanOut:
    """Return a plan as it was made, and what became of it."""
    asked = document(work.session, row, "asked")
    answer = PlanOut.model_validate(document(work.session, row, "answer"))
    marks = json.loads(row.versions)
    frozen = {one["id"]: one["frozen_to"] for one in asked["requests"]}
    waited = waited_for(work.session, [uuid.UUID(key) for key in marks])
    goals = {one.facility_id for one in answer.assignments if one.facility_id is not None}
    return plan_schemas.JointPlanOut(
        id=row.id,
        division=row.division,
        drill=asked["drill"],
        status=row.status,
        made_at=row.made_at,
        decided_at=row.decided_at,
        reason=told(work.session, row, "reason"),
        edit=asked.get("edit"),
        referrals=[
            plan_schemas.PlannedOut(
                referral_id=uuid.UUID(key),
                number=mark["number"],
                version=mark["version"],
                kept_at=asked["kept"].get(key),
                left_out=asked["left_out"].get(key),
                frozen_to=frozen.get(key),
                asked=list(waited.get(uuid.UUID(key), ())),
                choices=asked.get("choices", {}).get(key, []),
            )
            for key, mark in marks.items()
        ],
        nobody_signed_up=sorted(nobody_at(work.session, goals, at=work.now)),
        plan=answer,
    )


def _line(work: Work, row: JointPlan) -> plan_schemas.JointPlanLineOut:
    return plan_schemas.JointPlanLineOut(
        id=row.id,
        division=row.division,
        drill=document(work.session, row, "asked")["drill"],
        status=row.status,
        made_at=row.made_at,
        decided_at=row.decided_at,
    )
