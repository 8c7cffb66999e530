"""Signs that she must not, or not yet, be moved (R-HOLD); ``decision`` puts them in order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from routing.triage.birth import birth_expected, malposition, praevia
from routing.triage.case import Case, Eta
from routing.triage.emergency import Fired, presume
from routing.triage.expression import Known
from routing.triage.fetus import number_of
from routing.triage.rows import BirthHold, RuleSet

__all__ = [
    "Signs",
    "bleeds",
    "can_operate_for",
    "hold_is_old",
    "pressure_severe",
    "signs_of",
    "surgery_only",
    "with_critical",
]

_THEATRE = frozenset({"CS_24H"})
_THEATRE_WITH_BLOOD = frozenset({"CS_24H", "ANAES_24H", "BLOOD_RBC"})
_BLEEDING_ACTION = "H-02"
_CRITICAL = {"maternal": "E-M90", "newborn": "E-N90"}
_TENSION = "E-N17"


@dataclass(frozen=True, slots=True)
class Signs:
    """What was found; each is a reason of its own.

    ``birth``: expected before arrival. ``dying``: death on the way likely. ``unstable``: seizure,
    airway or pressure (R-HOLD-05). ``newborn_unready``: R-HOLD-06.
    """

    birth: bool
    dying: bool
    unstable: bool
    newborn_unready: bool


def signs_of(
    rules: RuleSet, case: Case, known: Known, fired: Iterable[Fired], *, eta: Eta | None
) -> Signs:
    """Return the signs on the facts."""
    mother = case.patient == "maternal"
    return Signs(
        birth=mother and birth_expected(rules, known, eta),
        dying=known.get("death_on_the_way_likely") is True,
        unstable=_unstable(rules, known) or (mother and _pressure_untreated(rules, known)),
        newborn_unready=not mother and _newborn_unready(known, fired),
    )


def _unstable(rules: RuleSet, known: Known) -> bool:
    """Tell whether a seizure goes on, or a deep coma has no airway known to be secured."""
    if known.get("seizure_controlled") is False:
        return True
    gcs = number_of(known, "gcs")
    deep = gcs is not None and gcs <= rules.numbers["gcs_airway"]
    return deep and known.get("airway_secured") is not True


def _pressure_untreated(rules: RuleSet, known: Known) -> bool:
    """Tell whether the pressure is severe and not known to be treated.

    Severe pressure is pre-eclampsia or E-M34, so the label adds nothing.
    """
    if known.get("bp_severe_untreated") is True:
        return True
    return known.get("antihypertensive_given") is not True and pressure_severe(rules, known)


def pressure_severe(rules: RuleSet, known: Known) -> bool:
    """Tell whether a pressure is known to be severe."""
    systolic, diastolic = number_of(known, "sbp"), number_of(known, "dbp")
    return (systolic is not None and systolic >= rules.numbers["severe_sbp"]) or (
        diastolic is not None and diastolic >= rules.numbers["severe_dbp"]
    )


def _newborn_unready(known: Known, fired: Iterable[Fired]) -> bool:
    """Tell whether something is known to be undone, or a pneumothorax not known to be drained."""
    if known.get("newborn_stabilised") is False:
        return True
    tension = any(one.row.id == _TENSION for one in fired)
    return tension and known.get("tension_relieved") is not True


def surgery_only(known: Known, fired: Iterable[Fired]) -> bool:
    """Tell whether only surgery makes this birth safe (R-HOLD-01b)."""
    never = any(one.row.birth_hold is BirthHold.NEVER for one in fired)
    return never or malposition(known) or praevia(known)


def with_critical(
    rules: RuleSet, case: Case, known: Known, fired: tuple[Fired, ...], signs: Signs
) -> tuple[Fired, ...]:
    """Presume a critical patient where a hold speaks and no emergency row does (R-DEST-06)."""
    if any(not one.row.booking for one in fired):
        return fired
    reasons = {
        "R-HOLD-03": signs.dying,
        "R-HOLD-01b": signs.birth and surgery_only(known, fired),
        "R-HOLD-01c": signs.birth and any(one.row.birth_hold is BirthHold.WARN for one in fired),
        "R-HOLD-05": signs.unstable,
        "R-HOLD-06": signs.newborn_unready,
    }
    because = next((rule for rule, holds in reasons.items() if holds), None)
    if because is None:
        return fired
    critical = presume(rules, known, _CRITICAL[case.patient], because_of=because)
    return (*fired, critical)


def can_operate_for(
    rules: RuleSet, known: Known, fired: Iterable[Fired], trusted: Collection[str], signs: Signs
) -> str | None:
    """Return the rule by which this hospital itself operates now, None when it does not.

    ``trusted`` are capabilities stated in this request or confirmed, never assumed. The rows of
    R-HOLD-04 need no labour; for the others surgery here waits for an imminent birth.
    """
    if known.get("delivered") is True:
        return None
    rows = {one.row.id for one in fired}
    able = frozenset(trusted)
    turned = signs.birth and malposition(known)
    if able >= _THEATRE and (turned or rows & rules.groups["surgery_in_place"]):
        return "R-HOLD-04"
    placenta = rows & rules.groups["theatre_in_place"] or praevia(known)
    if signs.birth and placenta and able >= _THEATRE_WITH_BLOOD:
        return "R-HOLD-01b"
    return None


def bleeds(fired: Iterable[Fired]) -> bool:
    """Tell whether the first action of a row is the bundle against bleeding (R-HOLD-02)."""
    return any(_BLEEDING_ACTION in one.row.first_action for one in fired)


def hold_is_old(rules: RuleSet, case: Case) -> bool:
    """Tell whether a hold of this age rings the coordinator (R-HOLD-10)."""
    return case.elapsed_s > rules.numbers["hold_rings_after_min"] * 60
