"""Tiny registries with stated times: every figure of a ranking can be worked out by hand."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

from facilities.capability import Trust
from facilities.capacity import PlaceKind, Pool
from facilities.catchment import CatchmentRow
from facilities.centre import (
    Facility,
    FacilityStatus,
    Grade,
    Kind,
    MaternalLevel,
    NeonatalLevel,
    Tier,
    WardLevel,
)
from facilities.registry import registry_of
from geodata.site import Site, SiteKind
from geodata.travel_time import TimeRow, TravelTimes
from geodata.yunnan import load_divisions, load_neighbour_hubs, load_road_estimate
from routing.network import FacilityNetwork
from routing.recommend import Recommendation, Ways, recommend, ways_of
from routing.request_values import Request, Transport
from routing.triage.case import NO_SENDER, Case, Sender
from routing.triage.facts import read_value
from routing.triage.rows import RuleSet
from routing.triage.tables import load_rules

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # 11 o'clock in Yunnan, a Monday
HOME = "530102"  # in Kunming, prefecture 530100
NEXT_DOOR = "530103"  # the same prefecture
FAR = "530302"  # prefecture 530300
OUTSIDE = {hub.hub_id for hub in load_neighbour_hubs()}

THEATRE = ("OB_DELIVERY", "CS_24H", "ANAES_24H", "BLOOD_RBC", "NEO_RESUS")
RESCUE = (*THEATRE, "OB_RESCUE_BED", "AICU", "HYSTERECTOMY_24H", "BLOOD_MTP")
WARD = ("NEO_CPAP", "NEO_VENT", "NEO_SURFACTANT")

# One row each, nothing presumed beside it.
BLEEDING = {
    "delivered": True,
    "pph_ongoing": True,
    "pph_ml": 600,
    "shock_index": 0.7,
    "coagulation_disorder": False,
}
"""E-M01: rescue bed, theatre, red cells; within 60, at most 120 minutes; priority 1."""
PREECLAMPSIA = {"hdp": "preeclampsia_severe", "gestational_age_weeks": "38+0"}
"""E-M04: rescue bed, theatre, red cells; within 120, at most 180 minutes; priority 2."""
CORD = {"cord_prolapse": True, "gestational_age_weeks": "38+0"}
"""E-M09, never-bypass: theatre and anaesthetist; within 30, at most 60 minutes."""
SMALL = {"neo_ga_weeks": "33+0", "birth_weight_g": 1900, "newborn_stabilised": True}
"""E-N03: ward L2B and CPAP; within 240, at most 480 minutes; priority 2; ESC-NEO."""

Minutes = float | tuple[float, float, float]


@cache
def rules() -> RuleSet:
    return load_rules()


def centre(
    facility_id: str,
    *codes: str,
    m: int | None = 1,
    n: int | None = 1,
    ward: WardLevel | None = None,
    county: str = NEXT_DOOR,
    trust: Trust = Trust.CONFIRMED,
    status: FacilityStatus = FacilityStatus.CONFIRMED,
    grade: int | None = 2,
    kind: Kind = Kind.GENERAL,
) -> Facility:
    wards = ward.capabilities if ward else ()
    return Facility(
        facility_id=facility_id,
        name_zh=facility_id,
        name_en=facility_id,
        county=county,
        prefecture="" if county in OUTSIDE else load_divisions().prefecture_of(county),
        lon=102.7,
        lat=25.0,
        coord_quality="stated",
        tier=Tier.COUNTY,
        kind=kind,
        grade=None if grade is None else Grade(grade),
        maternal_level=None if m is None else MaternalLevel(m),
        neonatal_level=None if n is None else NeonatalLevel(n),
        ward_level=ward,
        level_trust=trust,
        capabilities=dict.fromkeys((*codes, *wards), trust),
        phone=None,
        status=status,
        designation="",
        source="made for a test",
    )


def pool(
    facility_id: str,
    kind: str,
    free: int,
    *,
    of: int = 4,
    age_min: float | None = 30,
    free_from: datetime | None = None,
) -> Pool:
    """A pool reported so many minutes ago; None is assumed."""
    as_of = None if age_min is None else NOW - timedelta(minutes=age_min)
    return Pool(
        facility_id, PlaceKind(kind), of, free, free_from, as_of, "test", assumed=age_min is None
    )


def world(
    centres: Iterable[Facility],
    minutes: Mapping[tuple[str, str], Minutes],
    *,
    pools: Iterable[Pool] = (),
    catchment: Iterable[tuple[str, str, int, str]] = (),
) -> FacilityNetwork:
    """A network whose times are stated; ``catchment`` rows are county, kind, rank, facility."""
    rows = [
        CatchmentRow(county, "N" if kind == "N" else "M", rank, who, None, None, "test", False)
        for county, kind, rank, who in catchment
    ]
    registry = registry_of(
        load_divisions(), centres, pools=pools, catchment_rows=rows, hubs=load_neighbour_hubs()
    )
    stated = [_time(origin, to, time) for (origin, to), time in minutes.items()]
    return FacilityNetwork(registry, load_road_estimate(), table=TravelTimes.from_table(stated))


def _time(origin: str, to: str, minutes: Minutes) -> TimeRow:
    band = minutes if isinstance(minutes, tuple) else (minutes, minutes, minutes)
    low, expected, high = (round(60 * value) for value in band)
    return TimeRow(origin, to, low, expected, high, 1000 * round(expected / 60), "measured", None)


def hospital(
    *codes: str, trust: Trust = Trust.CONFIRMED, m: int = 1, n: int | None = None
) -> Sender:
    """A hospital as sender: it has a vehicle and a basic escort."""
    return Sender(
        facility_id=None,
        given=True,
        maternal_level=MaternalLevel(m),
        grade=Grade.G2,
        neonatal_level=None if n is None else NeonatalLevel(n),
        capabilities=dict.fromkeys(codes, trust),
        stated_capabilities=trust is Trust.STATED,
    )


def request(
    facts: Mapping[str, object],
    *,
    sender: Sender | None = None,
    origin: str = "HERE",
    county: str = HOME,
    facility: str | None = None,
    waited_min: float = 0,
    vehicle: bool | None = None,
    escort: tuple[str, ...] | None = None,
    exclude: Iterable[str] = (),
    closed: Iterable[tuple[str, str]] = (),
) -> Request:
    stored = {name: read_value(rules().facts[name], value) for name, value in facts.items()}
    newborn = any(rules().facts[name].group == "newborn" for name in facts)
    case = Case(
        "newborn" if newborn else "maternal",
        stored,
        hospital("OB_DELIVERY") if sender is None else sender,
        NOW - timedelta(minutes=waited_min),
        NOW,
    )
    return Request(
        case=case,
        origin=Site(origin, SiteKind.COUNTY, county, None, None),
        origin_facility=facility,
        origin_county=county,
        closed=frozenset(frozenset(pair) for pair in closed),
        exclude=frozenset(exclude),
        transport=Transport(vehicle, escort),
    )


def township(facts: Mapping[str, object], **more: object) -> Request:
    """A request from outside every facility, of somebody who can do nothing."""
    return request(facts, sender=NO_SENDER, **more)


def ask(network: FacilityNetwork, asked: Request, **more: object) -> Recommendation:
    return recommend(network, rules(), asked, **more)


def ways(network: FacilityNetwork, asked: Request, **more: object) -> Ways:
    return ways_of(network, rules(), asked, **more)


def ids(answer: Recommendation) -> list[str]:
    return [row.facility_id for row in answer.ranking]


def reasons(answer: Recommendation) -> dict[str, list[str]]:
    return {one.facility_id: [r.code for r in one.reasons] for one in answer.excluded}


def kinds(answer: Recommendation) -> list[str]:
    return [one.kind for one in answer.alternatives]
