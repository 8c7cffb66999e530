"""What is due after an assessment, as far as facts and clock tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from facilities.centre import Grade
from routing.triage.case import Case
from routing.triage.colour import ColourResult
from routing.triage.completion import complete
from routing.triage.expression import Known
from routing.triage.rows import Colour, RuleSet
from routing.triage.screening import Screening, screening_of

__all__ = ["Deadline", "deadlines_of"]

_Due: TypeAlias = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due; ``due_at`` is RFC 3339 in the offset of the request."""

    rule: str
    due_at: str
    overdue: bool


def deadlines_of(
    rules: RuleSet, case: Case, colour: ColourResult, *, holding: bool = False
) -> tuple[Deadline, ...]:
    """Return the deadlines of one assessment, the earliest first.

    Parameters
    ----------
    rules
        The rule set in force, for its numbers.
    case
        Facts and clock. Everything is counted from ``decided_at``, the time stamp of the
        assessment (R-REPORT-04) at which the weeks were stated, so that asking again later
        moves no deadline.
    colour
        The colour of the same facts; ``NO_COLOUR`` for a newborn.
    holding
        Whether a hold keeps her: older than 20 min it rings the coordinator (R-HOLD-10).

    Returns
    -------
    tuple of Deadline
        Whether something has been done already is only known where a fact says so. Overdue is
        what is due now or earlier.
    """
    found = list(_of_hold(rules, case)) if holding else []
    if colour.colour is not None:
        completed = complete(rules, case.facts, patient=case.patient)
        found += _of_colour(rules, case, colour.colour)
        if completed.known.get("delivered") is not True:
            found += _of_screening(rules, case, colour, screening_of(rules, completed))
            found += _of_weeks(rules, case, colour, completed.known)
    found.sort(key=lambda due: (due[1], due[0]))
    return tuple(Deadline(rule, due.isoformat(), case.now >= due) for rule, due in found)


def _of_hold(rules: RuleSet, case: Case) -> Iterator[_Due]:
    rings = timedelta(minutes=rules.numbers["hold_rings_after_min"])
    yield "R-HOLD-10", case.decided_at + rings


def _of_colour(rules: RuleSet, case: Case, colour: Colour) -> Iterator[_Due]:
    """Yield the report of orange or red to the institution in charge (R-REPORT-01, 02)."""
    if colour is Colour.ORANGE:
        hours = rules.numbers["report_orange_h"]
        yield "R-REPORT-01", case.decided_at + timedelta(hours=hours)
    if colour is Colour.RED:
        hours = rules.numbers["report_red_h"]
        yield "R-REPORT-02", case.decided_at + timedelta(hours=hours)


def _of_screening(
    rules: RuleSet, case: Case, colour: ColourResult, screening: Screening
) -> Iterator[_Due]:
    """Yield the assessment of a positive woman while there is no full one (R-SCREEN-12).

    A full one leaves nothing undetermined and is made in a hospital of grade 2 or above
    (R-COLOUR-000).
    """
    positive = screening.positive or colour.purple or colour.colour is not Colour.GREEN
    grade = case.sender.grade
    below = grade is None or grade < Grade.G2
    if positive and (colour.incomplete or below):
        days = rules.numbers["screen_to_assessment_days"]
        yield "R-SCREEN-12", case.decided_at + timedelta(days=days)


def _of_weeks(rules: RuleSet, case: Case, colour: ColourResult, known: Known) -> Iterator[_Due]:
    """Yield what hangs on the week of pregnancy; nothing while it is unknown."""
    if "gestational_age_weeks" not in known:
        return
    days = float(known["gestational_age_weeks"])

    def due(name: str) -> datetime:
        return case.decided_at + timedelta(days=rules.numbers[name] - days)

    if _sac_to_be_placed(known):
        yield "R-SCAR-00", due("early_ultrasound_due_days")
    if _is_older(rules, known):
        yield "R-CASE-08", due("counselling_due_days")
        yield "R-CASE-08", due("prenatal_diagnosis_due_days")
    if colour.case_file:
        yield "R-CASE-05", due("delivery_planned_due_days")


def _sac_to_be_placed(known: Known) -> bool:
    """Tell whether the early ultrasound after a caesarean is open.

    Whoever has answered whether it is a scar pregnancy, or has seen the placenta later, has
    looked.
    """
    answered = "scar_pregnancy" in known or "placenta_position" in known
    if answered or known.get("sac_located_by_ultrasound") is True:
        return False
    return bool(known.get("prior_cs_count"))


def _is_older(rules: RuleSet, known: Known) -> bool:
    """Tell whether she is 35 or more, now or on the due date (R-CASE-08)."""
    ages = (known.get("age_years"), known.get("age_at_edd_years"))
    limit = rules.numbers["counselling_age_years"]
    return any(age is not None and float(age) >= limit for age in ages)
