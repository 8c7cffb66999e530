"""Designations, catchments and blood stocks, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.answers import takes
from app.body import sent
from app.centres import schemas
from app.centres.blood import Units, blood_of, report_blood
from app.centres.current import Current
from app.centres.designating import designate, designations_of
from app.centres.registry_now import local_day
from app.centres.tables_registry import BloodStock, Designation
from app.errors import NotFoundError, NotReadyError
from app.keys.words import opened
from app.performing import Done, LookDep, PerformDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["centres"])

CREATED = 201
County = Annotated[str, Query(pattern=r"^\d{6}$")]


def current_of(request: Request) -> Current:
    """Return what gives the registry as of now."""
    current: Current | None = request.app.state.current
    if current is None:
        raise NotReadyError
    return current


CurrentDep = Annotated[Current, Depends(current_of)]


@router.get("/facilities/{facility_id}/designations", response_model=schemas.DesignationsOut)
def list_designations(facility_id: str, see: LookDep) -> Response:
    """List what a centre was and is designated as, since when and by which document."""

    def act(work: Work) -> Done:
        lines = designations_of(work, facility_id)
        items = [_designation(work, one) for one in lines]
        return Done(schemas.DesignationsOut(items=items))

    return see(act)


@router.post(
    "/facilities/{facility_id}/designations",
    status_code=CREATED,
    response_model=schemas.DesignationOut,
    openapi_extra=takes(schemas.DesignationIn),
)
def designate_facility(
    facility_id: str,
    said: Annotated[schemas.DesignationIn, Depends(sent(schemas.DesignationIn))],
    perform: PerformDep,
) -> Response:
    """Record a decision of the health commission on a centre."""

    def act(work: Work) -> Done:
        line = designate(
            work,
            facility_id,
            said.kind,
            said.level,
            valid_from=said.valid_from,
            valid_to=said.valid_to,
            document=said.document,
        )
        return Done(_designation(work, line), CREATED)

    return perform(act)


@router.get("/catchments", response_model=schemas.CatchmentsOut)
def list_catchments(county: County, see: LookDep, current: CurrentDep) -> Response:
    """List the centres to which a county's mothers and newborns belong today."""

    def act(work: Work) -> Done:
        registry = current.network(work.session, work.now).registry
        if not registry.divisions.is_county(county):
            raise NotFoundError("county", county)
        today = local_day(work.now)
        items = [
            schemas.CatchmentOut(
                kind=row.kind,
                rank=row.rank,
                facility_id=row.facility_id,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                source=row.source,
                assumed=row.assumed,
            )
            for kind in ("M", "N")
            for row in registry.catchments.ranked(county, kind, today)
        ]
        return Done(schemas.CatchmentsOut(county=county, items=items))

    return see(act)


@router.get("/blood-stocks", response_model=schemas.BloodsOut)
def list_blood(county: County, see: LookDep) -> Response:
    """List what a county's blood store said last, with its courier."""

    def act(work: Work) -> Done:
        items = [_blood(work, one) for one in blood_of(work, county)]
        return Done(schemas.BloodsOut(items=items))

    return see(act)


@router.post(
    "/blood-stocks",
    status_code=CREATED,
    response_model=schemas.BloodsOut,
    openapi_extra=takes(schemas.BloodIn),
)
def report_blood_stock(
    said: Annotated[schemas.BloodIn, Depends(sent(schemas.BloodIn))], perform: PerformDep
) -> Response:
    """Report what a county's blood store has."""
    lines = [Units(one.component, one.blood_group, one.units, one.as_of) for one in said.lines]

    def act(work: Work) -> Done:
        stock = report_blood(
            work,
            said.county,
            lines,
            source=said.source,
            courier_phone=said.courier_phone,
            courier_min=said.courier_min,
        )
        items = [_blood(work, one) for one in stock]
        return Done(schemas.BloodsOut(items=items), CREATED)

    return perform(act)


def _designation(work: Work, one: Designation) -> schemas.DesignationOut:
    return schemas.DesignationOut.model_validate(opened(work.session, one, "document", "by_name"))


def _blood(work: Work, one: BloodStock) -> schemas.BloodOut:
    return schemas.BloodOut.model_validate(opened(work.session, one, "courier_phone", "source"))
