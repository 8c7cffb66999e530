"""The facts a request states; unknown, misplaced and impossible ones are refused."""

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from routing.request_parts import Part, shown
from routing.triage.expression import Value
from routing.triage.facts import Fact, FactValueError, read_value

__all__ = ["PATIENTS", "Patient", "belongs", "facts_of", "patient_of"]

Patient: TypeAlias = Literal["maternal", "newborn"]
PATIENTS: tuple[Patient, ...] = ("maternal", "newborn")
NEWBORN = "newborn"
# Scores and file entries that both patients have (contract.md 2.1, R-PERSON-01).
SHARED_GROUPS = frozenset({"vitals", "person"})
# Facts of other groups that are asked of a newborn too: inputs of TRIPS (sbp), of the cooling
# clock (eta_min, R-ROUTE-09), of the holds and of R-DEST-05.
SHARED_FACTS = frozenset(
    {
        "airway_secured",
        "altitude_m",
        "dbp",
        "death_on_the_way_likely",
        "eta_high_min",
        "eta_min",
        "gcs",
        "sbp",
        "seizure_controlled",
        "sender_can_operate_now",
        "sender_can_transfuse_now",
        "tension_relieved",
    }
)
SUGGESTIONS = 3


def belongs(fact: Fact, patient: Patient) -> bool:
    """Whether a fact may be stated of this patient."""
    if fact.group in SHARED_GROUPS or fact.name in SHARED_FACTS:
        return True
    return (fact.group == NEWBORN) == (patient == NEWBORN)


def patient_of(part: Part, facts: Mapping[str, Fact]) -> Patient:
    """Return the stated patient, else newborn where a fact of that group is stated."""
    stated = part.choice("patient", PATIENTS, code="unknown_value")
    for patient in PATIENTS:
        if stated == patient:
            return patient
    named = part.fields.get("facts")
    names: Iterable[object] = named if isinstance(named, dict) else ()
    of_newborn = any(str(n) in facts and facts[str(n)].group == NEWBORN for n in names)
    return "newborn" if of_newborn else "maternal"


def facts_of(part: Part, facts: Mapping[str, Fact], patient: Patient) -> Mapping[str, Value]:
    """Return the stated facts as they are stored (weeks as days, R-DATA-06)."""
    stated = part.part("facts", required=True)
    known: dict[str, Value] = {}
    for name, value in (stated.fields if stated else {}).items():
        assert stated is not None  # noqa: S101  or there would be no field to loop over
        fact = facts.get(name)
        if fact is None:
            stated.fault(shown(name), "unknown_fact", _alike(name, facts), value)
        elif not belongs(fact, patient):
            stated.fault(name, "wrong_patient", f"a fact of patient {patient}")
        else:
            _read(stated, fact, value, known)
    return MappingProxyType(known)


def _read(stated: Part, fact: Fact, value: object, known: dict[str, Value]) -> None:
    try:
        known[fact.name] = read_value(fact, value)
    except FactValueError as error:
        stated.fault(fact.name, error.code, error.expected)
    except OverflowError:
        stated.fault(fact.name, "out_of_range", fact.expected)


def _alike(name: str, facts: Mapping[str, Fact]) -> str:
    """Return names that may have been meant, so that a typing error is quickly found."""
    alike = difflib.get_close_matches(name[:80], facts, SUGGESTIONS)
    return " | ".join(f"{candidate}?" for candidate in alike) or "a name of the data dictionary"
