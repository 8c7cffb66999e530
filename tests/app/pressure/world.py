"""A small world for long histories: two hospitals that send, three centres, offices above them."""

from dataclasses import dataclass

from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.centres.tables import Place
from app.db_types import new_key
from app.referrals.requests import Ranked, Wanted
from app.work import Work

COUNTY = "530829"
SENDERS, CENTRES = (
    ("YN530800-012", "YN530800-013"),
    ("YN530800-002", "YN530100-005", "YN530100-006"),
)
BED, COT = "OB_RESCUE_BED", "NEO_L2B"
SEATS = ({"seat": "mother", "kind": BED}, {"seat": "newborn_1", "kind": COT})
OFFICES = (
    (OrganisationKind.COUNTY_COMMISSION, COUNTY, Role.COUNTY_DUTY_OFFICER),
    (OrganisationKind.PREFECTURE_COMMISSION, "530800", Role.PREFECTURE_DUTY_OFFICER),
    (OrganisationKind.PROVINCE_COMMISSION, "530000", Role.PROVINCE_DUTY_OFFICER),
)


@dataclass(frozen=True)
class World:
    """Who is there; ``places`` of each kind stand in each centre."""

    senders: tuple[Actor, ...]
    centres: tuple[Actor, ...]
    offices: tuple[Actor, ...]

    @property
    def everybody(self):
        return (*self.senders, *self.centres, *self.offices)


def made(session, *, places=1):
    """Write the organisations and their places."""

    def organisation(kind, division, facility=None):
        found = Organisation(
            province="53", kind=kind, name_zh="某院", division=division, facility_id=facility
        )
        session.add(found)
        return found.id

    def hospital(facility, role):
        kind = OrganisationKind.INSTITUTION
        return actor(organisation(kind, COUNTY, facility), kind, role, facility=facility)

    def office(kind, division, role):
        return actor(organisation(kind, division), kind, role, division=division)

    session.add_all(
        Place(province="53", facility_id=facility, kind=kind, label=f"{number:02d}")
        for facility in CENTRES
        for kind in (BED, COT)
        for number in range(places)
    )
    return World(
        tuple(hospital(facility, Role.COUNTY_CLINICIAN) for facility in SENDERS),
        tuple(hospital(facility, Role.COORDINATOR) for facility in CENTRES),
        tuple(office(*one) for one in OFFICES),
    )


def actor(org, kind, role, *, facility=None, division=COUNTY):
    return Actor(
        user_id=new_key(),
        name="测试甲",
        role=role,
        org_id=org,
        org_kind=kind,
        facility_id=facility,
        division=division,
        province="53",
    )


def ranking(facilities, *, priority, at_once=2, seats=2, over=False):
    """What ``recommend`` answers, with all that is read of it."""
    places = [dict(seat) for seat in SEATS[:seats]]
    return {
        "assessment": {
            "rule_set": "cn-2017+yunnan@1",
            "priority": priority,
            "colour": "red",
            "decision": "transfer_now",
            "need": {"places": places},
        },
        "ranking": [
            {
                "rank": rank,
                "facility_id": facility,
                "name_zh": "甲院",
                "phone": None,
                "minutes": {"low": 40, "expected": 60, "high": 90},
                "time_to_care_min": 80.0,
                "over_capacity": over,
                "places": [place | {"free": 1} for place in places],
            }
            for rank, facility in enumerate(facilities, start=1)
        ],
        "excluded": [],
        "alternatives": [],
        "parallel_offers": at_once,
    }


def ranked(facilities, **more):
    return Ranked({"facts": {}}, ranking(facilities, **more))


def wanted(who, *, patient=None, said_by=None, takes_over=None):
    return Wanted(
        kind="maternal",
        county=COUNTY,
        facility_id=who,
        patient_id=patient,
        said_by=said_by,
        takes_over=takes_over,
        taken_over_because=None if takes_over is None else "另一家误报",
    )


def working(session, who, now):
    return Work(session, who, now)


def off_the_disk(connection, _record):
    """Let SQLite not wait for the disk: for tests of what is written, not of whether it stays."""
    connection.execute("PRAGMA synchronous = OFF")
