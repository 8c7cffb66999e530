"""The calculators over HTTP: parse, ask, answer; nothing is stored and nothing is logged."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.answers import answer, takes
from app.body import json_body
from app.calculators import booking_schemas, schemas, service
from app.deps import AheadDep, EngineDep, RoadsDep
from app.referrals.ahead import Ahead

__all__ = ["router"]

router = APIRouter(tags=["calculators"])

Document = Annotated[Mapping[str, object], Depends(json_body("max_body_bytes"))]
PlanDocument = Annotated[Mapping[str, object], Depends(json_body("max_plan_body_bytes"))]


@router.post(
    "/assessments/preview",
    response_model=schemas.AssessmentOut,
    openapi_extra=takes(schemas.AssessmentRequest),
)
def preview_assessment(document: Document, engine: EngineDep) -> Response:
    """Assess what one patient needs, and whether she may move."""
    return answer(service.assess(engine, document))


@router.post(
    "/recommendations",
    response_model=schemas.RecommendationOut,
    openapi_extra=takes(schemas.RecommendationRequest),
)
def make_recommendation(
    document: Document, engine: EngineDep, roads: RoadsDep, ahead: AheadDep
) -> Response:
    """Rank destinations for one patient, and say why every other facility is not among them."""
    now = roads(engine)
    found = service.recommend(engine, now.added_to(document))
    said = ahead(found, service.kind_of(document))
    beside = {one.name: None if said is None else getattr(said, one.name) for one in fields(Ahead)}
    parts = {one.name: getattr(found, one.name) for one in fields(found)}
    return answer(parts | beside | {"roads": now.said})


@router.post(
    "/plans/preview",
    response_model=schemas.PlanOut,
    openapi_extra=takes(schemas.PlanRequest),
)
def preview_plan(
    document: PlanDocument, engine: EngineDep, request: Request, roads: RoadsDep
) -> Response:
    """Make one joint plan for requests that wait at the same time."""
    planner: service.Planner = request.app.state.planner
    now = roads(engine)
    found = planner.plan(engine, now.added_to(document))
    return answer(
        {one.name: getattr(found, one.name) for one in fields(found)} | {"roads": now.said}
    )


@router.post(
    "/bookings/preview",
    response_model=booking_schemas.BookingsOut,
    openapi_extra=takes(booking_schemas.BookingsRequest),
)
def preview_bookings(document: PlanDocument, engine: EngineDep, request: Request) -> Response:
    """Find a place of birth for every high-risk pregnancy, weeks ahead."""
    planner: service.Planner = request.app.state.planner
    return answer(planner.bookings(engine, document))
