"""Facts that follow from others, filled in and marked so (R-DATA-08, R-DATA-09).

What is bool is a row of ``rules/computed.csv``, read from top to bottom; three numbers are
computed here. A stated value is kept except where a row says ``always``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from routing.triage.expression import Known, Value
from routing.triage.rows import ComputedRow, FillMode, RuleSet

__all__ = ["Completed", "age_upgrade_at_edd", "complete"]

MINUTES_PER_HOUR = 60
AGE_STEPS_YEARS = (35, 40)


@dataclass(frozen=True, slots=True)
class Completed:
    """Facts to decide on; ``filled`` names those that were not stated in this form."""

    known: Mapping[str, Value]
    filled: frozenset[str]
    patient: Literal["maternal", "newborn"] = "maternal"


def complete(
    rules: RuleSet,
    case_facts: Mapping[str, Value],
    *,
    patient: Literal["maternal", "newborn"],
) -> Completed:
    """Return the stated facts with the computed ones filled in.

    Parameters
    ----------
    rules
        The rule set in force.
    case_facts
        Stated facts as stored: weeks in days, everything else in the unit of the dictionary.
    patient
        Whose facts these are. A newborn has her age in minutes computed, nothing else.

    Returns
    -------
    Completed
        ``known`` holds the stated facts and the filled ones; the argument is not changed.
    """
    # 1 and 1.0 and True are equal; what is told back is told as it was stated.
    values = tuple(case_facts.values())
    asked = (patient, tuple(case_facts), values, tuple(map(type, values)))
    found = rules.completed.get(asked)
    return found or rules.completed.keep(asked, _complete(rules, case_facts, patient))


def _complete(
    rules: RuleSet, case_facts: Mapping[str, Value], patient: Literal["maternal", "newborn"]
) -> Completed:
    known = dict(case_facts)
    filled: set[str] = set()
    if patient == "maternal":
        for row in rules.computed:
            _fill_row(row, known, filled)
        _fill_shock_index(rules, known, filled)
        _fill_fetuses(known, filled)
    elif "age_hours" in known and "age_minutes" not in known:
        known["age_minutes"] = float(known["age_hours"]) * MINUTES_PER_HOUR
        filled.add("age_minutes")
    return Completed(MappingProxyType(known), frozenset(filled), patient)


def _fill_row(row: ComputedRow, known: dict[str, Value], filled: set[str]) -> None:
    had = known.get(row.fact)
    if had is not None and (row.mode is FillMode.UNSTATED or had is row.value):
        return
    if row.when is not None and row.when.truth(known) is not True:
        return
    if row.unless is not None and row.unless.truth(known) is True:
        return
    known[row.fact] = row.value
    filled.add(row.fact)


def _fill_shock_index(rules: RuleSet, known: dict[str, Value], filled: set[str]) -> None:
    """Heart rate over systolic pressure; no pressure at all is the highest index there is."""
    if "shock_index" in known or "hr" not in known or "sbp" not in known:
        return
    pressure = float(known["sbp"])
    highest = rules.facts["shock_index"].maximum or 0.0
    known["shock_index"] = float(known["hr"]) / pressure if pressure > 0 else highest
    filled.add("shock_index")


def _fill_fetuses(known: dict[str, Value], filled: set[str]) -> None:
    """Live fetuses before birth: as many as were counted, else one (R-DATA-09)."""
    if "fetus_alive_count" in known or known.get("delivered") is True:
        return
    if known.get("fetus_alive") is False:
        return
    known["fetus_alive_count"] = known.get("fetus_count", 1)
    filled.add("fetus_alive_count")


def age_upgrade_at_edd(known: Known) -> bool:
    """Tell whether she reaches 35 or 40 before the due date (R-DATA-04); the colour stays."""
    if "age_years" not in known or "age_at_edd_years" not in known:
        return False
    now, then = float(known["age_years"]), float(known["age_at_edd_years"])
    return any(now < step <= then for step in AGE_STEPS_YEARS)
