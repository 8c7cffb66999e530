"""Whether a nearer stop comes before the definitive centre (R-ROUTE-10, R-ROUTE-10b)."""

from collections.abc import Collection, Iterable
from typing import Literal

from routing.triage.case import PatientKind
from routing.triage.expression import Known
from routing.triage.fetus import number_of
from routing.triage.rows import EmergencyRow, RuleSet

__all__ = ["first_stop_of"]

_THEATRE_AND_BLOOD = frozenset({"CS_24H", "BLOOD_RBC"})


def first_stop_of(
    rules: RuleSet,
    rows: Iterable[EmergencyRow],
    known: Known,
    *,
    patient: PatientKind,
    sender_has: Collection[str],
) -> Literal["mother", "newborn"] | None:
    """Return for whom a first stop is looked for; distances are the router's part.

    A sender with a theatre and red cells of its own, by any account that was not answered no, is
    itself the stop. An unknown shock index counts as shock. Never-bypass rows go to the nearest
    theatre anyway.
    """
    counted = tuple(rows)
    identifiers = {row.id for row in counted}
    if patient == "newborn":
        return "newborn" if identifiers & rules.groups["first_stop_newborn"] else None
    if not identifiers & rules.groups["first_stop_mother"]:
        return None
    if any(row.never_bypass for row in counted) or sender_has_both(sender_has):
        return None
    shock = number_of(known, "shock_index")
    steady = shock is not None and shock < rules.numbers["shock_index_first_stop"]
    return None if steady else "mother"


def sender_has_both(have: Collection[str]) -> bool:
    """Tell whether a hospital has a theatre and red cells."""
    return frozenset(have) >= _THEATRE_AND_BLOOD
