"""What a new assessment does to the colour that stands (R-COLOUR-005, R-SCREEN-13).

It rises at once. It never falls by itself: a named clinician says so with a reason, and not below
what age, height and history give, nor while the reason for the standing colour is merely unknown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from routing.care.rows import CareRules
from routing.triage.colour import ColourResult, colour_of
from routing.triage.completion import Completed, complete
from routing.triage.expression import Value
from routing.triage.rows import PURPLE, Colour, ColourRow
from routing.triage.screening import ScreeningOutcome, screening_of

__all__ = ["Change", "Label", "Outcome", "Refusal", "Word", "standing_after"]

Facts: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Label:
    """A colour with purple beside it; no colour while nobody has assessed her fully."""

    colour: Colour | None
    purple: bool


@dataclass(frozen=True, slots=True)
class Word:
    """Who takes it on her to lower a colour or to call a positive woman green, and why."""

    clinician: str
    reason: str


class Outcome(StrEnum):
    """What became of the standing label."""

    UNLABELLED = "unlabelled"
    FIRST = "first"
    RAISED = "raised"
    SAME = "same"
    KEPT = "kept"
    LOWERED = "lowered"


class Refusal(StrEnum):
    """Why a lower label does not stand."""

    NOBODY_NAMED = "nobody_named"
    NO_REASON = "no_reason"
    FIXED_FACTOR = "fixed_factor"
    SCREENING_OPEN = "screening_open"
    STILL_UNKNOWN = "still_unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """The label that stands now; ``found`` is what the table says of the new facts alone.

    ``open`` are the rows that could still raise it and that nobody has ruled out: with any of them
    the assessment is incomplete. ``refused`` tells why nothing lower stands, ``rules`` the rows
    behind a fixed factor or behind what is still unknown.
    """

    outcome: Outcome
    label: Label
    found: ColourResult
    open: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    rules: tuple[str, ...] = ()


def standing_after(
    care: CareRules,
    facts: Facts,
    *,
    standing: Label | None = None,
    earlier: Sequence[Facts] = (),
    screening: ScreeningOutcome | None = None,
    ruled_out: Collection[str] = (),
    word: Word | None = None,
) -> Change:
    """Return the label that stands after an assessment.

    Parameters
    ----------
    facts
        Facts of the new assessment as stored.
    standing
        The label that stands; None before the first assessment.
    earlier
        Facts of the assessments of this pregnancy so far, without those that were entered in error.
    screening
        What her screening form said; None while there is none. It decides green only.
    ruled_out
        Rows of the colour table that the assessor has answered with no by hand, where the facts
        leave them open. A row that the facts make true is true whatever was ticked.
    word
        Of a clinician who wants the lower label to stand.

    Returns
    -------
    Change
        The colour and purple each keep the higher of what stood and what was found, unless a word
        lowers them. A word is not needed, and does nothing, where nothing is lower.

    Raises
    ------
    KeyError
        A row ruled out that the colour table does not have.
    """
    if ruled_out and (strange := {*ruled_out} - {row.info.id for row in care.rules.colours}):
        raise KeyError(*sorted(strange))
    completed = complete(care.rules, facts, patient="maternal")
    asked = _Asked(
        care=care,
        completed=completed,
        found=colour_of(care.rules, completed),
        before=standing or Label(None, purple=False),
        earlier=(*earlier, facts),
        screening=screening,
        ruled_out=frozenset(ruled_out),
        word=word,
    )
    return replace(_change(asked), open=asked.unanswered)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One assessment with what stood before; ``earlier`` ends with its own facts."""

    care: CareRules
    completed: Completed
    found: ColourResult
    before: Label
    earlier: Sequence[Facts]
    screening: ScreeningOutcome | None
    ruled_out: frozenset[str]
    word: Word | None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The rows above what was found that neither facts nor the assessor answered."""
        return tuple(row for row in self.found.undetermined if row not in self.ruled_out)

    @property
    def unsaid(self) -> list[Refusal]:
        """What the word of a clinician lacks."""
        found = []
        if self.word is None or not self.word.clinician.strip():
            found.append(Refusal.NOBODY_NAMED)
        if self.word is None or not self.word.reason.strip():
            found.append(Refusal.NO_REASON)
        return found


def _change(asked: _Asked) -> Change:
    found, before = asked.found, asked.before
    if before.colour is None and found.labels == (Colour.GREEN.value,):
        return _first_green(asked)
    new = Label(found.colour, found.purple)
    higher = Label(_higher(before.colour, new.colour), before.purple or new.purple)
    if higher != before:
        outcome = Outcome.FIRST if before.colour is None else Outcome.RAISED
        return Change(outcome, higher, found)
    if new == before:
        return Change(Outcome.SAME, before, found)
    return _lowered(asked)


def _first_green(asked: _Asked) -> Change:
    """Label green by itself only what was screened negative and leaves nothing open (R-COLOUR-004).

    A name can call a positive woman green, but not what nobody has looked at (R-SCREEN-13).
    """
    refused = []
    if asked.unanswered:
        refused.append(Refusal.STILL_UNKNOWN)
    if asked.screening in (None, ScreeningOutcome.UNDETERMINED):
        refused.append(Refusal.SCREENING_OPEN)
    positive = screening_of(asked.care.rules, asked.completed).positive
    if positive or asked.screening is ScreeningOutcome.POSITIVE:
        refused += asked.unsaid
    if refused:
        return _refused(Outcome.UNLABELLED, asked, refused, asked.unanswered)
    return Change(Outcome.FIRST, Label(Colour.GREEN, asked.before.purple), asked.found)


def _refused(
    outcome: Outcome, asked: _Asked, refused: Iterable[Refusal], rules: Iterable[str]
) -> Change:
    return Change(
        outcome,
        asked.before,
        asked.found,
        refused=tuple(refused),
        rules=tuple(dict.fromkeys(rules)),
    )


def _higher(one: Colour | None, other: Colour | None) -> Colour | None:
    return max((c for c in (one, other) if c is not None), key=lambda c: c.rank, default=None)


def _lowered(asked: _Asked) -> Change:
    """Lower as far as the word may; what was found is lower than what stands.

    Down to green nothing at all may be open (R-COLOUR-004).
    """
    floors = [_on_fixed_facts(asked.care, facts) for facts in asked.earlier]
    floor = Label(asked.found.colour, asked.found.purple)
    for fixed in floors:
        floor = Label(_higher(floor.colour, fixed.colour), floor.purple or fixed.purple)
    unknown = _still_unknown(asked, floor)
    refused, rules = asked.unsaid, [*unknown]
    if floor == asked.before:
        refused.append(Refusal.FIXED_FACTOR)
        rules += [row.info.id for f in floors for row in f.true_rows if _holds(row, asked.before)]
    if unknown:
        refused.append(Refusal.STILL_UNKNOWN)
    if refused:
        return _refused(Outcome.KEPT, asked, refused, rules)
    return Change(Outcome.LOWERED, floor, asked.found)


def _on_fixed_facts(care: CareRules, facts: Facts) -> ColourResult:
    """Return the colour of what cannot get better in the same pregnancy."""
    fixed = {row.fact for row in care.fixed}
    kept = {name: value for name, value in facts.items() if name in fixed}
    return colour_of(care.rules, complete(care.rules, kept, patient="maternal"))


def _holds(row: ColourRow, label: Label) -> bool:
    """Tell whether a row gives this colour or its purple."""
    return row.colour == label.colour or (label.purple and row.colour == PURPLE)


def _still_unknown(asked: _Asked, lower: Label) -> tuple[str, ...]:
    """Return rows above the lower label that were true once and that nobody answers now."""
    rules, known = asked.care.rules, asked.completed.known
    once = {
        row.info.id: row
        for facts in asked.earlier
        for row in colour_of(rules, complete(rules, facts, patient="maternal")).true_rows
    }
    unknown = [
        name
        for name, row in once.items()
        if name not in asked.ruled_out
        and row.condition is not None
        and row.condition.truth(known) is None
        and _above(row, asked.before, lower)
    ]
    if lower == Label(Colour.GREEN, purple=False):
        unknown += asked.unanswered
    return tuple(unknown)


def _above(row: ColourRow, before: Label, lower: Label) -> bool:
    """Tell whether a row gives more than the lower label: a colour above it, or purple."""
    if row.rank is None:
        return before.purple and not lower.purple
    return lower.colour is None or row.rank > lower.colour.rank
