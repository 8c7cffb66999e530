"""Which emergency rows fire, stated or presumed (R-DATA-01b)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.triage.case import PatientKind
from routing.triage.completion import Completed
from routing.triage.expression import Known
from routing.triage.rows import EmergencyRow, Patient, RuleSet

__all__ = ["Fired", "asks_by_row", "fired_rows", "presume"]

_ROWS_OF: Mapping[PatientKind, tuple[Patient, ...]] = {
    "maternal": (Patient.MATERNAL, Patient.IN_UTERO),
    "newborn": (Patient.NEONATE,),
}


@dataclass(frozen=True, slots=True)
class Fired:
    """A row that counts, and why.

    ``stated`` tells that the trigger of ``row`` is true on the facts. ``because_of`` names the
    row whose trigger is unknown while its leading fact is true (or the hold that presumes a
    critical patient), ``ask`` its unknown facts; both empty for a row that fires by itself.
    """

    row: EmergencyRow
    stated: bool
    ask: tuple[str, ...] = ()
    because_of: str = ""


def fired_rows(rules: RuleSet, completed: Completed, patient: PatientKind) -> tuple[Fired, ...]:
    """Return the rows that fire, in the order of the table.

    Parameters
    ----------
    rules
        The rule set in force.
    completed
        The facts with the computed ones filled in (R-DATA-08).
    patient
        ``maternal`` asks the rows of the mother and of the fetus in utero, ``newborn`` the others.

    Returns
    -------
    tuple of Fired
        Stated rows once; beside them one entry for each row that is unknown although its leading
        fact is true, carried by the row that is presumed for it. That one may be stated itself:
        its worse neighbour still counts with what it needs beyond (R-DATA-01b).
    """
    known = completed.known
    stated: dict[str, Fired] = {}
    unknown: list[tuple[EmergencyRow, tuple[str, ...]]] = []
    for row in _asked(rules, known, patient):
        truth = row.trigger.truth(known)
        if truth:
            stated[row.id] = Fired(row, stated=True)
        elif truth is None and row.leading.truth(known):
            unknown.append((row, row.trigger.open_names(known)))
    presumed = [
        Fired(rules.emergencies[row.presume_as], row.presume_as in stated, ask, row.id)
        for row, ask in unknown
    ]
    if not presumed:
        return tuple(stated.values())
    place = {identifier: n for n, identifier in enumerate(rules.emergencies)}
    return tuple(sorted((*stated.values(), *presumed), key=lambda fired: place[fired.row.id]))


def _asked(rules: RuleSet, known: Known, patient: PatientKind) -> Iterable[EmergencyRow]:
    """Return the rows of this patient of which anything is known, for no other can fire.

    Those of the fetus end with the birth (R-DATA-08).
    """
    kinds = _ROWS_OF[patient]
    if known.get("delivered") is True:
        kinds = tuple(kind for kind in kinds if kind is not Patient.IN_UTERO)
    return (row for row in rules.emergencies_touched(known) if row.patient in kinds)


def presume(rules: RuleSet, known: Known, row: str, *, because_of: str) -> Fired:
    """Return a row presumed by a rule that is no row itself (R-DEST-06: E-M90, E-N90)."""
    found = rules.emergencies[row]
    return Fired(found, stated=False, ask=found.trigger.open_names(known), because_of=because_of)


def asks_by_row(fired: Iterable[Fired]) -> Mapping[str, tuple[str, ...]]:
    """Return for each row with a presumption what to ask; what settles most rows comes first."""
    counts: dict[str, Counter[str]] = {}
    for one in fired:
        if one.because_of:
            counts.setdefault(one.row.id, Counter()).update(one.ask)
    return {
        row: tuple(sorted(found, key=lambda name, found=found: -found[name]))  # type: ignore[misc]
        for row, found in counts.items()
    }
