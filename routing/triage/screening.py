"""The screening form of the first visit (R-SCREEN-02..09): positive by any one item."""

from dataclasses import dataclass
from enum import StrEnum

from routing.triage.completion import Completed
from routing.triage.rows import RuleSet

__all__ = ["Screening", "ScreeningOutcome", "screening_of"]


class ScreeningOutcome(StrEnum):
    """Result of the form."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Screening:
    """``rules`` are the items that are true, ``open`` those that nobody has answered."""

    outcome: ScreeningOutcome
    rules: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def positive(self) -> bool:
        """At least one item is true."""
        return self.outcome is ScreeningOutcome.POSITIVE


def screening_of(rules: RuleSet, completed: Completed) -> Screening:
    """Return the result of the screening form on the facts that are known.

    An item that the dictionary cannot express stays open, so this alone never says negative
    while the table has one; the form of the case files answers those by hand.
    """
    truths = [
        (row.info.id, None if row.condition is None else row.condition.truth(completed.known))
        for row in rules.screening
    ]
    positive = tuple(name for name, truth in truths if truth)
    unanswered = tuple(name for name, truth in truths if truth is None)
    if positive:
        outcome = ScreeningOutcome.POSITIVE
    else:
        outcome = ScreeningOutcome.UNDETERMINED if unanswered else ScreeningOutcome.NEGATIVE
    return Screening(outcome, positive, unanswered)
