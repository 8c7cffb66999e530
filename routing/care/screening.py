"""The screening form of the case file: facts and answers by hand, who may assess, who refers.

R-SCREEN-02, R-SCREEN-10, R-SCREEN-11, R-COLOUR-000.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from facilities.centre import Grade
from routing.care.acts import why_not
from routing.care.rows import CareRules
from routing.care.rows_deciding import Act
from routing.triage.completion import complete
from routing.triage.expression import Known, Truth, Value
from routing.triage.rows import ScreeningRow
from routing.triage.screening import ScreeningOutcome

__all__ = ["Form", "KnownItem", "known_items", "may_assess", "screened", "screening_refers"]


@dataclass(frozen=True, slots=True)
class Form:
    """The result of a form: items that are true, mandatory and recommended ones that are open.

    ``contradicted`` are items that were answered no by hand where a stated fact says yes; they are
    among the true ones.
    """

    outcome: ScreeningOutcome
    positive: tuple[str, ...]
    open_mandatory: tuple[str, ...]
    open_recommended: tuple[str, ...]
    contradicted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item that facts alone answer; ``facts`` are those of them that it is read from."""

    rule: str
    answer: bool
    facts: tuple[str, ...]


def known_items(care: CareRules, facts: Mapping[str, Value]) -> tuple[KnownItem, ...]:
    """Return the items of the form that stored facts answer; unknown ones are left out."""
    known = complete(care.rules, facts, patient="maternal").known
    found = []
    for row in care.rules.screening:
        answer = None if row.condition is None else row.condition.truth(known)
        if row.condition is not None and answer is not None:
            stated = tuple(name for name in sorted(row.condition.names()) if name in facts)
            found.append(KnownItem(row.info.id, answer, stated))
    return tuple(found)


def screened(
    care: CareRules, facts: Mapping[str, Value], answers: Mapping[str, bool] | None = None
) -> Form:
    """Return the result of the screening form.

    Parameters
    ----------
    facts
        Facts as stored; a fact that makes an item true does so whatever was ticked.
    answers
        Items answered by hand, by their rule: those that no fact expresses, or all.

    Returns
    -------
    Form
        Positive by any one item. Negative once every mandatory item is answered: a place may leave
        a recommended one out (R-SCREEN-10), and it is named.

    Raises
    ------
    KeyError
        An answer to an item that the form does not have.
    """
    given = answers or {}
    known = complete(care.rules, facts, patient="maternal").known
    truths = {row.info.id: _truth(row, known, given) for row in care.rules.screening}
    if unknown := given.keys() - truths.keys():
        raise KeyError(*sorted(unknown))
    positive = tuple(name for name, truth in truths.items() if truth)
    unanswered = [row for row in care.rules.screening if truths[row.info.id] is None]
    mandatory = tuple(row.info.id for row in unanswered if row.mandatory)
    if positive:
        outcome = ScreeningOutcome.POSITIVE
    else:
        outcome = ScreeningOutcome.UNDETERMINED if mandatory else ScreeningOutcome.NEGATIVE
    recommended = tuple(row.info.id for row in unanswered if not row.mandatory)
    contradicted = tuple(name for name in positive if given.get(name) is False)
    return Form(outcome, positive, mandatory, recommended, contradicted)


def _truth(row: ScreeningRow, known: Known, answers: Mapping[str, bool]) -> Truth:
    """Return a fact's yes, else the answer by hand, else what the facts say."""
    by_facts = None if row.condition is None else row.condition.truth(known)
    return True if by_facts else answers.get(row.info.id, by_facts)


def may_assess(care: CareRules, grade: Grade | None, capabilities: Collection[str]) -> bool:
    """Tell whether an institution assesses colours; an unknown grade does not (R-COLOUR-000)."""
    return not why_not(care, Act.ASSESS, grade=grade, capabilities=capabilities)


def screening_refers(
    care: CareRules,
    outcome: ScreeningOutcome,
    grade: Grade | None,
    capabilities: Collection[str],
) -> Truth:
    """Tell whether the screening institution refers her for assessment (R-SCREEN-11).

    Unknown while the form is open and nobody here could assess her.
    """
    if outcome is ScreeningOutcome.NEGATIVE or may_assess(care, grade, capabilities):
        return False
    return True if outcome is ScreeningOutcome.POSITIVE else None
