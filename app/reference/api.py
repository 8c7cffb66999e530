"""The reference data over HTTP."""

from dataclasses import asdict
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.answers import answer
from app.clock import local_now
from app.deps import DatabaseDep, EngineDep, EngineNowDep, ShownDep
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, page
from app.reference import quality, schemas, service
from facilities.policy import policy_check
from routing.county_gaps import WITHIN_MIN, county_gaps

__all__ = ["router", "status_record"]

router = APIRouter(tags=["reference"])

Limit = Annotated[int, Query(ge=1, le=LARGEST_LIMIT)]
Division = Annotated[str | None, Query(pattern=r"^\d{6}$")]
CountyOrHub = Annotated[str | None, Query(pattern=r"^(\d{6}|OUT-[A-Z]+)$")]


@router.get("/facilities", response_model=schemas.FacilitiesOut)
def list_facilities(
    shown: ShownDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    county: CountyOrHub = None,
    prefecture: Division = None,
    rescue_centres: Annotated[bool, Query()] = False,
) -> Response:
    """List the facilities in the order of their ids, page by page.

    ``county`` may be the id of a hub outside the province.
    """
    engine = shown()
    found = service.matching(
        engine, county=county, prefecture=prefecture, centres_only=rescue_centres
    )
    some, following = page(found, lambda f: f.facility_id, cursor, limit)
    return answer({"items": service.records(engine, some), "next": following})


@router.get("/facilities/{facility_id}", response_model=schemas.FacilityOut)
def show_facility(facility_id: str, shown: ShownDep) -> Response:
    """Show one facility; how many of its places are free now is told to who is signed in."""
    return answer(service.facility(shown(), facility_id))


@router.get("/capabilities", response_model=schemas.CapabilitiesOut)
def list_capabilities() -> Response:
    """List what a facility may be able to do, by its code, with what it is called."""
    return answer({"items": service.capabilities()})


@router.get("/divisions", response_model=schemas.DivisionsOut)
def list_divisions(engine: EngineDep) -> Response:
    """List the province, its prefectures and its counties."""
    return answer({"items": service.divisions(engine)})


@router.get("/townships", response_model=schemas.TownshipsOut)
def list_townships(shown: ShownDep, county: Annotated[str, Query(pattern=r"^\d{6}$")]) -> Response:
    """List the townships and villages of a county, as they were imported."""
    return answer({"items": service.townships(shown(), county)})


@router.get("/facts", response_model=schemas.FactsOut)
def list_facts(engine: EngineDep) -> Response:
    """List the data dictionary: what may be stated of a patient."""
    return answer({"items": service.facts(engine)})


@router.get("/rules", response_model=schemas.RulesOut)
def list_rules(engine: EngineDep) -> Response:
    """List every clinical row with source, status and signature."""
    return answer(
        {
            "rule_set": engine.rule_set,
            "unsigned_rules": engine.unsigned,
            "items": service.rules(engine),
        }
    )


@router.get("/policy-check", response_model=schemas.PolicyOut)
def check_policy(shown: ShownDep) -> Response:
    """Check that every prefecture and county has both rescue centres (P-13c)."""
    return answer({"items": policy_check(shown().registry)})


@router.get("/county-gaps", response_model=schemas.CountyGapsOut)
def list_county_gaps(shown: ShownDep) -> Response:
    """List what each county lacks: a centre near enough, and rescue beds by norm and births."""
    engine = shown()
    found = county_gaps(engine.registry, engine.network, engine.estimate, engine.rules)
    return answer({"within_min": WITHIN_MIN, "items": [asdict(one) for one in found]})


@router.get("/data-quality", response_model=schemas.DataQualityOut)
def list_data_quality(engine_now: EngineNowDep, database: DatabaseDep) -> Response:
    """List what is assumed, old or missing in the data as of now, the gravest first."""
    return answer({"items": quality.findings(engine_now(), database, local_now())})


@router.get("/status", response_model=schemas.StatusOut)
def show_status(engine: EngineDep, request: Request) -> Response:
    """Show what runs here and on which data."""
    return answer(status_record(engine, request))


def status_record(engine: EngineDep, request: Request) -> dict[str, object]:
    """Return version, rules and data of the running service."""
    return dict(
        service.status(
            engine,
            version=version("greenchannel"),
            training=request.app.state.settings.training,
            started_at=request.app.state.started_at,
            now=local_now(),
        )
    )
