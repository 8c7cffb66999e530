"""Which newborn ward a birth needs, by age and weight (R-NEO-01..07, R-DEST-07)."""

from dataclasses import dataclass

from routing.triage.expression import Known
from routing.triage.rows import RuleSet, WardRow

__all__ = ["NO_FETUS", "Fetus", "fetus_of", "number_of", "ward_row"]


@dataclass(frozen=True, slots=True)
class Fetus:
    """The child in utero as the ``by_GA`` of a row sees it.

    ``alive`` before birth; ``weeks_unknown`` while it may need any ward; ``counted`` when it is
    viable or active care is wished; ``ward`` is None where none is needed (37+0 and later).
    """

    alive: bool
    weeks_unknown: bool
    counted: bool
    ward: WardRow | None


NO_FETUS = Fetus(alive=False, weeks_unknown=False, counted=False, ward=None)


def ward_row(
    rules: RuleSet, *, days: float | None = None, grams: float | None = None
) -> WardRow | None:
    """Return the ward by gestation and weight, the higher of the two (R-NEO-06).

    The table stands in falling order of wards, so the first row that either of them falls under
    is the higher one.
    """
    for row in rules.wards:
        young = days is not None and days < row.below_days
        if young or (grams is not None and grams < row.below_g):
            return row
    return None


def fetus_of(rules: RuleSet, known: Known) -> Fetus:
    """Return what is known of the child in utero; unknown life counts as alive (R-DATA-08)."""
    if known.get("delivered") is True or known.get("fetus_alive") is False:
        return NO_FETUS
    if known.get("fetus_alive_count") == 0:
        return NO_FETUS
    days = number_of(known, "gestational_age_weeks")
    if days is None:
        return Fetus(alive=True, weeks_unknown=True, counted=False, ward=None)
    wished = known.get("fetus_viable_care_wished") is not False
    counted = days >= rules.numbers["viable_days"] or (
        wished and days >= rules.numbers["viable_wished_days"]
    )
    ward = ward_row(rules, days=days) if counted else None
    return Fetus(alive=True, weeks_unknown=False, counted=counted, ward=ward)


def number_of(known: Known, name: str) -> float | None:
    """Return a number fact, None while it is unknown."""
    value = known.get(name)
    return None if value is None else float(value)
