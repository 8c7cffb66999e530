"""Small hand-made cases for the triage tests: facts as people state them, one sender, one clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

from facilities.capability import Trust
from facilities.centre import Grade, MaternalLevel, NeonatalLevel
from routing.triage.assess import Assessed, assess_case
from routing.triage.case import NO_SENDER, Case, Eta, PatientKind, Sender
from routing.triage.facts import read_value
from routing.triage.rows import Patient, RuleSet
from routing.triage.tables import load_rules

DECIDED = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
THEATRE = ("CS_24H", "ANAES_24H", "BLOOD_RBC", "NEO_RESUS", "OB_DELIVERY")
COUNTY = (*THEATRE, "OB_RESCUE_BED", "AICU", "HYSTERECTOMY_24H", "CT_MRI", "PMTCT", "NEO_CPAP")
COUNTY_WARD = ("NEO_L1", "NEO_L2A", "NEO_L2B")


@cache
def rules() -> RuleSet:
    return load_rules()


def sender(
    *codes: str,
    trust: Trust = Trust.CONFIRMED,
    level: MaternalLevel | None = MaternalLevel.M1,
    grade: Grade | None = Grade.G2,
) -> Sender:
    return Sender(
        facility_id="HERE",
        given=True,
        maternal_level=level,
        grade=grade,
        neonatal_level=NeonatalLevel.N1,
        capabilities=dict.fromkeys(codes, trust),
        stated_capabilities=trust is not Trust.ASSUMED,
    )


def county(trust: Trust = Trust.ASSUMED) -> Sender:
    """A county rescue centre as the default data knows it."""
    return sender(*COUNTY, *COUNTY_WARD, trust=trust)


def case(
    facts: Mapping[str, object],
    *,
    patient: PatientKind = "maternal",
    at: Sender = NO_SENDER,
    waited_min: float = 0,
) -> Case:
    stored = {name: read_value(rules().facts[name], value) for name, value in facts.items()}
    return Case(patient, stored, at, DECIDED, DECIDED + timedelta(minutes=waited_min))


def mother(
    *, at: Sender = NO_SENDER, waited_min: float = 0, eta: Eta | None = None, **facts: object
) -> Assessed:
    return assess_case(rules(), case(facts, at=at, waited_min=waited_min), eta=eta)


def newborn(
    *, at: Sender = NO_SENDER, waited_min: float = 0, eta: Eta | None = None, **facts: object
) -> Assessed:
    asked = case(facts, patient="newborn", at=at, waited_min=waited_min)
    return assess_case(rules(), asked, eta=eta)


def patient_of(row: str) -> PatientKind:
    return "newborn" if rules().emergencies[row].patient is Patient.NEONATE else "maternal"


def presumed(found: Assessed) -> dict[str, tuple[tuple[str, ...], bool]]:
    return {one.row: (one.ask, one.stated) for one in found.assessment.presumed}
