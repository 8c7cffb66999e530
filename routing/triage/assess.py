"""Assess one patient: what she needs, and whether she may move (contract.md 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from facilities.capability import Trust
from routing.triage.able import able_of, codes_lacking, holds_all, trusted_of
from routing.triage.answer import Assessment, Condition, Need, PlannedDelivery, Presumed
from routing.triage.asking import ask_next
from routing.triage.birth import JOURNEY_SIGNS
from routing.triage.case import Case, Eta
from routing.triage.colour import ColourResult, colour_of
from routing.triage.completion import Completed, complete
from routing.triage.cooling import keep_cooling
from routing.triage.deadlines import deadlines_of
from routing.triage.decision import HELD, Decided, decide
from routing.triage.emergency import Fired, asks_by_row, fired_rows
from routing.triage.expression import Value
from routing.triage.fetus import NO_FETUS, fetus_of
from routing.triage.groups import joined
from routing.triage.hold import signs_of, with_critical
from routing.triage.need import RoutingNeed, Seat
from routing.triage.planned import planned_delivery
from routing.triage.priority import priority_of
from routing.triage.required import need_of, public_need
from routing.triage.rows import RuleSet
from routing.triage.scores import scores_of
from routing.triage.unsaid import with_unsaid

__all__ = [
    "Assessed",
    "Assessment",
    "Condition",
    "Need",
    "PlannedDelivery",
    "Presumed",
    "Seat",
    "assess",
    "assess_case",
    "with_journey",
]

_UNDECIDED = frozenset({"transfer_now", "stabilise_first"})
_LIFE_SAVING = frozenset({"CS_24H", "ANAES_24H", "BLOOD_RBC"})
_SURGICAL_GROUPS = ("first_stop_mother", "surgery_in_place", "theatre_in_place")


@dataclass(frozen=True, slots=True)
class Assessed:
    """The public answer with what routing needs beside it.

    ``sender_lacks`` are the required or preferred capabilities the sender does not have by any
    account (R-DEST-08); ``sender_assumed_able`` tells that ``operate_here`` belongs on top
    (R-DEST-05); ``cooling_window_missed`` that E-N07 was dropped (R-ROUTE-09).
    """

    assessment: Assessment
    need: RoutingNeed
    fired: tuple[Fired, ...]
    known: Mapping[str, Value]
    priority: int
    decision: str
    sender_lacks: frozenset[str]
    sender_assumed_able: bool
    cooling_window_missed: bool


def assess_case(rules: RuleSet, case: Case, *, eta: Eta | None = None) -> Assessed:
    """Assess one patient.

    Parameters
    ----------
    rules
        The rule set in force.
    case
        Facts as stored, sender, decision time and now.
    eta
        The journey to the first destination once it is known; stated ``eta_min`` and
        ``eta_high_min`` come before it.

    Returns
    -------
    Assessed
        Pure: equal input, equal answer. Unknown facts never raise.
    """
    completed = complete(rules, case.facts, patient=case.patient)
    known = completed.known
    able = able_of(case.sender, known)
    fired = fired_rows(rules, completed, case.patient)
    fired, missed = keep_cooling(rules, case, known, fired, eta=eta)
    fired = with_unsaid(rules, known, fired, trusted=trusted_of(able))
    signs = signs_of(rules, case, known, fired, eta=eta)
    fired = with_critical(rules, case, known, fired, signs)
    colour = colour_of(rules, completed)
    planned = planned_delivery(rules, colour.labels) if case.patient == "maternal" else None
    need = need_of(
        rules, fired, known, patient=case.patient, planned=planned, sender_has=able.keys()
    )
    decided = decide(rules, case, known, fired, signs, able=able, planned=planned)
    answer = _answer(
        rules,
        case,
        completed,
        fired,
        colour=colour,
        planned=planned,
        need=need,
        decided=decided,
        able=able,
        cooling_window_missed=missed,
    )
    return Assessed(
        assessment=answer,
        need=need,
        fired=fired,
        known=known,
        priority=answer.priority,
        decision=decided.decision,
        sender_lacks=codes_lacking(able, joined((need.required, need.preferred))),
        sender_assumed_able=_assumed_able(rules, case, need, decided.decision, able),
        cooling_window_missed=missed,
    )


def assess(rules: RuleSet, case: Case) -> Assessment:
    """Assess one patient before any destination is known."""
    return assess_case(rules, case).assessment


def with_journey(rules: RuleSet, case: Case, found: Assessed, eta: Eta) -> Assessed:
    """Return the assessment once the journey is known; the same one where it decides nothing.

    A journey decides whether birth comes before arrival and whether the cooling window is missed.
    """
    birth = any(sign in found.known for sign in JOURNEY_SIGNS)
    if birth or found.need.cooling or found.cooling_window_missed:
        return assess_case(rules, case, eta=eta)
    return found


def _answer(
    rules: RuleSet,
    case: Case,
    completed: Completed,
    fired: tuple[Fired, ...],
    *,
    colour: ColourResult,
    planned: PlannedDelivery | None,
    need: RoutingNeed,
    decided: Decided,
    able: Mapping[str, Trust],
    cooling_window_missed: bool,
) -> Assessment:
    mother = case.patient == "maternal"
    known = completed.known
    rows = tuple(dict.fromkeys(one.row.id for one in fired))
    stated = tuple(dict.fromkeys(one.row.id for one in fired if one.stated))
    scores = scores_of(rules, completed, case.patient)
    return Assessment(
        colour=colour.colour.value if colour.colour else None,
        purple=colour.purple,
        labels=colour.labels,
        incomplete=colour.incomplete,
        undetermined=colour.undetermined,
        ask_next=ask_next(
            rules,
            case,
            known,
            fired,
            decision=decided.decision,
            need=need,
            able=able,
            fetus=fetus_of(rules, known) if mother else NO_FETUS,
            filled=completed.filled,
            warned=scores.mewc is not None and scores.mewc.triggered,
            colour_asks=colour.ask,
        ),
        conditions=tuple(
            Condition(row.info.id, row.info.name_zh, row.info.status) for row in colour.true_rows
        ),
        case_file=colour.case_file,
        planned_delivery=planned,
        emergencies=stated,
        presumed=_presumed(fired, frozenset(stated)),
        priority=priority_of(rules, fired, known),
        need=public_need(need),
        decision=decided.decision,
        holds=decided.holds,
        first_actions=rows,
        scores=scores,
        deadlines=deadlines_of(rules, case, colour, holding=decided.decision in HELD),
        rule_set=rules.version,
        unsigned_rules=rules.unsigned,
        cooling_window_missed=cooling_window_missed,
    )


def _presumed(fired: tuple[Fired, ...], stated: frozenset[str]) -> tuple[Presumed, ...]:
    return tuple(Presumed(row, ask, row in stated) for row, ask in asks_by_row(fired).items())


def _assumed_able(
    rules: RuleSet,
    case: Case,
    need: RoutingNeed,
    decision: str,
    able: Mapping[str, Trust],
) -> bool:
    """Tell whether the sender may be able after all, so that ``operate_here`` stands on top.

    Either it holds everything that is required, or a row that a theatre saves is among them and
    it holds theatre, anaesthetist and the red cells that are asked for: by any account that was
    not answered no.
    """
    if decision not in _UNDECIDED or not case.sender.given or need.level_is_floor:
        return False
    if not need.required:
        return False
    if holds_all(able, need.required):
        return True
    surgical = any(rules.groups[group].intersection(need.rows) for group in _SURGICAL_GROUPS)
    wanted = tuple(group for group in need.required if _LIFE_SAVING.issuperset(group))
    return (surgical or need.never_bypass) and holds_all(able, wanted)
