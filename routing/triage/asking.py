"""What to ask next: at most five facts, the deciding one first."""

from collections.abc import Iterable, Mapping

from facilities.capability import Trust
from routing.triage.case import Case
from routing.triage.decision import weeks_open
from routing.triage.emergency import Fired, asks_by_row
from routing.triage.expression import Junction, Known
from routing.triage.fetus import Fetus, number_of
from routing.triage.hold import pressure_severe
from routing.triage.need import RoutingNeed
from routing.triage.rows import RuleSet

__all__ = ["MOST_QUESTIONS", "ask_next"]

MOST_QUESTIONS = 5
_FEW = 2
_WEEKS = "gestational_age_weeks"
_OPEN_TO_ANSWER = frozenset({"transfer_now", "stabilise_first"})
_SENDER_QUESTIONS = (
    ("sender_can_operate_now", "CS_24H"),
    ("sender_can_transfuse_now", "BLOOD_RBC"),
)
_SEIZURES = frozenset({"E-M03", "E-M19"})
_TEAM_COMES = "H-03"
_UNRESOLVED = "mewc_triggered_unresolved"
_SCAR, _TRIAL_REFUSED = "uterine_scar", "tolac_contraindicated"
_OTHER_DEFECT = "surgical_condition"
_UNWELL_NEWBORN, _CRITICAL_NEWBORN = "neonate_unwell", "clinician_says_critical_newborn"
_LABOUR_SIGNS = ("cervix_cm", "urge_to_push", "minutes_to_birth_estimate")


def ask_next(
    rules: RuleSet,
    case: Case,
    known: Known,
    fired: tuple[Fired, ...],
    *,
    decision: str,
    need: RoutingNeed,
    able: Mapping[str, Trust],
    fetus: Fetus,
    filled: frozenset[str],
    warned: bool,
    colour_asks: Iterable[str],
) -> tuple[str, ...]:
    """Return the questions in order of what they decide.

    First whether this hospital can do it after all (R-DEST-05), then what has no row of its own
    (labour before term, an unlisted defect), then what a hold in force waits
    for, then the weeks that decide the newborn ward (R-NEO-07), then what keeps a row presumed
    (R-DATA-01b), then an early warning nobody has answered yet (R-MEWC-10) and the one fact that
    would make a row an emergency, then what a hold may turn on, then values that were filled in
    (R-DATA-08, 09), last the facts of the colour.
    """
    found: list[str] = []
    if decision in _OPEN_TO_ANSWER:
        found += _of_sender(case, known, need, able)
    found += _unnamed(rules, case, known, fired)
    holding = _of_holds(rules, case, known, fired)
    if decision == "stabilise_first":
        found += holding
    if weeks_open(fired, fetus):
        found.append(_WEEKS)
    found += (name for names in asks_by_row(fired).values() for name in names)
    found += [name for name in (_UNRESOLVED,) if warned and name not in known]
    short = _one_fact_short(rules, known) if need.patient == "maternal" else ()
    found += short[:_FEW]
    found += holding
    found += _of_seats(rules, known, need, fetus, filled)
    found += short[_FEW:]
    found += colour_asks
    return tuple(dict.fromkeys(found))[:MOST_QUESTIONS]


def _of_sender(
    case: Case, known: Known, need: RoutingNeed, able: Mapping[str, Trust]
) -> tuple[str, ...]:
    """Return whether she can be treated here, while that is assumed or was never said."""
    required = {code for group in need.required for code in group}
    silent = case.sender.given and not case.sender.stated_capabilities
    return tuple(
        question
        for question, code in _SENDER_QUESTIONS
        if code in required
        and question not in known
        and (able.get(code) is Trust.ASSUMED or (silent and code not in able))
    )


