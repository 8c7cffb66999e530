"""May she be moved, and in what order the rules decide (R-DEST-06)."""

from collections.abc import Mapping
from dataclasses import dataclass

from facilities.capability import Trust
from routing.triage.able import holds_all, trusted_of
from routing.triage.answer import PlannedDelivery
from routing.triage.case import Case
from routing.triage.emergency import Fired
from routing.triage.expression import Known
from routing.triage.fetus import NO_FETUS, Fetus, fetus_of
from routing.triage.hold import Signs, bleeds, can_operate_for, hold_is_old, surgery_only
from routing.triage.required import ARREST, behind_presumptions, needed_groups
from routing.triage.rows import BirthHold, RuleSet

__all__ = ["HELD", "Decided", "decide", "weeks_open"]

HELD = frozenset({"stay_expert_team", "deliver_in_place", "stabilise_first"})
_OWN_DELIVERY, _OWN_THEATRE = "OB_DELIVERY", "CS_24H"


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision and the hold rules that speak, in the order they were asked."""

    decision: str
    holds: tuple[str, ...]


def decide(
    rules: RuleSet,
    case: Case,
    known: Known,
    fired: tuple[Fired, ...],
    signs: Signs,
    *,
    able: Mapping[str, Trust],
    planned: PlannedDelivery | None,
) -> Decided:
    """Return the decision for one patient.

    Parameters
    ----------
    rules, case, known
        Rule set, request and facts with the computed ones.
    fired
        Rows stated and presumed, the presumed critical patient included.
    signs
        What speaks against moving her.
    able
        The sender's capabilities with their trust, answers taken in.
    planned
        Minimum of her colours; None for a newborn.
    """
    decision, holds = _held(rules, known, fired, signs, able)
    if decision is None:
        decision = _unheld(rules, case, known, fired, able=able, planned=planned)
    if decision == "transfer_now" and bleeds(fired):
        holds = (*holds, "R-HOLD-02")
    if decision in HELD and hold_is_old(rules, case):
        holds = (*holds, "R-HOLD-10")
    return Decided(decision, holds)


def _held(
    rules: RuleSet,
    known: Known,
    fired: tuple[Fired, ...],
    signs: Signs,
    able: Mapping[str, Trust],
) -> tuple[str | None, tuple[str, ...]]:
    """Return the decision of the first hold that speaks, and all rules asked up to it."""
    if any(one.row.id == ARREST for one in fired):
        return "stay_expert_team", ("R-HOLD-09",)
    if signs.dying:
        return "stay_expert_team", ("R-HOLD-03",)
    here = can_operate_for(rules, known, fired, trusted_of(able), signs)
    if here is not None:
        return "deliver_in_place", (here,)
    warnings: tuple[str, ...] = ()
    if signs.birth:
        if surgery_only(known, fired):
            warnings = ("R-HOLD-01b",)
        elif any(one.row.birth_hold is BirthHold.WARN for one in fired):
            warnings = ("R-HOLD-01c",)
        else:
            return "deliver_in_place", ("R-HOLD-01",)
    unready = {"R-HOLD-05": signs.unstable, "R-HOLD-06": signs.newborn_unready}
    first = tuple(rule for rule, holds in unready.items() if holds)
    return ("stabilise_first" if first else None), (*warnings, *first)


def _unheld(
    rules: RuleSet,
    case: Case,
    known: Known,
    fired: tuple[Fired, ...],
    *,
    able: Mapping[str, Trust],
    planned: PlannedDelivery | None,
) -> str:
    urgent = tuple(one for one in fired if not one.row.booking)
    if urgent:
        return "none" if _treated_here(rules, case, known, urgent, able) else "transfer_now"
    if fired:
        return "book_planned"
    if planned is None:
        return "none"
    return "none" if _enough_for_colour(case, able, planned) else "routine_referral"


def _treated_here(
    rules: RuleSet,
    case: Case,
    known: Known,
    urgent: tuple[Fired, ...],
    able: Mapping[str, Trust],
) -> bool:
    """Tell whether the sender satisfies every row, those behind presumptions included.

    On stated or confirmed capabilities only (R-DEST-05), and never while the weeks that decide
    the newborn ward are unknown (R-NEO-07).
    """
    fetus = _fetus(rules, case, known)
    if weeks_open(urgent, fetus):
        return False
    rows = (*(one.row for one in urgent), *behind_presumptions(rules, urgent))
    return holds_all(trusted_of(able), needed_groups(rows, fetus))


def weeks_open(urgent: tuple[Fired, ...], fetus: Fetus) -> bool:
    """Tell whether unknown weeks leave the newborn ward of a row open (R-NEO-07)."""
    if not fetus.weeks_unknown:
        return False
    return any(one.row.neonatal.startswith("by_GA") and not one.row.booking for one in urgent)


def _fetus(rules: RuleSet, case: Case, known: Known) -> Fetus:
    return fetus_of(rules, known) if case.patient == "maternal" else NO_FETUS


def _enough_for_colour(case: Case, able: Mapping[str, Trust], planned: PlannedDelivery) -> bool:
    """Tell whether the present hospital reaches the colour's minimum.

    A hospital that is not given is below every minimum, an unknown grade or level likewise; one
    whose delivery service is not stated, or whose theatre is only assumed, keeps nobody.
    """
    sender = case.sender
    if sender.grade is None or sender.maternal_level is None:
        return False
    if _OWN_DELIVERY not in trusted_of(able) or able.get(_OWN_THEATRE) is Trust.ASSUMED:
        return False
    reached = sender.maternal_level.name >= planned.min_maternal_level
    return reached and sender.grade >= planned.min_institution_grade