def _unnamed(rules: RuleSet, case: Case, known: Known, fired: tuple[Fired, ...]) -> tuple[str, ...]:
    """Return what would name what is going on: labour before term is preterm labour.

    A newborn without a row is treated where he is, also where nobody said who looks after him,
    so first of all somebody says how he is (R-DEST-05, R-NEO-06).
    """
    if case.patient == "newborn":
        judged = (_UNWELL_NEWBORN, _CRITICAL_NEWBORN)
        if known.get(_OTHER_DEFECT) == "other":
            judged = (_CRITICAL_NEWBORN, _UNWELL_NEWBORN)
        return () if fired else tuple(name for name in judged if name not in known)
    weeks = number_of(known, _WEEKS)
    early = weeks is not None and weeks < max(row.below_days for row in rules.wards)
    labours = known.get("in_labour") is True
    return ("preterm_labour",) if labours and early and "preterm_labour" not in known else ()


def _one_fact_short(rules: RuleSet, known: Known) -> tuple[str, ...]:
    """Return facts of which each alone would make a row an emergency: labour with a breech.

    Only rows that ask for several things together, of which all but one part are true; theatres
    that are never bypassed come first, then what one answer settles.
    """
    short: list[tuple[bool, int, tuple[str, ...]]] = []
    for row in rules.emergencies_touched(known):
        leading = row.leading
        if row.booking or not isinstance(leading, Junction) or leading.decisive:
            continue
        if leading.truth(known) is not None:
            continue
        parts = [part for part in leading.parts if part.truth(known) is None]
        if len(parts) == 1:
            missing = _askable(parts[0].open_names(known), known)
            short.append((not row.never_bypass, len(missing), missing))
    short.sort(key=lambda one: one[:2])
    return tuple(name for _, count, names in short if count <= _FEW for name in names)


def _askable(names: tuple[str, ...], known: Known) -> tuple[str, ...]:
    """Ask for the scar before what a scar forbids, and for nothing where there is none."""
    if _TRIAL_REFUSED not in names or known.get(_SCAR) is True:
        return names
    instead = (_SCAR,) if _SCAR not in known else ()
    return tuple(name for name in names if name != _TRIAL_REFUSED) + instead


def _of_holds(
    rules: RuleSet, case: Case, known: Known, fired: tuple[Fired, ...]
) -> tuple[str, ...]:
    """Return the unknown facts that a hold turns on; unknown never passes for harmless."""
    rows = {one.row.id for one in fired}
    asked: list[str] = []
    if case.patient == "newborn":
        asked += ["tension_relieved"] if "E-N17" in rows else []
        asked += ["newborn_stabilised"] if rows else []
    else:
        collapse = any(_TEAM_COMES in one.row.first_action for one in fired)
        asked += ["death_on_the_way_likely"] if collapse else []
        asked += ["seizure_controlled"] if rows & _SEIZURES else []
        asked += ["antihypertensive_given"] if pressure_severe(rules, known) else []
        labour = known.get("in_labour") is True and rows
        signs_unknown = not any(sign in known for sign in _LABOUR_SIGNS)
        asked += [_LABOUR_SIGNS[0]] if labour and signs_unknown else []
    gcs = number_of(known, "gcs")
    if gcs is not None and gcs <= rules.numbers["gcs_airway"]:
        asked.append("airway_secured")
    return tuple(name for name in asked if name not in known)


def _of_seats(
    rules: RuleSet, known: Known, need: RoutingNeed, fetus: Fetus, filled: frozenset[str]
) -> tuple[str, ...]:
    asked: list[str] = []
    if need.first_stop == "mother" and "shock_index" not in known:
        asked.append("shock_index")
    days = number_of(known, "gestational_age_weeks") or 0
    early = fetus.counted and days < rules.numbers["viable_days"]
    if early and "fetus_viable_care_wished" in filled:
        asked.append("fetus_viable_care_wished")
    cot = need.patient == "maternal" and any(seat.seat != "mother" for seat in need.seats)
    if cot and not {"fetus_alive_count", "fetus_count"} & (known.keys() - filled):
        asked.append("fetus_alive_count")
    return tuple(asked)
